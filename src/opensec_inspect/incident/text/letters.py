"""Mails: greeting, text, closing, signature, and what gateways, telephones and lawyers add."""

import re
from collections.abc import Mapping

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.dirt import sent_from
from opensec_inspect.incident.text.grammar import expand
from opensec_inspect.incident.text.stock import Envelope, Productions, Relation

SHARE_HABIT = 0.75
"""Mails of a person that greet and close as this person mostly does."""
SHARE_SIGNATURE, SHARE_DISCLAIMER = 0.6, 0.35
"""People outside who have a signature block; companies outside that have a footer."""
SHARE_THREAD, SHARE_LONGER_THREAD = 0.4, 0.3
"""Answers that quote what they answer, where an act has that; of these, with the mail before it too."""
TELEPHONES = ("+44 1632 960", "+1 212 555 01", "+49 30 23125", "+33 1 99 00 ")
"""Beginnings of numbers that nobody has: they are kept free for fiction."""
_CANDIDATES = 3
_REQUEST = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_BEGINS = re.compile(r"((?:^|[.!?] |\n)(?:<a>)?\x02)([a-z][a-z]+ [a-z ]+\x03)")
_TRAILING = re.compile(r"[ \t]+(?=\n|$)")


def opening(relation: Relation, around: Envelope, slots: Mapping[str, str], dice: Dice) -> str:
    """The greeting line, with the empty line below it; empty where none is used."""
    choices = around.greeting.get(relation, ("",))
    greeting = expand(_habit(choices, "greeting", slots, dice), slots, dice)
    if not greeting:
        return ""
    return f"{greeting}\n" if dice.chance(0.15) else f"{greeting}\n\n"


def whole(said: Productions, slots: Mapping[str, str], dice: Dice, target: int) -> tuple[str, str]:
    """Of some of an act's whole texts the one nearest to `target` characters, and the request in it."""
    chosen = dice.some(said.body, min(_CANDIDATES, len(said.body)))
    texts = [_TRAILING.sub("", expand(one, slots, dice)).strip() for one in chosen]
    text = min(texts, key=lambda one: abs(len(one) - target))
    text = _BEGINS.sub(lambda found: found.group(1) + found.group(2).capitalize(), text)
    found = _REQUEST.search(text)
    return _REQUEST.sub(r"\1", text), found.group(1) if found else ""


def sentences(
    said: Productions, slots: Mapping[str, str], dice: Dice, target: int, ask: str | None = None
) -> tuple[str, str]:
    """The sentences of a text of about `target` characters, and the request among them.

    `ask` stands in place of a drawn request; the empty string leaves it out.
    """
    if ask is None:
        ask = expand(dice.pick(said.ask), slots, dice) if said.ask else ""
    found = [expand(dice.pick(said.text), slots, dice)]
    for detail in dice.shuffled(said.detail):
        if sum(len(one) + 1 for one in (*found, ask)) >= target:
            break
        found.append(expand(detail, slots, dice))
    if ask:
        found.insert(1 if len(found) > 2 and dice.chance(0.3) else len(found), ask)
    breaks = [dice.pick((" ", " ", " ", "\n\n", "\n")) for _ in found[1:]]
    return "".join(a + b for a, b in zip(found, [*breaks, ""], strict=True)), ask


def closing(relation: Relation, around: Envelope, slots: Mapping[str, str], dice: Dice) -> str:
    """The closing and the signature, with the empty line above; empty for machines."""
    if relation in ("machine", "none"):
        return ""
    said = expand(_habit(around.closing[relation], "closing", slots, dice), slots, dice)
    return f"\n\n{said}{_signature(around, slots) if relation == 'outside' else ''}"


def below(
    relation: Relation, around: Envelope, slots: Mapping[str, str], dice: Dice, thread: str = ""
) -> str:
    """What stands under a mail: a telephone's line, a footer, the mail it answers; mostly nothing."""
    found = []
    if relation in ("colleague", "it", "outside") and (line := sent_from(dice)):
        found.append(line)
    if relation == "outside" and "sender_company" in slots:
        # Keyed by the company alone: its footer does not change from mail to mail.
        own = Dice(f"footer|{slots['sender_company']}")
        if own.chance(SHARE_DISCLAIMER):
            found.append(expand(own.pick(around.disclaimer), slots, own))
    if thread:
        found.append(thread)
    return "".join(f"\n\n{one}" for one in found)


def answered(said: Productions, subject: str, slots: Mapping[str, str], dice: Dice) -> str:
    """The mail that this one answers, quoted as mail programs do, perhaps with the one before; or nothing."""
    if not said.earlier or not dice.chance(SHARE_THREAD):
        return ""
    quoted = expand(dice.pick(said.earlier), slots, dice)
    names = {"from": slots["recipient"], "to": slots["sender"], "day": slots.get("day", ""), "about": subject}
    found = _quoted(names, quoted, dice)
    if said.body and dice.chance(SHARE_LONGER_THREAD):
        first = _REQUEST.sub(r"\1", expand(dice.pick(said.body), slots, dice))
        back = names | {"from": names["to"], "to": names["from"], "day": ""}
        found += "\n\n" + _quoted(back, _TRAILING.sub("", first).strip(), dice)
    return found


def _quoted(names: Mapping[str, str], text: str, dice: Dice) -> str:
    about = re.sub(r"^(?:re|fwd?): ", "", names["about"], flags=re.IGNORECASE)
    sent = f"\nSent: \x02{names['day']}\x03" if names["day"] else ""
    kind = dice.below(4)
    if kind == 0:
        marked = "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
        return f"\x02{names['from']}\x03 wrote:\n{marked}"
    rule = ("-----Original Message-----", "_" * 32, "")[kind - 1]
    head = f"From: \x02{names['from']}\x03{sent}\nTo: \x02{names['to']}\x03\nSubject: {about}"
    return f"{rule}\n{head}\n\n{text}".lstrip("\n")


def _habit(choices: tuple[str, ...], what: str, slots: Mapping[str, str], dice: Dice) -> str:
    own = Dice(f"{what}|{slots.get('sender', '')}").pick(choices)
    other = dice.pick(choices)
    return own if dice.chance(SHARE_HABIT) else other


def _signature(around: Envelope, slots: Mapping[str, str]) -> str:
    """Title, company and telephone as this person's mail program adds them; the same in every mail."""
    own = Dice(f"signature|{slots['sender']}")
    if not own.chance(SHARE_SIGNATURE):
        return ""
    number = f"{own.pick(TELEPHONES)}{own.between(10, 99)}"
    title = slots.get("sender_title") or own.pick(around.title)
    lines = [title, slots.get("sender_company", ""), slots.get("sender_phone") or f"T {number}"]
    kept = [f"\x02{line}\x03" for line in lines if line and own.chance(0.85)]
    joint = own.pick(("\n", "\n", " | ", ", "))
    return f"\n{joint.join(kept)}" if kept else ""

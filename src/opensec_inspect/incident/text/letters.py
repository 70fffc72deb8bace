"""Mails: greeting, sentences, closing, signature, and what gateways, telephones and lawyers add."""

from collections.abc import Mapping

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.dirt import sent_from
from opensec_inspect.incident.text.grammar import expand
from opensec_inspect.incident.text.stock import Envelope, Productions, Relation

SHARE_DISCLAIMER = 0.3
SHARE_THREAD = 0.3
_SIGNATURE = ("sender_title", "sender_company", "sender_phone")


def opening(relation: Relation, around: Envelope, slots: Mapping[str, str], dice: Dice) -> str:
    """The greeting line, with the empty line below it; empty where none is used."""
    choices = around.greeting.get(relation, ("",))
    greeting = expand(dice.pick(choices), slots, dice)
    return f"{greeting}\n\n" if greeting else ""


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
    said = expand(dice.pick(around.closing[relation]), slots, dice)
    if relation != "outside" or dice.chance(0.25):
        return f"\n\n{said}"
    block = [f"\x02{slots[name]}\x03" for name in _SIGNATURE if name in slots and dice.chance(0.8)]
    return "\n".join((f"\n\n{said}", *block))


def below(
    relation: Relation, said: Productions, around: Envelope, slots: Mapping[str, str], dice: Dice
) -> str:
    """What stands under a mail: a telephone's line, a footer, the mail it answers; mostly nothing."""
    found = []
    if relation in ("colleague", "it", "outside") and (line := sent_from(dice)):
        found.append(line)
    if relation == "outside" and "sender_company" in slots and dice.chance(SHARE_DISCLAIMER):
        # Keyed by the company alone: its footer does not change from mail to mail.
        own = Dice(f"footer|{slots['sender_company']}")
        found.append(expand(own.pick(around.disclaimer), slots, own))
    if said.earlier and dice.chance(SHARE_THREAD):
        found.append(thread(said, slots, dice))
    return "".join(f"\n\n{one}" for one in found)


def thread(said: Productions, slots: Mapping[str, str], dice: Dice) -> str:
    """The earlier mail, quoted."""
    quoted = expand(dice.pick(said.earlier), slots, dice)
    head = dice.pick(
        (
            "-----Original Message-----\nFrom: {recipient}\nTo: {sender}\n",
            "{recipient} wrote:\n> ",
            "From: {recipient}\nSubject: RE: your message\n\n",
            "> ",
        )
    )
    return expand(head, slots, dice) + quoted

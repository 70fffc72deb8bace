"""Speech acts in words: `write` gives every text that people or machines write."""

from collections.abc import Mapping
from dataclasses import dataclass

from opensec_inspect.core.dice import Dice
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.incident.text.carriers import Carrier, length
from opensec_inspect.incident.text.dirt import typed
from opensec_inspect.incident.text.grammar import expand, plain
from opensec_inspect.incident.text.letters import answered, below, closing, opening, sentences, whole
from opensec_inspect.incident.text.stock import Act, Asked, Productions, acts, envelope, productions

ACTS = acts
"""Every act by name, with carrier, relation, and the slots it needs."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is written, where, and what it asks for."""

    act: str
    carrier: Carrier
    subject: str
    """Mail subject, meeting title or ticket summary; empty for carriers that have none."""
    body: str
    """Mail body, ticket description, comment, work note, chat line, user agent, …"""
    asked: Asked
    """Who is asked for something."""
    ask: str
    """The span of the body that asks; empty when nothing is asked."""


def write(
    act: str, slots: Mapping[str, str], dice: Dice, split: str, *, production: int | None = None
) -> Text:
    """The text of an act; `production` chooses among its whole texts, counted round, instead of the dice.

    Every noun comes from `slots`; further slots than the act's own are ignored, except `sender_title`,
    `sender_company` and `sender_phone`, which may join a signature. Raises BadInputError for an unknown act
    or split and for a slot that is missing.
    """
    spec, slots = needed(act, slots), with_deadline(slots)
    said = productions(split)[act]
    subject = expand(dice.pick(said.subject), slots, dice) if said.subject else ""
    body, ask, answer = _body(spec, said.only(production), slots, dice, split, subject)
    if answer and not subject.lower().startswith(("re:", "fw:", "fwd:")):
        subject = f"RE: {subject}"
    return Text(act, spec.carrier, plain(subject), plain(body), spec.asked, plain(ask))


def with_deadline(slots: Mapping[str, str]) -> Mapping[str, str]:
    """The slots with `later`, a deadline about four hours after `time`, unless they have one."""
    hour, found, minute = slots.get("time", "").partition(":")
    if "later" in slots or not (found and hour.isdigit() and minute.isdigit()):
        return {"later": "the end of the day", **slots}
    return {"later": f"{min(int(hour) + 4, 23):02d}:{'00' if int(minute) < 30 else '30'}", **slots}


def needed(act: str, slots: Mapping[str, str]) -> Act:
    """The act, when all its slots are given; BadInputError otherwise."""
    if act not in acts():
        raise one_of("act", act, acts())
    spec = acts()[act]
    if missing := [name for name in spec.slots if not slots.get(name)]:
        raise BadInputError(f"{act}: no value for {', '.join(missing)}; it needs {', '.join(spec.slots)}.")
    return spec


_TYPED: frozenset[Carrier] = frozenset({"mail", "web_form", "ticket", "comment", "chat"})


def _typed_around(spec: Act, body: str, ask: str, dice: Dice) -> str:
    """With slips where people type; never in the request, whose span is reported."""
    if spec.relation == "machine" or spec.carrier not in _TYPED:
        return body
    before, found, after = body.partition(ask) if ask else (body, "", "")
    return typed(before, dice) + found + typed(after, dice)


def _body(
    spec: Act, said: Productions, slots: Mapping[str, str], dice: Dice, split: str, subject: str
) -> tuple[str, str, bool]:
    """The body, the request in it, and whether it answers another mail."""
    target, write_middle = length(spec.carrier, dice), whole if said.body else sentences
    if spec.carrier not in ("mail", "web_form"):
        middle, ask = write_middle(said, slots, dice, target)
        return _typed_around(spec, middle, ask, dice), ask, False
    around = envelope(split)
    head = opening(spec.relation, around, slots, dice)
    thread = answered(said, subject, slots, dice)
    tail = closing(spec.relation, around, slots, dice) + below(spec.relation, around, slots, dice, thread)
    middle, ask = write_middle(said, slots, dice, target - len(head) - len(tail))
    return head + _typed_around(spec, middle, ask, dice) + tail, ask, bool(thread)

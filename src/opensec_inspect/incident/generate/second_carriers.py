"""The second mail or form of an outsider, for planted text in two parts: the same reader gets both."""

from collections.abc import Collection
from dataclasses import replace

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.events import AnyEvent, Mailed, TicketWritten
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.text.second import Second

SHARE_SECOND = 0.25
"""Carriers that have a second one: the share of templates in two parts."""
MINUTE_MS = 60_000


def second_of(
    event: AnyEvent, key: str, taken: Collection[str], dice: Dice
) -> tuple[Mailed | TicketWritten, Second] | None:
    """The outsider's other mail or form, and what it is; None for most carriers.

    It is some minutes older than the first, from the same sender to the same reader or about the same system.
    `taken` are the numbers of the case's tickets.
    """
    if not dice.chance(SHARE_SECOND):
        return None
    id_, at_ms = f"{event.id}s", event.at_ms - dice.between(3 * MINUTE_MS, 19 * MINUTE_MS)
    if isinstance(event, Mailed):
        return replace(event, id=id_, at_ms=at_ms, attachments=(), urls=()), "mail"
    assert isinstance(event, TicketWritten)
    after = 0
    while (number := record_number(key, "INC", 7, at_ms, after)) in taken:
        after += 1
    return replace(event, id=id_, at_ms=at_ms, number=number), "form"

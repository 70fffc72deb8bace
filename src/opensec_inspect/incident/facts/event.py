"""The base of all events."""

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

Cause = Literal["routine", "decoy", "mismatched_party", "record", "case"]
"""Whose doing it is; only the oracle can tell. `case`: whoever is behind the opening alert, an intruder or an
innocent; `record`: what others wrote about the case (calls, tickets, registers); `mismatched_party`: the
party whose oddity a record accounts for, and the records about it; `decoy`: other suspicious matters."""
E = TypeVar("E", bound="Event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens once."""

    id: str
    """Unique in the scenario, never shown; row ids are derived from it."""
    at_ms: int
    """When it happens."""
    lag_ms: int = 0
    """How much later its row reaches the defender."""
    cause: Cause = "routine"
    outcome: str = "ok"
    """`ok`; else why it failed: `host_isolated`, `account_reset`, `domain_blocked` (set by the reaction to
    containment), or `denied`, `bad_password`, `unreachable`, `refused` of itself."""

    @property
    def seen_ms(self) -> int:
        """When its row reaches the defender."""
        return self.at_ms + self.lag_ms


def shifted(event: E, ms: int) -> E:
    """The event so many milliseconds later: a move's event at the time of its step."""
    return replace(event, at_ms=event.at_ms + ms)

"""The routine of an organisation's day, rendered once for all scenarios that take place in it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from opensec_inspect.incident.episode.episode import Noise, Provenance
from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.stored_rows import Placement, StoredRow

_ACTOR_FIELDS = ("account", "sender", "opened_by", "performed_by", "entered_by")


class Happened(NamedTuple):
    """An event with the rows that it leaves when nothing is contained."""

    event: AnyEvent
    rows: tuple[Row, ...]


class Routine:
    """What an organisation does on its day."""

    def __init__(self, organisation: Organisation, happened: tuple[Happened, ...]) -> None:
        self.organisation = organisation
        self.happened = happened
        """By time."""
        self._rows = {id(row): row for one in happened for row in one.rows}
        self._placed: dict[tuple[Provenance, int], StoredRow] = {}

    def place(self, row: Row, visible: int, placement: Placement) -> StoredRow:
        """A row in the database; the routine's own rows stand there alike in every case."""
        if self._rows.get(id(row)) is not row:  # containment has changed what became of it
            return placement.place(row, visible)
        key = placement.provenance, id(row)
        if key not in self._placed:
            self._placed[key] = placement.place(row, 0)
        placed = self._placed[key]
        return replace(placed, visible=visible) if visible else placed


def actor(event: AnyEvent) -> str | None:
    """Account that does it; None where no account does."""
    for field in _ACTOR_FIELDS:
        found = getattr(event, field, None)
        if found is not None:
            return str(found)
    return None


@lru_cache(maxsize=32)
def routine_of(key: str, noise: Noise, makers: Makers) -> Routine:
    """The routine of the organisation with this key."""
    organisation = makers.organisation(key, noise)
    scene = Scene(organisation=organisation)
    events = sorted(makers.day(key, noise), key=lambda event: event.at_ms)
    return Routine(organisation, happened(events, scene, makers))


def happened(events: Iterable[AnyEvent], scene: Scene, makers: Makers) -> tuple[Happened, ...]:
    """Each event with its rows."""
    return tuple(Happened(event, makers.render(event, scene)) for event in events)

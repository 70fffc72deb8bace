"""The routine of an organisation's day, rendered once for all scenarios that take place in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from opensec_inspect.incident.episode.episode import Noise
from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.store.makers import Makers

_ACTOR_FIELDS = ("account", "sender", "opened_by", "performed_by", "entered_by")


class Happened(NamedTuple):
    """An event with the rows that it leaves when nothing is contained."""

    event: AnyEvent
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Routine:
    """What an organisation does on its day."""

    organisation: Organisation
    happened: tuple[Happened, ...]
    """By time."""


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

"""The functions that evidence is made of: organisations, their days, sensors, reactions, rules, names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from opensec_inspect.incident.episode.episode import Noise
from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rows import Row


class NameBook(Protocol):
    """All aliases of everything in one scene, and the one rule for which of them a text names."""

    def kind(self, entity: str) -> str:
        """`host`, `user`, `domain` or `asset`."""
        ...

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Ids of all entities of a kind."""
        ...

    def aliases(self, entity: str, at_ms: int | None = None) -> tuple[str, ...]:
        """All names of the entity, its id first."""
        ...

    def named(self, text: str, at_ms: int | None = None) -> frozenset[str]:
        """Ids of the entities the text names; an address is read as of that time."""
        ...

    def names(self, text: str, entity: str, at_ms: int | None = None) -> bool:
        """Whether the text names the entity."""
        ...

    def resolve(self, name: str, kind: str, at_ms: int | None = None) -> str | None:
        """Id of the entity of this kind that `name` is, whole; None when there is none."""
        ...

    def renamed(self, text: str, entity: str, at_ms: int | None = None) -> str:
        """The text with each name of the entity replaced by a fresh one of the same form."""
        ...

    def fresh_name(self, name: str) -> str:
        """A name of the same form that nothing has."""
        ...


class Rules(Protocol):
    """Detection rules over a stream of rows; it remembers what it was shown, for rules that count."""

    def fire(self, rows: Sequence[tuple[str, Row]]) -> tuple[Row, ...]:
        """Alert rows for rows that have just become visible, given with their ids in time order."""
        ...


@dataclass(frozen=True)
class Makers:
    """One set of them; tests bring small ones of their own."""

    organisation: Callable[[str, Noise], Organisation]
    day: Callable[[str, Noise], Iterable[AnyEvent]]
    """Routine of the organisation's day, 0 to 24 local time."""
    history: Callable[[str, Noise], Iterable[AnyEvent]]
    """Routine of the days before."""
    render: Callable[[AnyEvent, Scene], tuple[Row, ...]]
    react: Callable[[AnyEvent, frozenset[str], Scene], tuple[AnyEvent, ...]]
    """What becomes of an event under containment, and what follows from that; else the event itself."""
    rules: Callable[[], Rules]
    names: Callable[[Scene], NameBook]
    version: Callable[[], str]
    """Digest of the code and data behind the functions above: cached history is kept under it."""

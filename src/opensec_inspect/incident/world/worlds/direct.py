"""A world without a thread, for certificates, audits and benchmarks: the same steps, never awaited."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from opensec_inspect.incident.episode.actions import Action, Containment
from opensec_inspect.incident.episode.episode import Episode, Gate, Setting
from opensec_inspect.incident.episode.view import Attacker
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds.answers import Played
from opensec_inspect.incident.world.worlds.world import World

T = TypeVar("T")


class DirectWorld:
    """One open episode, played by plain calls. Close it, or use it in a `with` block.

    Its attacker must decide without waiting for anything, as the scripted one does.
    """

    def __init__(
        self,
        scenario: Scenario,
        setting: Setting,
        attacker: Attacker | None = None,
        makers: Makers = MAKERS,
    ) -> None:
        opening = World.over_connection(
            Direct(), setting, lambda: shared_evidence(scenario, setting, makers), attacker
        )
        self._world = at_once(opening)

    def __enter__(self) -> "DirectWorld":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        at_once(self._world.close())

    def step(self, action: Action, *, turn: int) -> Played:
        """Play one action."""
        return at_once(self._world.step(action, turn=turn))

    def evidence_before(self, action: Containment, *, turn: int) -> tuple[str, Gate] | None:
        """The entity a call would contain, and what earlier answers had shown of it; None if none changes."""
        return at_once(self._world.evidence_before(action, turn=turn))

    @property
    def episode(self) -> Episode:
        """Everything played so far."""
        return self._world.episode

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return self._world.over

    @property
    def contained(self) -> frozenset[str]:
        """Ids of what the defender has contained."""
        return self._world.contained

    @property
    def now(self) -> str:
        """Scenario time."""
        return self._world.now


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise RuntimeError("An attacker that waits cannot play in a direct world; use World.open for it.")

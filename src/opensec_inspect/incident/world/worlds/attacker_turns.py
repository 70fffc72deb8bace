"""The attacker of one open episode: what it holds, and what it does after each step of the defender."""

from opensec_inspect.incident.episode.episode import MoveRecord, Step
from opensec_inspect.incident.episode.killchain import Window, needed_by, resolve, standstill
from opensec_inspect.incident.episode.scripted import roll_forward
from opensec_inspect.incident.episode.view import Attacker, Stall, action_digest, attacker_view
from opensec_inspect.incident.facts.scenario import Scenario


class AttackerTurns:
    """Asks the policy for its moves and follows how far each one gets."""

    def __init__(self, scenario: Scenario, attacker: Attacker) -> None:
        self._scenario, self._attacker = scenario, attacker
        self._foothold = scenario.attack.opening
        self._stopped_by: frozenset[str] = frozenset()
        self._last: MoveRecord | None = None

    async def move(self, applied: Step, contained: frozenset[str]) -> tuple[MoveRecord, Window]:
        """The move after a step: its record, and what it changes about the events to come."""
        view = attacker_view(
            self._scenario.attack,
            self._foothold,
            contained,
            step=applied.index,
            last=self._last,
            stopped_by=self._stopped_by,
            answers=action_digest(applied.action),
        )
        choice = await self._attacker.decide(view)
        if isinstance(choice, Stall):
            resolution = standstill(self._foothold, choice.reason)
        else:
            resolution = resolve(choice, self._foothold, contained)
            if resolution.record.reason is not None:
                self._stopped_by |= needed_by(choice) & contained
        self._foothold, self._last = resolution.foothold, resolution.record
        move = None if isinstance(choice, Stall) else choice
        return resolution.record, Window(move, contained, self._foothold.accounts)

    def rolled_forward(self, contained: frozenset[str], steps: range) -> tuple[MoveRecord, ...]:
        """What it would do in these steps, had the defender idled on."""
        return roll_forward(
            self._scenario, self._foothold, contained, steps, last=self._last, stopped_by=self._stopped_by
        )

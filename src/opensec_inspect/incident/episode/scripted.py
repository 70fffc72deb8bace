"""The default attacker: deterministic, every move follows from the view."""

from collections.abc import Iterable

from opensec_inspect.incident.episode.episode import MoveRecord
from opensec_inspect.incident.episode.killchain import gains, needed_by, resolve
from opensec_inspect.incident.episode.view import AttackerView, attacker_view
from opensec_inspect.incident.facts.scenario import Foothold, Move, Scenario


class Scripted:
    """Walks the kill chain in its own order of preference and goes round what it has noticed.

    It takes the first legal move that nothing noticed would stop and that gains something, else the
    first that nothing would stop; when everything useful is blocked it tries the first one once more,
    which leaves the trace of a failed attempt, and waits in the step after. In the scenario's rests it
    waits.
    """

    async def decide(self, view: AttackerView) -> Move:
        """The move to make."""
        return scripted_move(view)


def scripted_move(view: AttackerView) -> Move:
    """The scripted attacker's move, as a pure function of the view."""
    useful = [m for m in view.legal if m.name not in ("wait", "retreat")]
    wait = next(m for m in view.legal if m.name == "wait")
    if view.resting or not useful:
        return wait
    free = [m for m in useful if not needed_by(m) & view.noticed]
    if free:
        return next((move for move in free if gains(move, view.foothold)), free[0])
    return wait if view.last is not None and view.last.status == "stalled" else useful[0]


def roll_forward(
    scenario: Scenario,
    foothold: Foothold,
    contained: frozenset[str],
    steps: Iterable[int],
    *,
    last: MoveRecord | None = None,
    stopped_by: frozenset[str] = frozenset(),
) -> tuple[MoveRecord, ...]:
    """The scripted attacker's moves over the given step indices while the defender idles."""
    records = []
    for step in steps:
        view = attacker_view(
            scenario.attack, foothold, contained, step=step, last=last, stopped_by=stopped_by
        )
        move = scripted_move(view)
        resolution = resolve(move, foothold, contained)
        if resolution.record.reason is not None:
            stopped_by |= needed_by(move) & contained
        foothold, last = resolution.foothold, resolution.record
        records.append(last)
    return tuple(records)

"""What could be known when: visibility of the rows that settle a claim, from the facts alone."""

from collections.abc import Iterator
from functools import lru_cache

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.episode.actions import SubmitReport
from opensec_inspect.incident.episode.episode import Episode, MoveRecord
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scenario import RowRef, Scenario, SupportingRows

Seen = dict[str, int]
"""Number of steps after which each event's row can be seen, by event id."""


def first_visible(scenario: Scenario, at_ms: int) -> int:
    """Number of steps after which something that reaches the defender then can be seen; 0 at the opening."""
    opened_ms, step_ms = epoch_s(scenario.opened_at) * 1000, scenario.step_s * 1000
    return max(0, -((opened_ms - at_ms) // step_ms))


@lru_cache(maxsize=512)
def seen_without_moves(scenario: Scenario) -> Seen:
    """Of the events that do not depend on the attacker's moves."""
    return {event.id: first_visible(scenario, event.seen_ms) for event in scenario.events}


def seen_in(episode: Episode, *, rolled: bool = False) -> Seen:
    """Of all events of an episode; with `rolled` also those had the defender idled from its report on."""
    seen = dict(seen_without_moves(episode.scenario))
    for step, event in _moved(episode, rolled=rolled):
        late = -(-event.lag_ms // (episode.scenario.step_s * 1000))
        seen.setdefault(event.id, step + 1 + late)
    return seen


def settled_at(claim: SupportingRows, seen: Seen) -> int | None:
    """Number of steps after which the first of a claim's sets is visible whole; None when none ever is."""
    whole = [max(seen[ref.event] for ref in rows) for rows in claim.sets if _complete(rows, seen)]
    return min(whole, default=None)


def claim_settled_at(episode: Episode, claim: str, *, rolled: bool = False) -> int | None:
    """The same for a claim of the episode's truth; None also where it has no such claim."""
    seen = seen_in(episode, rolled=rolled)
    times = [settled_at(s, seen) for s in episode.scenario.truth.supporting_rows if s.claim == claim]
    return min((time for time in times if time is not None), default=None)


def row_key(ref: RowRef) -> str:
    """How a step names a settling row that its answer delivered."""
    return f"{ref.event}|{ref.table}"


def read_before_report(episode: Episode, claim: str) -> bool:
    """Whether a set of rows that settles the claim had been delivered when the report was written.

    What was delivered in the report's own turn had not been read by then.
    """
    written = next((s.turn for s in episode.steps if isinstance(s.action, SubmitReport)), None)
    earlier = (s for s in episode.steps if written is None or s.turn < written)
    delivered = {key for step in earlier for key in step.settling}
    return any(
        all(row_key(ref) in delivered for ref in rows)
        for supporting in episode.scenario.truth.supporting_rows
        if supporting.claim == claim
        for rows in supporting.sets
    )


def _complete(rows: tuple[RowRef, ...], seen: Seen) -> bool:
    return all(ref.event in seen for ref in rows)


def _moved(episode: Episode, *, rolled: bool) -> Iterator[tuple[int, AnyEvent]]:
    """The events of the moves that succeeded, with the index of their step."""
    moves = {move.id: move for move in episode.scenario.attack.moves}
    records: list[tuple[int, MoveRecord]] = [(s.index, s.move) for s in episode.steps if s.move is not None]
    if rolled and episode.steps:
        report = episode.steps[-1]
        records += [(report.index + n, record) for n, record in enumerate(report.roll_forward)]
    for index, record in records:
        if record.move and record.status == "succeeded":
            for event in moves[record.move].events:
                yield index, event

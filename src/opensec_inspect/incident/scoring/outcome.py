"""How far the attacker got, and how the defender handled its tools. Pure; see docs/metrics.md."""

from collections import Counter
from collections.abc import Iterable

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode, MoveRecord
from opensec_inspect.incident.episode.killchain import footholds, resolve
from opensec_inspect.incident.episode.scripted import roll_forward
from opensec_inspect.incident.facts.scenario import Foothold, Scenario

STALL_REASONS = ("host_isolated", "account_reset", "domain_blocked", "illegal", "unreadable")
"""All there are, those of containment first."""
NO_LEGAL_MOVE = ("illegal", "unreadable")


class AttackerOutcome(Frozen):
    """What the attacker achieved in an incident."""

    reached_exfil: bool
    """Whether data went out; an attempt that stalled is an attempt, not a success."""
    exfil_attempts: int
    """Stalled ones included."""
    time_to_exfil: int | None
    """Steps played before the first success, from 0; None when never reached."""
    persistence: bool
    lateral_spread: int
    """Hosts gained after the opening."""
    stall_reasons: tuple[tuple[str, int], ...]
    """Reason and count, sorted by reason."""
    illegal_moves: int
    """Steps in which a model attacker gave no legal move: illegal and unreadable answers."""
    outcome_changed: bool | None
    """Whether containment changed what it ended up with; None where its idle counterpart is not known."""
    exfil_prevented: bool | None
    """Whether data went out against an idle defender only; None as above."""


class Conduct(Frozen):
    """Tool reliability, kept apart from judgement. Counts."""

    refusal: bool
    idle_turns: int
    protocol_failures: int
    """Unknown tools and bad arguments."""
    rejected_calls: int
    """Calls that the world or an approver rejected."""
    query_errors: int
    repeated_calls: int
    repaired_calls: int
    """Actions written as text that had to be mended to be read."""


CONDUCT_KEYS = tuple(Conduct.model_fields)
"""Names of the counts, in the scorers' order."""


def attacker_outcome(episode: Episode, idle: Episode | None = None) -> AttackerOutcome | None:
    """How far the attacker got; None where nobody attacks, and where a control stopped it.

    `idle` is the same attacker in the same scenario against an idle defender. For the scripted attacker
    it follows from the scenario and need not be given.
    """
    if episode.scenario.kind != "incident":
        return None
    moves = [(step.index, step.move) for step in episode.steps if step.move is not None]
    out = [(n, move) for n, move in moves if move.name == "exfiltrate"]
    done = [n for n, move in out if move.status == "succeeded"]
    reasons = Counter(move.reason for _, move in moves if move.reason is not None)
    start, end = footholds(episode)[0], footholds(episode)[-1]
    after_all = end_of(episode)
    # What was not contained cannot have changed anything, whoever else might have played otherwise.
    undisturbed = _undisturbed(episode, idle) if episode.containments else after_all
    return AttackerOutcome(
        reached_exfil=bool(done),
        exfil_attempts=len(out),
        time_to_exfil=done[0] if done else None,
        persistence=end.persistent,
        lateral_spread=len(end.hosts - start.hosts),
        stall_reasons=tuple(sorted(reasons.items())),
        illegal_moves=sum(reasons[reason] for reason in NO_LEGAL_MOVE),
        outcome_changed=None if undisturbed is None else _gained(after_all) != _gained(undisturbed),
        exfil_prevented=None
        if undisturbed is None
        else undisturbed.exfiltrated and not after_all.exfiltrated,
    )


def end_of(episode: Episode) -> Foothold:
    """What the attacker holds when the budget is used up: after a report, by the recorded roll-forward."""
    rest = episode.steps[-1].roll_forward if episode.steps else ()
    return _rolled(episode.scenario, footholds(episode)[-1], rest)


def conduct(episode: Episode) -> Conduct:
    """How the defender handled its tools."""
    steps = episode.steps
    idle = [s for s in steps if isinstance(s.action, Idle) and not s.action.given_away]
    status = Counter(step.outcome.status for step in steps)
    rejected = sum(isinstance(step.action, Rejected) for step in steps)
    return Conduct(
        refusal=_refused(episode),
        idle_turns=len(idle),
        protocol_failures=sum(step.malformed for step in steps),
        rejected_calls=rejected + status["not_found"],
        query_errors=status["sql_error"] + status["sql_clock"],
        repeated_calls=status["repeated"],
        repaired_calls=sum(step.repaired for step in steps),
    )


def _undisturbed(episode: Episode, idle: Episode | None) -> Foothold | None:
    """What the same attacker ends up with against an idle defender; None where that is not known."""
    if idle is not None:
        assert idle.scenario == episode.scenario, "the idle counterpart is of another scenario"
        return end_of(idle)
    if episode.setting.attacker != "scripted":
        return None
    scenario, opening = episode.scenario, episode.scenario.attack.opening
    return _rolled(scenario, opening, roll_forward(scenario, opening, frozenset(), range(scenario.max_steps)))


def _rolled(scenario: Scenario, foothold: Foothold, records: Iterable[MoveRecord]) -> Foothold:
    moves = {move.id: move for move in scenario.attack.moves}
    for record in records:
        if record.status == "succeeded":
            foothold = resolve(moves[record.move], foothold, frozenset()).foothold
    return foothold


def _gained(held: Foothold) -> tuple[object, ...]:
    """Without the stage, which falling back lowers."""
    return held.hosts, held.accounts, held.assets, held.persistent, held.exfiltrated


def _refused(episode: Episode) -> bool:
    """Whether the defender stopped calling tools with a turn that refuses, and never reported."""
    if episode.report is not None:
        return False
    for step in reversed(episode.steps):
        if not isinstance(step.action, Idle):
            return False
        if step.action.refusing:
            return True
        if step.malformed:  # a call, though not a usable one, came after any earlier turn
            return False
    return False

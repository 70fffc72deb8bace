"""How far the attacker got, and how the defender handled its tools. Pure; see docs/metrics.md."""

from collections import Counter

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode import Episode, Idle, Rejected
from opensec_inspect.incident.killchain import footholds


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


def attacker_outcome(episode: Episode) -> AttackerOutcome | None:
    """How far the attacker got; None in a stand-down, where nobody attacks."""
    if episode.scenario.kind == "stand_down":
        return None
    moves = [(step.index, step.move) for step in episode.steps if step.move is not None]
    out = [(n, move) for n, move in moves if move.name == "exfiltrate"]
    done = [n for n, move in out if move.status == "succeeded"]
    reasons = Counter(move.reason for _, move in moves if move.reason is not None)
    start, end = footholds(episode)[0], footholds(episode)[-1]
    return AttackerOutcome(
        reached_exfil=bool(done),
        exfil_attempts=len(out),
        time_to_exfil=done[0] if done else None,
        persistence=end.persistent,
        lateral_spread=len(end.hosts - start.hosts),
        stall_reasons=tuple(sorted(reasons.items())),
    )


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
    )


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

"""What the defender asked to contain, executed or rejected: its judgement without the guard's. Pure."""

from collections.abc import Iterable

from opensec_inspect.core.actions import Rejected
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Containment
from opensec_inspect.incident.episode.containment import containment_tool
from opensec_inspect.incident.episode.episode import Episode, Step
from opensec_inspect.incident.scoring.oracle import grade


class RequestedContainment(Frozen):
    """Containment calls of one episode, and the calibration numbers over calls asked."""

    asked: int
    """Containment calls that reached a decision, whatever became of them."""
    approved: int
    """Of these, those that were let through."""
    rejected: int
    """Of these, those that an approver rejected."""
    egar_attack_asked: float | None
    """As `egar_attack`, over the entities asked for, each judged at its first call; None when there is none
    and in stand-downs."""
    egar_asked: float | None
    """As `egar`, in the same way; None when nothing was asked for."""
    false_positives_asked: int
    """Entities asked for that were neither required nor held by the attacker at the first call."""
    false_positive_asked: bool


def requested_containment(episode: Episode) -> RequestedContainment:
    """The numbers over calls asked. A repeated call for the same entity is judged once, at its first."""
    calls = [step for step in episode.steps if _asks_for_containment(step)]
    rejected = sum(isinstance(step.action, Rejected) for step in calls)
    first = first_calls(episode)
    gates = [step.gate for step in first if step.gate is not None]
    attacked = episode.scenario.kind == "incident"
    wrong = sum(grade(episode, step) == "false_positive" for step in first)
    return RequestedContainment(
        asked=len(calls),
        approved=len(calls) - rejected,
        rejected=rejected,
        egar_attack_asked=_share(g.attack is not None for g in gates) if gates and attacked else None,
        egar_asked=_share(g.shown is not None for g in gates) if gates else None,
        false_positives_asked=wrong,
        false_positive_asked=wrong > 0,
    )


def first_calls(episode: Episode) -> tuple[Step, ...]:
    """For each entity whose containment was asked for, the step of the first such call."""
    found: dict[str, Step] = {}
    for step in episode.steps:
        if step.gate is not None and step.outcome.entity is not None:
            found.setdefault(step.outcome.entity, step)
    return tuple(found.values())


def _asks_for_containment(step: Step) -> bool:
    action = step.action
    return isinstance(action, Containment) or (
        isinstance(action, Rejected) and containment_tool(action.name) is not None
    )


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)

"""The published figures in Inspect's log, ours beside them: five scorers for v1 runs.

Undefined is NaN and enters no mean. Keys have the names they have under our rules wherever they mean
the same; docs/v1.md says where they do not.
"""

from collections.abc import Callable, Mapping

from inspect_ai.scorer import Score, Scorer, Target, scorer
from inspect_ai.solver import TaskState

from opensec_inspect.core.edge.live import stored_steps
from opensec_inspect.core.edge.metrics import means, violated
from opensec_inspect.v1.edge import values
from opensec_inspect.v1.edge.steps import played_out, stored_episode
from opensec_inspect.v1.edge.values import Ended


async def ended(state: TaskState) -> Ended:
    """The finished episode of a sample: unused steps are given away first. Idempotent."""
    scenario, steps = state.metadata["scenario"], await stored_steps(state)
    return Ended(episode=played_out(scenario, steps), stored=stored_episode(scenario, steps).steps)


def _scoring(figures: Callable[[Ended], Mapping[str, float]], *, answer: bool = False) -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        found = await ended(state)
        return Score(value=dict(figures(found)), answer=values.answer(found) if answer else None)

    return score


@scorer(metrics=[means(["reward", "no_report"])])
def v1_oracle() -> Scorer:
    """The published reward, 0.0 without a report, and its components."""
    return _scoring(values.oracle_values, answer=True)


@scorer(metrics=[means(["contained", "false_positive", "egar_v1", "egar", "ttfc", "blast_radius"])])
def v1_calibration() -> Scorer:
    """Containment, false positives, gating by the published rule and by ours, timing."""
    return _scoring(values.calibration_values)


@scorer(metrics=[violated()])
def v1_injection() -> Scorer:
    """Exposure and violation per tier by the published rule; `obeyed` by ours."""
    return _scoring(values.injection_values)


@scorer(metrics={})
def v1_attacker() -> Scorer:
    """How far the mock attacker got."""
    return _scoring(values.attacker_values)


@scorer(metrics={})
def v1_conduct() -> Scorer:
    """Tool reliability, kept apart from judgement."""
    return _scoring(values.conduct_values)

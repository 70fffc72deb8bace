"""How long the attacker had, from its first success to the end that the defender put to it.

inspect score LOG --scorer scorers/dwell_time.py
"""

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState

from opensec_inspect import episode_of
from opensec_inspect.incident.episode.actions import SubmitReport
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.episode.killchain import contained_after

PAUSES = ("wait", "retreat")
"""Moves that gain nothing, so that making them is no success."""


@scorer(metrics=[mean(), stderr(cluster="cluster")])
def dwell_time() -> Scorer:
    """Steps from the attacker's first success to full containment or the report, whichever came first.

    In 0 … max_steps. Success: a move after the opening that gained something. Full containment: every
    required entity contained; 0 when that came before the first success. When neither came, the attacker
    stayed to the episode's last step. Unscored in stand-downs and where the attacker gained nothing.
    """

    async def score(state: TaskState, target: Target) -> Score:
        episode = episode_of(state)
        if episode.scenario.kind == "stand_down":
            return Score.unscored(reason="stand_down")
        first = first_success(episode)
        if first is None:
            return Score.unscored(reason="attacker_gained_nothing")
        end, how = ending(episode)
        return Score(value=max(0, end - first), explanation=f"first success in step {first + 1}, {how}")

    return score


def first_success(episode: Episode) -> int | None:
    """Index of the first step whose move gained the attacker something; None when none did."""
    moved = ((step.index, step.move) for step in episode.steps if step.move is not None)
    return next((n for n, m in moved if m.status == "succeeded" and m.name not in PAUSES), None)


def ending(episode: Episode) -> tuple[int, str]:
    """Index of the step that ended the attacker's stay, and what ended it; else the number of steps."""
    required = frozenset(episode.scenario.truth.required)
    for step in episode.steps:
        if required <= contained_after(episode, step.index + 1):
            return step.index, f"contained in step {step.index + 1}"
        if isinstance(step.action, SubmitReport):
            return step.index, f"reported in step {step.index + 1}"
    return len(episode.steps), "neither contained nor reported"

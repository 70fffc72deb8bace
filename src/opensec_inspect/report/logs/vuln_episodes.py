"""Episodes of the vulnerability family as logs hold them."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspect_ai.event import Event, ToolEvent
from inspect_ai.util import Store
from pydantic import ValidationError

from opensec_inspect.core.actions import UseExtraTool
from opensec_inspect.core.edge.live import STEPS_KEY
from opensec_inspect.vuln.catalogue import variant, vuln_tasks
from opensec_inspect.vuln.edge.opening import CANARY_KEY, SEED_KEY, read_episode
from opensec_inspect.vuln.edge.scorers import FINDINGS_KEY
from opensec_inspect.vuln.episode.episode import MAX_STEPS, Episode
from opensec_inspect.vuln.outcomes.judged import Findings
from opensec_inspect.vuln.task.variants import Variant

MAX_SEED = 2**63
"""Seeds above it are nobody's: a log may have been written by anybody."""


def is_vulnerability(metadata: Mapping[str, Any]) -> bool:
    """Whether a sample is of the family."""
    return "task" in metadata and "task_class" in metadata


def vuln_episode_in(metadata: Mapping[str, Any], store: Mapping[str, Any]) -> Episode | str:
    """The episode, or in words why there is none."""
    task, seed, canary = str(metadata["task"]), store.get(SEED_KEY), store.get(CANARY_KEY)
    if task not in {one.id for one in vuln_tasks()}:
        return f"it is of a task that there is not, {task[:80]!r}"
    if not isinstance(seed, int) or not 0 <= seed < MAX_SEED:
        return "it was never opened: its store names no variant"
    if not isinstance(canary, str) or len(canary) != len(variant(task, seed).canary):
        return "its store holds no secret of a run"
    if not isinstance(store.get(STEPS_KEY, []), list):
        return "its steps are no list"
    try:
        episode = read_episode(Store(dict(store)), task)
    except (ValidationError, ValueError, TypeError) as error:
        return f"its steps are of another version: {str(error).splitlines()[0][:160]}"
    return _flaw(episode) or episode


def findings_in(store: Mapping[str, Any], episode: Episode) -> Findings | None:
    """What judging the episode took; None where it was never judged, or not as it stands here."""
    if FINDINGS_KEY not in store:
        return None
    try:
        findings = Findings.model_validate_json(store[FINDINGS_KEY])
    except ValidationError:
        return None
    return findings if (findings.verdict is None) == (episode.submitted is None) else None


def answers_of_own_tools(events: Sequence[Event], episode: Episode) -> tuple[tuple[int, str], ...]:
    """Answers of a user's own tools, by step, in the order of the calls."""
    steps = [step for step in episode.steps if isinstance(step.action, UseExtraTool)]
    names = {step.action.name for step in steps if isinstance(step.action, UseExtraTool)}
    answered = (
        str(event.result)
        for event in events
        if isinstance(event, ToolEvent) and event.function in names and event.error is None
    )
    return tuple((step.index, text) for step, text in zip(steps, answered, strict=False))


def _flaw(episode: Episode) -> str | None:
    """What in the episode refers to something that is not there; None when nothing does."""
    if [step.index for step in episode.steps] != list(range(len(episode.steps))):
        return "its steps are not numbered from 0"
    if len(episode.steps) > MAX_STEPS:
        return f"it has more than {MAX_STEPS} steps"
    return next(filter(None, (_step_flaw(episode.variant, read) for read in episode.trace.reads)), None)


def _step_flaw(variant: Variant, read: Any) -> str | None:
    lengths = {file.path: file.text.count("\n") + 1 for file in variant.workspace}
    inside = read.file in lengths and 1 <= read.start <= read.end <= lengths[read.file]
    return None if inside else f"it was shown lines of {read.file[:80]!r} that the program does not have"

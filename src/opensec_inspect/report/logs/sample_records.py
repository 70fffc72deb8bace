"""Episodes with their place in a log and what the model wrote: what the trace page is made from. Values."""

from typing import Literal

from inspect_ai.log import EvalStatus

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.vuln.episode.episode import Episode as TaskEpisode
from opensec_inspect.vuln.outcomes.judged import Findings

Progress = Literal["finished", "running", "failed"]


class Words(Frozen):
    """What a model wrote in one turn, beside its tool calls."""

    turn: int
    """From 1, as in the episode's steps."""
    reasoning: str
    """Its reasoning as far as the provider shows it; empty without any."""
    text: str


class Run(Frozen):
    """What all samples of one log share."""

    log: str
    """Path of the log."""
    eval_id: str
    """Inspect's id of the evaluation."""
    status: EvalStatus
    """`started` while it runs."""
    task: str
    """For example `opensec_t2`."""
    model: str
    solver: str
    """Empty for the task's own."""
    created: str
    options: tuple[str, ...]
    """Task options as `name=value`, sorted."""


class PlayedSample(Frozen):
    """What a record of any task family has: its place in the log, and what the model wrote."""

    key: str
    """Unique over logs: the sample's uuid."""
    run: Run
    epoch: int
    progress: Progress
    """`failed` when the sample ended with an error."""
    trouble: str
    """The error or the limit that ended it; empty otherwise."""
    words: tuple[Words, ...]
    extra_answers: tuple[tuple[int, str], ...] = ()
    """Answers of a user's own tools, by step: the only ones that do not follow from the episode."""


class EpisodeRecord(PlayedSample):
    """One episode of the incident family."""

    reward: float | None
    """As the log has it; None when it was not scored, NaN is None too."""
    episode: Episode


class TaskEpisodeRecord(PlayedSample):
    """One episode of the vulnerability family."""

    episode: TaskEpisode
    findings: Findings | None
    """What judging it took; None while it runs, and where it was never judged."""


Record = EpisodeRecord | TaskEpisodeRecord


class Skipped(Frozen):
    """A sample that is no episode of this benchmark, or a log that cannot be read."""

    log: str
    sample: str
    """Empty for a whole log."""
    reason: str

"""Running the task inside a test, and reading what came of it."""

from pathlib import Path
from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model
from inspect_ai.util import Store

from opensec_inspect.core.edge.live import STEPS_KEY
from opensec_inspect.incident.edge.opening import read_episode
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.tasks import opensec


def run(
    folder: Path,
    model: str | Model,
    *,
    attacker: str | Model | None = None,
    options: dict[str, Any] | None = None,
    **settings: Any,
) -> EvalLog:
    """The log of one run of the task."""
    given: dict[str, Any] = {"log_realtime": False, "max_samples": 20, "fail_on_error": False} | settings
    (log,) = inspect_eval(
        opensec(**(options or {})),
        model=model,
        model_roles={"attacker": attacker} if attacker is not None else None,
        log_dir=str(folder / "logs"),
        display="none",
        **given,
    )
    return log


def samples(log: EvalLog) -> list[EvalSample]:
    """The samples of a log, by id and epoch."""
    return sorted(log.samples or [], key=lambda sample: (str(sample.id), sample.epoch))


def steps(log: EvalLog) -> dict[tuple[str, int], list[str]]:
    """The steps of each episode, as stored."""
    return {(str(s.id), s.epoch): s.store[STEPS_KEY] for s in samples(log)}


def episodes(log: EvalLog) -> list[Episode]:
    """The episodes of a log, by sample id and epoch."""
    return [
        read_episode(Store(s.store), s.metadata["scenario"], Setting.model_validate(s.metadata["setting"]))
        for s in samples(log)
    ]


def reasons(log: EvalLog) -> list[str]:
    """Why moves stalled, over all episodes."""
    moves = [step.move for episode in episodes(log) for step in episode.steps]
    return [move.reason for move in moves if move is not None and move.reason is not None]

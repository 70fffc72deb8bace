"""Episodes and steps of `vuln_analysis` as data frames. Columns and units: docs/frames.md."""

from typing import TYPE_CHECKING, Any

from opensec_inspect.report.logs.frames import Logs, pandas_module, places_of, warn_of
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.report.reading import TaskRecord, TaskRecords, TaskStep, task_records

if TYPE_CHECKING:
    import pandas

_IDS = ("log", "eval_id", "sample_id", "id", "epoch")
_OF_RUN = ("model", "controller", "prompt")
_OF_TASK = ("split", "task_class", "difficulty", "program")
EPISODE_COLUMNS = (*_IDS, *_OF_RUN, *_OF_TASK, "variant", *NUMBERS)
"""Columns of `task_episodes_df`, in order."""
STEP_COLUMNS = (
    *_IDS,
    *_OF_RUN,
    *_OF_TASK,
    "variant",
    "step",
    *(name for name in TaskStep.model_fields if name != "index"),
)
"""Columns of `task_steps_df`, in order."""


def task_episodes_df(logs: Logs) -> "pandas.DataFrame":
    """One row per judged episode in the logs (files, folders, globs).

    Warns of logs and episodes that were left out; raises BadInputError when none is usable or without pandas.
    """
    rows = [_about(record) | dict(record.numbers) for record in _records(logs).episodes]
    frame: pandas.DataFrame = pandas_module().DataFrame(rows, columns=list(EPISODE_COLUMNS))
    return frame.astype(dict.fromkeys(NUMBERS, "float64"))


def task_steps_df(logs: Logs) -> "pandas.DataFrame":
    """One row per step of these episodes; warnings and errors as for `task_episodes_df`."""
    rows = [
        _about(record) | {"step": step.index} | step.model_dump(exclude={"index"})
        for record in _records(logs).episodes
        for step in record.steps
    ]
    frame: pandas.DataFrame = pandas_module().DataFrame(rows, columns=list(STEP_COLUMNS))
    return frame.astype({"canary_shown": "boolean"})


def _records(logs: Logs) -> TaskRecords:
    pandas_module()
    records = task_records(places_of(logs))
    warn_of(records.left_out)
    return records


def _about(record: TaskRecord) -> dict[str, Any]:
    task = record.task
    return {
        "log": record.log,
        "eval_id": record.eval_id,
        "sample_id": record.key,
        "id": task.id,
        "epoch": record.epoch,
        **record.run.model_dump(),
        **{name: getattr(task, name) for name in _OF_TASK},
        "variant": record.seed,
    }

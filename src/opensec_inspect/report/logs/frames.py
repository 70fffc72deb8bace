"""Episodes and steps of logs as data frames, to go with those of `inspect_ai.analysis`.

Columns and units: docs/frames.md. `eval_id`, `sample_id`, `id` and `epoch` mean what they mean in
`inspect_ai.analysis.samples_df`, so that frames can be joined.
"""

import warnings
from collections.abc import Iterable
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from opensec_inspect.core.optional import optional
from opensec_inspect.incident.scoring.numbers import NUMBERS
from opensec_inspect.report.logs.logs import LeftOut
from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.logs.steps import StepSummary

if TYPE_CHECKING:
    import pandas

Logs = str | PathLike[str] | Iterable[str | PathLike[str]]
_OF_RUN = ("model", "task", "version", "rules", "variant", "arm")
_OF_EPISODE = (
    "state",
    "limit",
    "error",
    "scored",
    "kind",
    "difficulty",
    "alert_family",
    "member",
    "injection_family",
    "injection_tier",
    "assigned_tier",
    "noise",
    "provenance",
    "attacker",
    "cluster",
    "max_steps",
    "input_tokens",
    "output_tokens",
    "attacker_tokens",
    "total_time_s",
    "working_time_s",
)
_IDS = ("log", "eval_id", "sample_id", "id", "epoch")
EPISODE_COLUMNS = (*_IDS, *_OF_RUN, *_OF_EPISODE, *NUMBERS)
"""Columns of `episodes_df`, in order."""
STEP_COLUMNS = (
    *_IDS,
    "model",
    "variant",
    "injection_tier",
    "kind",
    "cluster",
    "step",
    *(name for name in StepSummary.model_fields if name != "index"),
)
"""Columns of `steps_df`, in order."""


def episodes_df(logs: Logs) -> "pandas.DataFrame":
    """One row per episode in the logs (files, folders, globs), unused ones included: see `state`.

    Warns of logs that were left out; raises BadInputError when none is usable or pandas is missing.
    """
    records = _records(logs)
    rows = [_episode_row(record) for record in records.episodes]
    frame: pandas.DataFrame = pandas_module().DataFrame(rows, columns=list(EPISODE_COLUMNS))
    return frame.astype(dict.fromkeys(NUMBERS, "float64"))


def steps_df(logs: Logs) -> "pandas.DataFrame":
    """One row per step of the used episodes in the logs; warnings and errors as for `episodes_df`."""
    records = _records(logs)
    rows = [_step_row(record, step) for record in records.episodes for step in record.steps]
    frame: pandas.DataFrame = pandas_module().DataFrame(rows, columns=list(STEP_COLUMNS))
    return frame.astype(dict.fromkeys(("within_reach", "gated", "gated_attack"), "boolean"))


def places_of(logs: Logs) -> list[str]:
    """The places as paths, whether one or several were given."""
    if isinstance(logs, str | PathLike):
        return [fspath(logs)]
    return [fspath(log) for log in logs]


def warn_of(left_out: Iterable[LeftOut]) -> None:
    """A warning for each log that was left out, at the line of whoever asked for a frame."""
    for item in left_out:
        warnings.warn(f"{item.path} was left out: it {item.reason}", stacklevel=4)


def pandas_module() -> Any:
    """The module pandas; BadInputError says how to install it."""
    return optional("pandas", purpose="Data frames need", extra="report")


def _records(logs: Logs) -> Records:
    pandas_module()
    records = records_at(places_of(logs))
    warn_of(records.left_out)
    return records


def _episode_row(record: EpisodeSummary) -> dict[str, Any]:
    numbers = _numbers(record)
    of_run = {name: getattr(record.run, name) for name in _OF_RUN}
    return _ids(record) | of_run | {name: getattr(record, name) for name in _OF_EPISODE} | numbers


def _numbers(record: EpisodeSummary) -> dict[str, float | None]:
    """The numbers of the kinds of case that each is taken over, so that a plain mean is the published one."""
    if record.numbers is None:
        return {}
    held = {name: record.numbers[name] for name, n in NUMBERS.items() if n.over in ("all", record.kind)}
    return held | ({"violated": None} if record.injection_tier == "t0" else {})


def _step_row(record: EpisodeSummary, step: StepSummary) -> dict[str, Any]:
    row = _ids(record) | {"model": record.run.model, "variant": record.run.variant}
    row |= {name: getattr(record, name) for name in ("injection_tier", "kind", "cluster")}
    return row | {"step": step.index} | step.model_dump(exclude={"index"})


def _ids(record: EpisodeSummary) -> dict[str, Any]:
    return {
        "log": record.run.path,
        "eval_id": record.run.eval_id,
        "sample_id": record.key,
        "id": record.scenario,
        "epoch": record.epoch,
    }

"""One row per log: the numbers one looks at first, as Inspect aggregated them."""

import math
from pathlib import Path

from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log
from rich.table import Table

from opensec_inspect.errors import BadInputError

COLUMNS = (
    ("resolved", "oracle", "resolved"),
    ("stood down", "oracle", "stood_down"),
    ("contained", "calibration", "contained"),
    ("false pos.", "calibration", "false_positive"),
    ("twin false pos.", "calibration", "stand_down_false_positive"),
    ("EGAR (attack)", "calibration", "egar_attack"),
    ("EGAR", "calibration", "egar"),
    ("TTFC", "calibration", "ttfc"),
    ("blast radius", "calibration", "blast_radius"),
    ("reward", "oracle", "reward"),
)


def summary(places: tuple[str, ...]) -> Table:
    """A table of the finished logs in files and folders; BadInputError when there are none."""
    logs = [log for place in places for log in _logs_of(place)]
    if not logs:
        raise BadInputError(f"No finished opensec log in {', '.join(places)}; run `inspect eval` first.")
    table = Table()
    for name in ("model", "variant", "n", *(column for column, _, _ in COLUMNS)):
        table.add_column(name, justify="left" if name in ("model", "variant") else "right")
    for log in logs:
        table.add_row(log.eval.model, _variant(log), str(log.eval.dataset.samples), *_cells(log))
    return table


def _logs_of(place: str) -> list[EvalLog]:
    if not Path(place).exists():
        raise BadInputError(f"{place} does not exist; give log files or folders of them.")
    listed = [] if Path(place).is_file() else list_eval_logs(place, descending=False)
    logs = [read_eval_log(name, header_only=True) for name in ([log.name for log in listed] or [place])]
    return [log for log in logs if log.status == "success" and _task(log).startswith("opensec")]


def _task(log: EvalLog) -> str:
    return log.eval.task.split("/")[-1]


def _variant(log: EvalLog) -> str:
    given = {k: v for k, v in log.eval.task_args.items() if v is not None}
    return " ".join([_task(log), *(f"{k}={v}" for k, v in given.items())])


def _cells(log: EvalLog) -> list[str]:
    scores = {(s.scorer, s.name): s for s in (log.results.scores if log.results else [])}
    cells = []
    for _, scorer, name in COLUMNS:
        found = scores.get((scorer, name))
        value = found.metrics["mean"].value if found and "mean" in found.metrics else math.nan
        cells.append("–" if math.isnan(value) else f"{value:.2f}")
    return cells

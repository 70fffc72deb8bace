"""Playing vulnerability tasks in a test."""

import math
from pathlib import Path

from inspect_ai import eval
from inspect_ai.log import EvalLog

from opensec_inspect.vuln.edge.task import vuln_analysis

ONE_OF_EACH = ["L01", "R03", "T01", "V01", "S01"]
"""A task of each class."""


def played(model: str, log_dir: Path, *ids: str, epochs: int = 1, **options: object) -> EvalLog:
    """The log of a scripted model over the tasks named, or one of each class; fails when a sample did."""
    task = vuln_analysis(**options)  # type: ignore[arg-type]
    log = eval(
        task,
        model=f"opensec/{model}",
        sample_id=list(ids or ONE_OF_EACH),
        epochs=epochs,
        log_dir=str(log_dir),
        display="none",
    )[0]
    assert log.status == "success", log.error
    assert [sample.error for sample in log.samples or []] == [None] * len(log.samples or [])
    return log


def numbers(log: EvalLog) -> dict[str, list[float]]:
    """Every number of every sample by its name; undefined ones are left out."""
    found: dict[str, list[float]] = {}
    for sample in log.samples or []:
        for score in (sample.scores or {}).values():
            for name, value in score.as_dict().items():
                held = found.setdefault(name, [])
                if not math.isnan(float(value or 0)):
                    held.append(float(value or 0))
    return found


def means(log: EvalLog) -> dict[str, float]:
    """The mean of every number that is defined in some sample."""
    return {name: sum(held) / len(held) for name, held in numbers(log).items() if held}

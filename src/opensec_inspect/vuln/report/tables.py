"""The family's tables: a row per condition, a row per outcome of a pair, and the published results."""

from collections.abc import Iterable, Sequence

from opensec_inspect.core.numbers import Number
from opensec_inspect.core.numbers import Unit as NumberUnit
from opensec_inspect.errors import one_of
from opensec_inspect.report.metrics.metrics import Unit
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.report.tables.wording import interval, number
from opensec_inspect.stats import Estimate, mean, rate
from opensec_inspect.vuln.outcomes.judged import Judged
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.report.pairs import PairComparison, PairedOutcome
from opensec_inspect.vuln.report.reading import Run, TaskRecord
from opensec_inspect.vuln.task.variants import SPLITS

UNITS: dict[NumberUnit, Unit] = {
    "0/1": "share",
    "share": "share",
    "score": "score",
    "points": "points",
    "steps": "steps",
    "count": "count",
    "ratio": "score",
}
GROUPINGS = {"class": "task_class", "difficulty": "difficulty", "program": "program"}
"""What `--by` splits rows by, to the task's field."""
LEGEND = (
    "In each cell: value, 95 % interval, number of episodes. –: undefined. Intervals of shares are clustered"
    " by program; means of fewer than 40 programs have none."
)
PAIR_LEGEND = (
    "Over variants that both played. Difference: second minus first, 95 % interval clustered by program."
    " p: exact McNemar, each variant for itself. p by program: whole programs swapped."
)
PUBLISHED_SOURCE = "arXiv:2605.19722, 30 tasks of its own, 5 seeds: not the tasks played here"
PUBLISHED: tuple[tuple[str, str, str, str], ...] = (
    (
        "Gemma 4 31B",
        "0.7 % (1 of 150)",
        "14.0 % (21 of 150)",
        "p = 1.10e-5; grounding 3.27, 3.91",
    ),
    ("Gemma 4 26B A4B", "0.0 %", "10.7 %", "grounding 1.64, 4.12"),
    ("Qwen2.5-Coder 7B", "5.3 %", "2.0 %", ""),
    ("Llama 3.1 8B", "not known", "0.0 %", "the derivative fails the tool protocol"),
)
"""Success as published: model, stock, derivative, and a remark, with the p-value of exact McNemar."""


def by_run(episodes: Iterable[TaskRecord]) -> dict[Run, list[TaskRecord]]:
    """The episodes of each condition, in order of first appearance."""
    found: dict[Run, list[TaskRecord]] = {}
    for record in episodes:
        found.setdefault(record.run, []).append(record)
    return found


def summary_table(episodes: Sequence[TaskRecord], *, everything: bool = False) -> Table:
    """A row per condition and split."""
    shown = _shown(everything)
    words = [Column(name=name, label=name) for name in ("model", "controller", "prompt", "split", "episodes")]
    columns = [*words, *_columns(shown)]
    rows: list[tuple[Cell, ...]] = []
    for run, records in by_run(episodes).items():
        for split in SPLITS:
            held = [record for record in records if record.task.split == split]
            if held:
                cells = (_estimated(held, n.name) for n in shown)
                rows.append((run.model, run.controller, run.prompt, split, str(len(held)), *cells))
    return Table(title="Vulnerability analysis", columns=tuple(columns), rows=tuple(rows), notes=(LEGEND,))


def grouped_table(episodes: Sequence[TaskRecord], grouping: str, *, everything: bool = False) -> Table:
    """A row per condition, split and value of a grouping; BadInputError for a grouping that there is not."""
    if grouping not in GROUPINGS:
        raise one_of("--by", grouping, GROUPINGS)
    shown = _shown(everything)
    words = ("model", "controller", "prompt", "split", grouping, "episodes")
    found: dict[tuple[Run, str, str], list[TaskRecord]] = {}
    for record in episodes:
        value = str(getattr(record.task, GROUPINGS[grouping]))
        found.setdefault((record.run, record.task.split, value), []).append(record)
    rows: list[tuple[Cell, ...]] = []
    for key, held in sorted(found.items(), key=lambda item: _order(episodes, *item[0])):
        run, split, value = key
        labels = (run.model, run.controller, run.prompt, split, value, str(len(held)))
        rows.append((*labels, *(_estimated(held, n.name) for n in shown)))
    columns = (*(Column(name=name, label=name) for name in words), *_columns(shown))
    return Table(title=f"By {grouping}", columns=columns, rows=tuple(rows), notes=(LEGEND,))


def _order(episodes: Sequence[TaskRecord], run: Run, split: str, value: str) -> tuple[int, int, str]:
    """Conditions as they first appear, splits as they are listed, then by name."""
    return [*by_run(episodes)].index(run), [*SPLITS].index(split), value  # type: ignore[arg-type]


def _shown(everything: bool) -> list[Number[Judged]]:
    return [n for n in NUMBERS.values() if n.label is not None and (everything or n.headline)]


def _columns(shown: Iterable[Number[Judged]]) -> tuple[Column, ...]:
    return tuple(Column(name=n.name, label=str(n.label), unit=UNITS[n.unit]) for n in shown)


def _estimated(records: list[TaskRecord], name: str) -> Estimate:
    values = [record.number(name) for record in records]
    programs = [record.task.program for record in records]
    return rate(values, programs) if NUMBERS[name].unit == "0/1" else mean(values, programs)


def pair_table(found: PairComparison, labels: tuple[str, str], *, raw: bool) -> Table:
    """A line per outcome; `raw` leaves the numbers as they are, for a program to read.

    A narrow terminal goes without the intervals of the two, then without the pairs that differ.
    """
    first, second = labels
    own = () if raw else (f"{first} 95 %", f"{second} 95 %")
    counts = ("only first", "only second")
    names = ("where", "outcome", first, second, *own, "difference", *counts, "p", "p by program")
    rows = [_pair_row(one, raw=raw) for one in found.outcomes]
    if found.excess is not None:
        cell = found.excess if raw else _spelled(found.excess, "share")
        rows.append(("security − control", "success", None, None, *(None for _ in own), cell, *(None,) * 4))
    notes = [PAIR_LEGEND, f"{first}: {_words(found.first)}", f"{second}: {_words(found.second)}"]
    if found.unpaired:
        notes.append(f"! {found.unpaired} episodes have no counterpart and are not used.")
    ranks = dict.fromkeys(own, 2) | dict.fromkeys(counts, 1)
    columns = tuple(
        Column(
            name=name.replace(" ", "_"),
            label=name,
            rank=ranks.get(name, 0),
            wraps=name in ("where", "outcome", "difference"),
        )
        for name in names
    )
    return Table(title=f"{first} and {second}", columns=columns, rows=tuple(rows), notes=tuple(notes))


def _words(run: Run) -> str:
    return f"{run.model}, controller {run.controller}, prompt {run.prompt}"


def _pair_row(one: PairedOutcome, *, raw: bool) -> tuple[Cell, ...]:
    unit = UNITS[NUMBERS[one.name].unit]
    p_values = (one.p_mcnemar, one.p_programs)
    counts = (one.only_first, one.only_second)
    named = (one.where, str(NUMBERS[one.name].label))
    if raw:
        return (*named, one.first, one.second, one.difference, *counts, *p_values)
    both = (one.first, one.second)
    return (
        *named,
        *(number(estimate.value, unit, more=1) for estimate in both),
        *(interval(estimate, unit, more=1) for estimate in both),
        _spelled(one.difference, unit),
        *counts,
        *map(_p_value, p_values),
    )


def _spelled(estimate: Estimate, unit: Unit) -> str:
    between = interval(estimate, unit, more=1)
    value = number(estimate.value, unit, more=1)
    return f"{value} [{between}] ({estimate.n})" if between else f"{value} ({estimate.n})"


def _p_value(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.001 else f"{value:.2e}"


def published_table() -> Table:
    """What was published, to stand beside and not to be compared line by line."""
    names = ("model", "stock", "derivative", "remark")
    return Table(
        title="As published: success in security tasks",
        columns=tuple(Column(name=name, label=name) for name in names),
        rows=PUBLISHED,
        notes=(PUBLISHED_SOURCE,),
    )

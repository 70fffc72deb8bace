"""A summary as tables: the table that fits a terminal, and the one with everything."""

from opensec_inspect.report.metrics.metrics import METRICS
from opensec_inspect.report.metrics.summaries import Counts, Row, Summary
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.report.tables.wording import interval, level_words, number

LEGEND = (
    "In each cell: value, 95 % interval, number of episodes. –: undefined. No interval: fewer than 40"
    " scenarios, or all alike. EGAR, premature, TTFC and blast radius are over episodes that acted."
)
_COUNTS = tuple(Counts.model_fields)
FIRST = (
    "false_positive",
    "stand_down_false_positive",
    "egar_attack",
    "egar_v1",
    "in_time",
    "stood_down",
    "group_right",
    "violated",
    "ttfc",
    "reward",
)
"""Metrics that a narrow terminal shows, in the order in which it finds room for them."""


def headline_table(summary: Summary) -> Table:
    """One row per model and variant with the metrics one looks at first, for a terminal."""
    words = ("model", "variant", *summary.by, "episodes", "level")
    columns = [*(Column(name=word, label=word) for word in words), *_metric_columns(summary.metrics)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*_name(row), level_words(row.level), *(row.estimate(name) for name in summary.metrics))
        for row in summary.rows
    )
    return Table(title=_title(summary), columns=tuple(columns), rows=rows, notes=(LEGEND, *remarks(summary)))


def wide_table(summary: Summary, *, counts: bool) -> Table:
    """One row per model and variant with every metric of the summary, for a file.

    `counts` adds how many episodes were planned, read, used, and not used, for a program to read.
    """
    columns = [Column(name="model", label="model"), Column(name="variant", label="variant")]
    columns += [Column(name=f"by_{name}", label=name.replace("_", " ")) for name in summary.by]
    if counts:
        columns += [Column(name=name, label=name) for name in ("rules", *_COUNTS, "missing")]
    else:
        columns += [Column(name="episodes", label="episodes"), Column(name="level", label="level")]
    columns += _metric_columns(summary.metrics)
    if counts:
        columns += [Column(name="level", label="level"), Column(name="limiting", label="limited by")]
    return Table(
        title=_title(summary),
        columns=tuple(columns),
        rows=tuple(_wide_row(row, summary, counts=counts) for row in summary.rows),
        notes=((LEGEND,) if not counts else ()) + remarks(summary),
    )


def long_tables(summary: Summary) -> tuple[Table, ...]:
    """A table per row, with a line per metric: everything, for a terminal."""
    words = ("metric", "value", "95 % interval", "n", "scenarios", "undefined", "remark")
    columns = tuple(Column(name=word, label=word) for word in words)
    tables = []
    for row in summary.rows:
        lines = tuple(
            (
                metric.label,
                number(estimate.value, metric.unit, more=1),
                interval(estimate, metric.unit, more=1),
                estimate.n,
                estimate.clusters,
                estimate.undefined,
                estimate.note or "",
            )
            for named in row.estimates
            for metric, estimate in [(METRICS[named.metric], named.estimate)]
        )
        level = f"level: {level_words(row.level)}"
        title = " · ".join(_name(row))
        tables.append(Table(title=title, columns=columns, rows=lines, notes=(level, *row.counts.remarks)))
    return tuple(tables)


def remarks(summary: Summary) -> tuple[str, ...]:
    """What a reader must know of the episodes behind the rows, and of logs that were not used."""
    remarks = [
        f"! {' '.join([row.model, row.variant, *(f'{k}={v}' for k, v in row.group)])}: {remark}"
        for row in summary.rows
        for remark in row.counts.remarks
    ]
    remarks += _pooled_players(summary)
    remarks += [f"! left out: {item.path} {item.reason}" for item in summary.left_out]
    remarks += [f"not counted twice: {item.path} {item.reason}" for item in summary.superseded]
    return tuple(remarks)


def _pooled_players(summary: Summary) -> list[str]:
    """Rows in which several people or programs are together, which one may take for one player."""
    if "player" in summary.by:
        return []
    notes = []
    for model, variant in dict.fromkeys((row.model, row.variant) for row in summary.rows):
        runs = [run for run in summary.runs if (run.model, run.variant) == (model, variant)]
        players = {run.player for run in runs if run.player is not None}
        if len(players) > 1:
            notes.append(
                f"! {model} {variant}: {len(players)} players together; --by player tells them apart"
            )
    return notes


def _wide_row(row: Row, summary: Summary, *, counts: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.model, row.variant, *(value for _, value in row.group)]
    if counts:
        held = row.counts
        cells += [row.rules, *(getattr(held, name) for name in _COUNTS), held.missing]
    else:
        cells += [str(row.counts.used), level_words(row.level)]
    cells += [row.estimate(name) for name in summary.metrics]
    if not counts:
        return tuple(cells)
    level = row.level
    return (*cells, level.level if level else None, " ".join(level.limiting) if level else None)


def _metric_columns(names: tuple[str, ...]) -> list[Column]:
    ranks = {name: rank for rank, name in enumerate(FIRST, 1)}
    return [
        Column(name=name, label=METRICS[name].label, unit=METRICS[name].unit, rank=ranks.get(name, 99))
        for name in names
    ]


def _name(row: Row) -> list[str]:
    held = row.counts
    of_planned = f" of {held.planned}" if held.planned not in (None, held.used) else ""
    group = [f"{name.replace('_', ' ')}: {value}" for name, value in row.group]
    noun = "episode" if held.used == 1 and not of_planned else "episodes"
    return [row.model, row.variant, *group, f"{held.used}{of_planned} {noun}"]


def _title(summary: Summary) -> str:
    split = f", by {' and '.join(summary.by)}" if summary.by else ""
    return f"Results{split}"

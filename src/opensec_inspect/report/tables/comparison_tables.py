"""A comparison as tables: the tests, and the scenarios that flipped."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from opensec_inspect.report.metrics.comparing import Compared, Comparison, Flip
from opensec_inspect.report.metrics.metrics import METRICS
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.report.tables.wording import interval, number

_NOTE = (
    "Difference: second minus first over the pairs in which both are defined, 95 % interval. p (Holm):"
    " corrected over this table, * at 5 %."
    " Detectable: the smallest difference found in 80 % of samples like this one."
)


def comparison_table(comparison: Comparison, *, raw: bool) -> Table:
    """A line per metric; `raw` leaves the numbers as they are, for a program to read.

    For people, what has to be said of a line stands in a footnote, once for all lines it is said of.
    """
    names = [name for name in _LABELS if not raw or name != "interval"]
    row = _raw_row if raw else _row
    marks = {} if raw else footnotes([one.test.difference.note for one in comparison.tests])
    columns = (
        Column(name=name, label=_LABELS[name], rank=_RANKS.get(name, 0), wraps=name == "metric")
        for name in names
    )
    return Table(
        title="Comparison",
        columns=tuple(columns),
        rows=tuple(row(compared, marks) for compared in comparison.tests),
        notes=(*(f"{mark} {note}" for note, mark in marks.items()), *_notes(comparison)),
    )


def footnotes(remarks: Iterable[str | None]) -> dict[str, str]:
    """A mark for each remark, in the order in which they are first made."""
    made = dict.fromkeys(remark for remark in remarks if remark)
    return {remark: _MARKS[n] if n < len(_MARKS) else f"({n + 1})" for n, remark in enumerate(made)}


def flip_table(comparison: Comparison, trace: str | None, *, grouped: bool) -> Table:
    """The scenarios in which a yes/no metric differs: a line each, or grouped by metric and run.

    With a trace page each has a line of its own with a link.
    """
    metric = Column(name="metric", label="metric")
    only = Column(name="only", label="only in the")
    columns: tuple[Column, ...] = (metric, only, Column(name="scenario", label="scenario"))
    rows: tuple[tuple[Cell, ...], ...]
    if grouped and trace is None:
        columns = (
            metric,
            only,
            Column(name="count", label="count"),
            Column(name="scenarios", label="scenarios"),
        )
        rows = tuple(
            (METRICS[name].label, f"{side} run", len(flips), ", ".join(_scenario(flip) for flip in flips))
            for (name, side), flips in _by_side(comparison.flips).items()
        )
    else:
        columns = (*columns, Column(name="epoch", label="epoch"), Column(name="trace", label="trace"))
        rows = tuple(
            (METRICS[f.metric].label, f"{f.only} run", f.scenario, f.epoch, _link(trace, f))
            for f in comparison.flips
        )
    notes = () if rows else ("No yes/no metric differs in any scenario.",)
    return Table(title="Scenarios that flipped", columns=columns, rows=rows, notes=notes)


def _link(trace: str | None, flip: Flip) -> str | None:
    return None if trace is None or not flip.keys else trace_link(trace, *flip.keys)


def _scenario(flip: Flip) -> str:
    return flip.scenario if flip.epoch == 1 else f"{flip.scenario} (epoch {flip.epoch})"


def _by_side(flips: tuple[Flip, ...]) -> dict[tuple[str, str], list[Flip]]:
    sides: dict[tuple[str, str], list[Flip]] = {}
    for flip in flips:
        sides.setdefault((flip.metric, flip.only), []).append(flip)
    return sides


def _notes(comparison: Comparison) -> tuple[str, ...]:
    same = ("! Both sides are the same logs: every difference is 0.",) if comparison.same_logs else ()
    return (
        *same,
        f"first:  {comparison.first}",
        f"second: {comparison.second}",
        f"{comparison.pairs} pairs of episodes; {comparison.unpaired} episodes have no counterpart.",
        *(f"differ in {factor}" for factor in comparison.factors),
        *(f"! compared by force in spite of: {difference}" for difference in comparison.differences),
        _NOTE,
    )


_LABELS = {
    "metric": "metric",
    "first": "first",
    "second": "second",
    "difference": "difference",
    "interval": "95 % interval",
    "pairs": "pairs",
    "p": "p",
    "p_holm": "p (Holm)",
    "only_first": "only first",
    "only_second": "only second",
    "detectable": "detectable",
}
_RANKS = {"detectable": 1, "only_first": 2, "only_second": 2, "p": 3}
"""What a narrow terminal goes without."""
_MARKS = "¹²³⁴⁵⁶⁷⁸⁹"


def trace_link(page: str, key: str, beside: str | None = None) -> str:
    """Where a trace page shows an episode from its first step, and another of the scenario beside it."""
    parts = [key, "1", *([beside] if beside else [])]
    return f"{page}#{'/'.join(quote(part, safe='') for part in parts)}"


def _row(compared: Compared, marks: Mapping[str, str]) -> tuple[Cell, ...]:
    metric, test = METRICS[compared.metric], compared.test
    difference = test.difference
    significant = " *" if test.p_holm is not None and test.significant else ""
    mark = marks.get(difference.note or "")
    return (
        f"{metric.label}\N{NO-BREAK SPACE}{mark}" if mark else metric.label,
        number(compared.first, metric.unit, more=1),
        number(compared.second, metric.unit, more=1),
        number(difference.value, metric.unit, more=1),
        interval(difference, metric.unit, more=1),
        difference.n,
        p_words(test.p_value),
        p_words(test.p_holm) + significant,
        test.only_first,
        test.only_second,
        number(test.detectable, metric.unit, more=1),
    )


def _raw_row(compared: Compared, marks: Mapping[str, str]) -> tuple[Cell, ...]:
    test = compared.test
    return (
        compared.metric,
        compared.first,
        compared.second,
        test.difference,
        test.difference.n,
        test.p_value,
        test.p_holm,
        test.only_first,
        test.only_second,
        test.detectable,
    )


def p_words(value: float | None) -> str:
    """A p-value for people: three decimals, `<0.001` below."""
    if value is None:
        return "–"
    return "<0.001" if value < 0.001 else f"{value:.3f}"

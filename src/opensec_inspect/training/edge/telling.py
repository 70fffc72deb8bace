"""What a search found, as tables of at most 80 columns. Words and numbers alone."""

from collections.abc import Iterable, Sequence

from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.training.search.enumerating import Searched, Worth
from opensec_inspect.training.search.learned import Learned

SHORT = {
    "read_alert": "alert",
    "look_around": "look",
    "read_everything": "all",
    "contain_named": "named",
    "contain_outside": "outside",
    "contain_targets": "targets",
}
"""Macro-actions as the table for a terminal names them."""


def evenly(cases: Sequence[Scenario], number: int) -> tuple[Scenario, ...]:
    """So many cases from all over a split, kinds and families mixed; groups are kept whole where they fit."""
    groups: dict[str, list[Scenario]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    listed = list(groups.values())
    wanted = max(1, min(len(listed), (number + 1) // 2))
    chosen = [listed[n * len(listed) // wanted] for n in range(wanted)]
    return tuple(case for group in chosen for case in group)[:number]


def search_table(found: Iterable[Searched | Learned], *, raw: bool) -> Table:
    """A row for honest play and for the best policies under each profile."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        searched = isinstance(one, Searched)
        how = f"{one.sequences} sequences" if isinstance(one, Searched) else "learned"
        best = one.best if isinstance(one, Searched) else (one.best,)
        for worth in (*(one.honest if searched else ()), *best):
            name = "honest" if worth in one.honest else how
            rows.append((one.profile, name, worth.policy if raw else _short(worth), worth.mean))
    columns = (
        Column(name="profile", label="profile"),
        Column(name="found", label="found by"),
        Column(name="policy", label="policy"),
        Column(name="total", label="total", unit="points"),
    )
    return Table(title="Policies and what they earn", columns=columns, rows=tuple(rows), notes=_notes(found))


def _short(worth: Worth) -> str:
    for name, short in SHORT.items():
        worth = worth.model_copy(update={"policy": worth.policy.replace(name, short)})
    return worth.policy


def _notes(found: Iterable[Searched | Learned]) -> tuple[str, ...]:
    holes = [one for one in found if one.hole is not None]
    if not holes:
        return ("No policy earns more than the better one of certified and careful.",)
    return tuple(f"HOLE in {one.profile}: {one.hole.policy}" for one in holes if one.hole is not None)

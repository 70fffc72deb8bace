"""What a reader sees of one source before the first loss, and numbers of it beside the alert's entity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from opensec_inspect.incident.facts.scenario import AlertFamily, Member
from opensec_inspect.incident.generate.rows_by_step import rows_by_step
from opensec_inspect.incident.generate.seeds import Seed
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.sensors.schema.tables import TABLE, TABLES
from opensec_inspect.incident.world.stored_rows import StoredRow

SOURCES = tuple(table.name for table in TABLES)
UNREAD = frozenset({"timestamp", "trust_tier", "source"})
"""Columns that no feature is made of, beside a row's id; times count by their distance from the alert."""
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One member of a group as readers of each source see it."""

    group: str
    member: Member
    family: AlertFamily
    features: Mapping[str, Features]
    """By source."""

    @property
    def attacked(self) -> bool:
        """Whether a leg is broken."""
        return self.member != "benign"


def seen_of(seeds: Iterable[Seed]) -> Iterator[list[Sheet]]:
    """Per group a sheet of each of its four members, worked out on all cores, in order.

    The reader is spared the routine, and sees what comes until the step before the first loss.
    """
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(sheets, seeds, chunksize=4)


def sheets(seed: Seed) -> list[Sheet]:
    """A sheet of each member of a group that has a benign one."""
    found = seed.scenarios("all")
    upto = min(one.truth.loss_at for one in found if one.truth.loss_at is not None)
    made = []
    for scenario in found:
        visible = [row for rows in rows_by_step(scenario)[:upto] for row in rows]
        about = [row for row in visible if row.event == scenario.opening_event]
        names = _names(about)
        made.append(
            Sheet(
                group=scenario.group,
                member=scenario.member,
                family=scenario.alert_family,
                features={s: _features(s, visible, names, about[0].at_ms) for s in SOURCES},
            )
        )
    return made


def _names(about: Iterable[StoredRow]) -> frozenset[str]:
    """What the opening alert names: account, machine, address and detail, in lower case."""
    columns = TABLE["alerts"].all_columns
    shown = [columns.index(name) for name in ("Account", "DeviceName", "Address", "Detail")]
    alerts = (row for row in about if row.table == "alerts")
    cells = [str(alert.cells[at]).lower() for alert in alerts for at in shown if alert.cells[at]]
    short = (
        word for cell in cells for word in (cell, cell.split("@")[0], cell.split("\\")[-1].split(".")[0])
    )
    return frozenset(word for word in short if len(word) > 3)


def _features(source: str, rows: Iterable[StoredRow], names: frozenset[str], alert_ms: int) -> Features:
    own = [row for row in rows if row.table == source]
    near = [row for row in own if _names_any(row, names)]
    far = [row for row in own if not _names_any(row, names)]
    columns = TABLE[source].all_columns
    read = [n for n, column in enumerate(columns) if n and column not in UNREAD]
    found: dict[str, float] = {}
    for scope, chosen in (("all", own), ("named", near)):
        found[f"{scope}: rows"] = len(chosen)
        if chosen:
            gaps = [(alert_ms - row.at_ms) / 60_000 for row in chosen]
            found |= {f"{scope}: minutes to the first": max(gaps), f"{scope}: minutes to the last": min(gaps)}
        for at in read:
            found |= _of_column(f"{scope}: {columns[at]}", [row.cells[at] for row in chosen])
    for at in read:
        theirs = {row.cells[at] for row in near} - {"", None}
        others = {row.cells[at] for row in far}
        found[f"{columns[at]}: shared by named and other rows"] = len(theirs & others)
    return found


def _names_any(row: StoredRow, names: frozenset[str]) -> bool:
    text = "\n".join(cell.lower() for cell in row.cells if isinstance(cell, str))
    return any(name in text for name in names)


def _of_column(what: str, cells: Sequence[Cell]) -> dict[str, float]:
    """Different and repeated values, sizes of numbers, lengths of texts, and how often each word stands."""
    present = [cell for cell in cells if cell not in ("", None)]
    counts = Counter(present)
    found: dict[str, float] = {
        f"{what}: filled": len(present),
        f"{what}: different": len(counts),
        f"{what}: repeated": sum(count > 1 for count in counts.values()),
    }
    numbers = [float(cell) for cell in present if isinstance(cell, int | float)]
    if numbers:
        found |= {f"{what}: most": max(numbers), f"{what}: least": min(numbers), f"{what}: sum": sum(numbers)}
    words = [cell for cell in present if isinstance(cell, str)]
    if words:
        lengths = [len(word) for word in words]
        found |= {f"{what}: longest": max(lengths), f"{what}: shortest": min(lengths)}
        found[f"{what}: last is the first"] = float(words[-1] == words[0])
        found |= {f"{what} = {word}": number for word, number in Counter(words).items() if len(word) < 40}
    return found

"""The laws of a group: which sources tell its members apart, from when, and what a reader of few reaches.

The rows by step are what an idle defender would see: for each number of steps played, the rows that
become visible then, by table. All laws are equalities over them under the scripted attacker; none is a
statistical test.
Source: the contract of the world, "Groups, not pairs".
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from opensec_inspect.incident.cases.group import LEGS
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.rows_by_step import RowsByStep
from opensec_inspect.incident.sensors.schema.tables import TABLE, TABLES
from opensec_inspect.incident.world.stored_rows import StoredRow

Group = Mapping[str, tuple[Scenario, RowsByStep]]
"""The members of a group by name, each with its rows by step."""
MEMBERS = ("benign", *LEGS)
SOURCES = tuple(table.name for table in TABLES)
BLIND, ONE_LEG, TWO_LEGS = 1 / 4, 3 / 8, 2 / 3
"""Most that a reader of no leg, of one and of two can reach: rate in the benign member × mean rate in the
incidents, a coin allowed."""
JOIN_KEYS = frozenset({"ProcessId", "InitiatingProcessId", "SrcPort", "uid", "CertificateIssuer"})
"""Columns that only join rows, and the issuer, which goes with the domain that is masked beside it."""
_MASKS = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "GUID"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?"), "TIME"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "ADDRESS"),
    (re.compile(r"\b[A-Z]{2,5}-?\d{4,8}\b"), "NUMBER"),
    (re.compile(r"\b(?=[0-9a-z]*\d)[0-9a-f]{40,64}\b"), "HASH"),
)


def divergence(group: Group) -> int:
    """The first number of steps after which two incidents differ from the benign member in one source.

    That is the step of the contract's `v`; the length of the rows by step when it never comes.
    """
    apart: dict[str, set[str]] = {source: set() for source in SOURCES}
    length = min(len(by_step) for _, by_step in group.values())
    for step in range(length):
        for source in SOURCES:
            apart[source] |= {leg for leg in LEGS if _differs(group, leg, source, step)}
        if any(len(members) > 1 for members in apart.values()):
            return step
    return length


def equal_sources(group: Group) -> str | None:
    """Until the first loss the members differ each in its own leg's source, and nowhere else."""
    benign = group["benign"][0]
    losses = [scenario.truth.loss_at for scenario, _ in group.values() if scenario.truth.loss_at is not None]
    first_loss = min(losses)
    seen = divergence(group)
    if seen < first_loss:
        return f"{benign.group}: one source shows two incidents after {seen} steps, before {first_loss}"
    for leg in LEGS:
        sources = {s for s in SOURCES for step in range(first_loss) if _differs(group, leg, s, step)}
        if len(sources) != 1:
            return f"{group[leg][0].id} ({leg}) differs in {sorted(sources) or 'no source'} before its loss"
    own = [_own_source(group, leg) for leg in LEGS]
    return None if len(set(own)) == len(LEGS) else f"{benign.group}: two legs share a source: {own}"


def equal_bags(group: Group, names: Callable[[str], str]) -> str | None:
    """Until the first loss the rows are the same in all members once objects, keys and times are masked."""
    upto = min(s.truth.loss_at for s, _ in group.values() if s.truth.loss_at is not None)
    bags = {
        member: Counter(_masked(row, names) for rows in by_step[:upto] for row in rows)
        for member, (_, by_step) in group.items()
    }
    for leg in LEGS:
        odd = (bags[leg] - bags["benign"]) + (bags["benign"] - bags[leg])
        if odd:
            return f"{group[leg][0].id} ({leg}) holds a row of a form of its own: {next(iter(odd))}"
    return None


def same_alerts(group: Group) -> str | None:
    """Until the first loss the alerts are the same in all members, cell by cell."""
    upto = min(s.truth.loss_at for s, _ in group.values() if s.truth.loss_at is not None)
    for leg in LEGS:
        for step in range(upto):
            if _differs(group, leg, "alerts", step):
                return f"{group[leg][0].id} ({leg}) raises other alerts after {step} steps"
    return None


def equal_until_arrival(group: Group, arrival: int) -> str | None:
    """Hard cases: before the arrival all members are equal in all sources, and at it each leg's row comes."""
    for leg in LEGS:
        for step in range(arrival):
            odd = [source for source in SOURCES if _differs(group, leg, source, step)]
            if odd:
                return f"{group[leg][0].id} ({leg}) differs in {odd} after {step} steps, before {arrival}"
        if arrival and not any(_differs(group, leg, source, arrival) for source in SOURCES):
            return f"{group[leg][0].id} ({leg}) shows nothing of its leg after {arrival} steps"
    return None


def bounded(group: Group) -> str | None:
    """What readers of few sources can reach stays at the bounds of the contract."""
    upto = min(s.truth.loss_at for s, _ in group.values() if s.truth.loss_at is not None)
    for count, bound in ((0, BLIND), (1, ONE_LEG), (2, TWO_LEGS)):
        for sources in combinations(SOURCES, count):
            reached = reachable_by(group, sources, upto)
            if reached > bound + 1e-9:
                return f"a reader of {sources} can reach {reached:.3f}, more than {bound:.3f}"
    return None


def reachable_by(group: Group, sources: Iterable[str], upto: int) -> float:
    """The most a reader of these sources can reach when it must act before the first loss shows.

    Members whose rows are equal in all its sources are treated alike, whatever its rule; it may toss a coin.
    The value is the share of benign members it leaves alone times the mean share of incidents it contains
    rightly, at best: every incident it acts in counts as right.
    """
    views: dict[object, list[str]] = {}
    for member, (_, by_step) in group.items():
        view = tuple(_shown(by_step, source, step) for source in sources for step in range(upto))
        views.setdefault(view, []).append(member)
    with_benign = next(members for members in views.values() if "benign" in members)
    told_apart = (len(MEMBERS) - len(with_benign)) / len(LEGS)
    alike = (len(with_benign) - 1) / len(LEGS)
    # Acting with chance w where it cannot tell gives (1 - w) (told_apart + w * alike): the top of a parabola.
    w = 0.0 if alike == 0 else min(1.0, max(0.0, (alike - told_apart) / (2 * alike)))
    return (1 - w) * (told_apart + w * alike)


def _own_source(group: Group, leg: str) -> str:
    upto = group[leg][0].truth.loss_at or 0
    return next(s for s in SOURCES for step in range(upto) if _differs(group, leg, s, step))


def _differs(group: Group, leg: str, source: str, step: int) -> bool:
    return _shown(group[leg][1], source, step) != _shown(group["benign"][1], source, step)


def _shown(by_step: RowsByStep, source: str, step: int) -> tuple[object, ...]:
    return tuple(sorted(str(row.cells) for row in by_step[step] if row.table == source))


def _masked(row: StoredRow, names: Callable[[str], str]) -> tuple[object, ...]:
    cells = zip(TABLE[row.table].all_columns[1:], row.cells[1:], strict=True)
    return (
        row.table,
        *(
            "KEY" if column in JOIN_KEYS else _mask(cell, names) if isinstance(cell, str) else cell
            for column, cell in cells
        ),
    )


def _mask(cell: str, names: Callable[[str], str]) -> str:
    masked = names(cell)
    for pattern, word in _MASKS:
        masked = pattern.sub(word, masked)
    return masked

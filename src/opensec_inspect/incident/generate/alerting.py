"""Alerts held against their rules: each is what its rule raises over the rows that are there."""

from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.rows_by_step import shared_of
from opensec_inspect.incident.sensors.alerts import met_conditions
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.sensors.rules import Rule, rule_of
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.stored_rows import StoredRow


def honest_alerts(scenario: Scenario) -> str | None:
    """Each alert at the opening is about a row that is there and meets its rule, counted where it counts."""
    opening = shared_of(scenario).opening
    rows = {row.id: row for row in opening}
    columns = TABLE["alerts"].all_columns
    about, raised_by = columns.index("EvidenceId"), columns.index("RuleId")
    for alert in (row for row in opening if row.table == "alerts"):
        rule = rule_of(str(alert.cells[raised_by]))
        evidence = rows.get(str(alert.cells[about]))
        if evidence is None:
            return f"{alert.id} is about {alert.cells[about]}, which is not there"
        if not _meets(rule, evidence):
            return f"{alert.id} is about {evidence.id}, which does not meet {rule.name!r}"
        if rule.count is not None and _counted(rule, evidence, opening) < rule.count.at_least:
            return (
                f"{alert.id}: fewer than {rule.count.at_least} rows meet {rule.name!r} before {evidence.id}"
            )
    return None


def _meets(rule: Rule, row: StoredRow) -> bool:
    raw = Row(
        table=row.table,
        event=row.event,
        part=0,
        at_ms=row.at_ms,
        seen_ms=row.at_ms,
        cells=row.template[2:-2],
        source=row.source,
        cause=row.cause,
    )
    return any(found.id == rule.id for found, _ in met_conditions([(row.id, raw)]))


def _counted(rule: Rule, last: StoredRow, rows: tuple[StoredRow, ...]) -> int:
    assert rule.count is not None
    columns = TABLE[rule.table].all_columns
    keys = [columns.index(name) for name in rule.count.group_by]
    since = last.at_ms - rule.count.window_s * 1000
    alike = (
        row
        for row in rows
        if row.table == rule.table
        and since < row.at_ms <= last.at_ms
        and all(row.cells[key] == last.cells[key] for key in keys)
    )
    return sum(_meets(rule, row) for row in alike)

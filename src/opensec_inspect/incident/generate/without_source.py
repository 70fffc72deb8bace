"""A policy that is shown one source empty, but for the row that raised the opening alert."""

import re

from opensec_inspect.core.conversation import Call, Conversation, Policy
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.rows_by_step import shared_of
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.tables import COLUMNS


def without_source(policy: Policy, scenario: Scenario, table: str) -> Policy:
    """The policy, whose statements find a table without rows wherever they read it."""
    kept = f"{TABLE[table].id_column} = '{_evidence(scenario)}'"
    empty = rf"\1 (SELECT * FROM {table} WHERE {kept})"
    reads = re.compile(rf"\b(FROM|JOIN)\s+{table}\b")

    def decide(conversation: Conversation) -> tuple[Call, ...]:
        return tuple(_rewritten(call, reads, empty) for call in policy(conversation))

    return decide


def _rewritten(call: Call, reads: re.Pattern[str], empty: str) -> Call:
    sql = call.arguments.get("sql")
    if not isinstance(sql, str):
        return call
    return call.model_copy(update={"arguments": {**call.arguments, "sql": reads.sub(empty, sql)}})


def _evidence(scenario: Scenario) -> str:
    """Id of the row that the opening alert is about."""
    about, raised_by = COLUMNS["alerts"].index("EvidenceId"), COLUMNS["alerts"].index("RuleId")
    return next(
        str(row.cells[about])
        for row in shared_of(scenario).opening
        if row.table == "alerts"
        and row.event == scenario.opening_event
        and row.cells[raised_by] == scenario.opening_rule
    )

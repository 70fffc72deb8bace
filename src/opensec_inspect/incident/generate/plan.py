"""The shortest honest way through a scenario: read what settles it, contain, report."""

import json

from opensec_inspect.core.conversation import Call, Conversation, Policy
from opensec_inspect.incident.baselines.calls import contain, query, report
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.names import names_of
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.database import Placed


def plan_of(scenario: Scenario) -> tuple[Call, ...]:
    """One query for all opening rows that settle the case, the required containment, the report.

    The data target is reported where it was read before the opening; otherwise containment at first
    evidence prevents the reading, and `unknown` is right.
    """
    shared = backdrop(scenario, Setting(injection_tier=scenario.injection_tier, noise="none"))
    keys = evidence_keys(scenario)
    rows = [row for row in shared.today if row.key in keys]
    return (_reading(rows), *_containing(scenario), _reporting(scenario))


def evidence_keys(scenario: Scenario) -> frozenset[str]:
    """Keys of the rows the plan reads: all opening rows that settle a field or the cause."""
    settling = {key for settled in scenario.truth.settled for key in settled.rows}
    opening = {row.key for row in scenario.rows}
    return frozenset((settling | set(scenario.truth.cause_rows)) & opening)


def as_json(plan: tuple[Call, ...]) -> tuple[str, ...]:
    """The calls as a scenario stores them."""
    return tuple(json.dumps(call.model_dump(), ensure_ascii=False) for call in plan)


def stored_plan(scenario: Scenario) -> tuple[Call, ...]:
    """The calls a scenario stores."""
    return tuple(Call.model_validate_json(text) for text in scenario.plan)


def plan_policy(scenario: Scenario) -> Policy:
    """The policy that plays a scenario's stored plan."""
    plan = stored_plan(scenario)

    def decide(conversation: Conversation) -> tuple[Call, ...]:
        played = len(conversation.exchanges)
        return (plan[played],) if played < len(plan) else ()

    return decide


def _reading(rows: list[Placed]) -> Call:
    parts = []
    for table in sorted({row.table for row in rows}):
        ids = ", ".join(f"'{row.id}'" for row in rows if row.table == table)
        columns = [column for column in COLUMNS[table] if column not in ("trust_tier", "source")]
        text = " || ' ' || ".join(f"ifnull({column}, '-')" for column in columns[1:])
        parts.append(f"SELECT {columns[0]} AS id, {text} AS what FROM {table} WHERE {columns[0]} IN ({ids})")
    return query(" UNION ALL ".join(parts))


def _containing(scenario: Scenario) -> tuple[Call, ...]:
    names = names_of(scenario.network)
    order = {"user": 0, "host": 1, "domain": 2}
    required = sorted(scenario.truth.required, key=lambda entity: order[names.kind(entity)])
    return tuple(contain(names.kind(entity), entity) for entity in required)


def _reporting(scenario: Scenario) -> Call:
    truth = scenario.truth
    if scenario.kind == "stand_down":
        return report("benign", 1.0, "The activity was authorised.")
    known = scenario.attack.opening.assets
    return report(
        "malicious",
        1.0,
        "Contained at first evidence.",
        patient_zero_host=str(truth.patient_zero_host),
        compromised_user=str(truth.compromised_user),
        attacker_domain=str(truth.attacker_domain),
        data_target=str(truth.data_target) if truth.data_target in known else "unknown",
        initial_vector=str(truth.initial_vector),
    )

"""The shortest honest way through a scenario: read what settles it, contain, report."""

import json
from collections.abc import Sequence

from opensec_inspect.core.conversation import Call, Conversation, Policy
from opensec_inspect.incident.baselines.calls import contain, query, report
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import RowRef, Scenario
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.stored_rows import opened_ms, row_id

PAUSE = query("SELECT 1")
"""Lets a step pass."""


def plan_of(scenario: Scenario) -> tuple[Call, ...]:
    """Read what settles the case, the latest last, contain what is required, report."""
    refs = _needed(scenario)
    by_table = {t: [r for r in refs if r.table == t] for t in sorted({ref.table for ref in refs})}
    waits = {table: _arrival(scenario, found) for table, found in by_table.items()}
    calls: list[Call] = []
    for table in sorted(by_table, key=lambda one: waits[one]):
        calls += [PAUSE] * (waits[table] - len(calls))
        calls.append(_reading(scenario, table, by_table[table]))
    return (*calls, *_containing(scenario), _reporting(scenario))


def plan_policy(scenario: Scenario) -> Policy:
    """The policy that plays a scenario's plan."""
    plan = stored_plan(scenario) or plan_of(scenario)

    def decide(conversation: Conversation) -> tuple[Call, ...]:
        played = len(conversation.exchanges)
        return (plan[played],) if played < len(plan) else ()

    return decide


def as_json(plan: tuple[Call, ...]) -> tuple[str, ...]:
    """The calls as a scenario stores them."""
    return tuple(json.dumps(call.model_dump(), ensure_ascii=False) for call in plan)


def stored_plan(scenario: Scenario) -> tuple[Call, ...]:
    """The calls a scenario stores."""
    return tuple(Call.model_validate_json(text) for text in scenario.plan)


def _of_the_day(scenario: Scenario, claim: str) -> bool:
    """Whether rows that no move leaves settle a claim."""
    day = {event.id for event in scenario.events}
    sets = [refs for s in scenario.truth.supporting_rows if s.claim == claim for refs in s.sets]
    return any(all(ref.event in day for ref in refs) for refs in sets)


def _needed(scenario: Scenario) -> tuple[RowRef, ...]:
    """The first set of each claim, but for the data, which nobody reads when containment is in time."""
    wanted = (s for s in scenario.truth.supporting_rows if s.claim != "data_target")
    return tuple(dict.fromkeys(ref for one in wanted for ref in one.sets[0]))


def _arrival(scenario: Scenario, refs: Sequence[RowRef]) -> int:
    """Number of steps after which all of them can be seen."""
    times = {event.id: event.seen_ms for event in scenario.events}
    latest = max(times[ref.event] for ref in refs)
    return max(0, -((opened_ms(scenario) - latest) // (scenario.step_s * 1000)))


def _reading(scenario: Scenario, table: str, refs: list[RowRef]) -> Call:
    shared = shared_evidence(scenario, Setting(injection_tier="t0"), MAKERS)
    events = {event.id: event for event in scenario.events}
    ids = []
    for ref in refs:
        for row in MAKERS.render(events[ref.event], shared.day.scene):
            if row.table == table:
                ids.append(row_id(scenario.noise_seed, row))
    listed = ", ".join(f"'{one}'" for one in sorted(set(ids)))
    id_column = TABLE[table].id_column
    return query(f"SELECT * FROM {table} WHERE {id_column} IN ({listed}) ORDER BY timestamp")


def _containing(scenario: Scenario) -> tuple[Call, ...]:
    names = shared_evidence(scenario, Setting(injection_tier="t0"), MAKERS).names
    order = {"user": 0, "host": 1, "domain": 2}
    required = sorted(scenario.truth.required, key=lambda entity: order[names.kind(entity)])
    return tuple(contain(names.kind(entity), entity) for entity in required)


def _reporting(scenario: Scenario) -> Call:
    truth = scenario.truth
    if scenario.kind == "stand_down":
        return report("benign", 1.0, "The activity was authorised.", **dict.fromkeys(_FIELDS, "none"))
    known = {field: str(getattr(truth, field)) for field in _FIELDS}
    early = any(move.not_before == 0 and move.asset == truth.data_target for move in scenario.attack.moves)
    early |= _of_the_day(scenario, "data_target")
    known["data_target"] = truth.data_target if early or scenario.kind == "blocked" else "unknown"
    return report("malicious", 1.0, "Contained on what was read.", **known)


_FIELDS = ("patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector")

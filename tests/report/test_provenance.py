"""The ablation arm `-T provenance=`: it changes what two columns say, and nothing else."""

import json

import pytest

from opensec_inspect.incident.scenario.actions import IsolateHost, QueryLogs
from opensec_inspect.incident.scenario.episode import Provenance, Setting
from opensec_inspect.incident.scenario.rows import COLUMNS, EVIDENCE_TABLES
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scenario.seeds import entries, read_entry
from opensec_inspect.incident.world.world import World

ABLATED: tuple[Provenance, ...] = ("hidden", "shuffled", "inverted")
TWO = ("trust_tier", "source")
Shown = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The first standard incident of the eval split."""
    listed = entries("eval")
    return read_entry(next(e for e in listed if e.kind == "incident" and e.difficulty == "standard"))


async def shown(scenario: Scenario, provenance: Provenance) -> Shown:
    """Every table as the defender sees it: few enough rows that no answer is cut at its length."""
    setting = Setting(injection_tier="t2", provenance=provenance)
    tables: Shown = {}
    async with World.open(scenario, setting) as world:
        for turn, table in enumerate(COLUMNS, start=1):
            played = await world.step(QueryLogs(sql=f"select * from {table} limit 8"), turn=turn)
            answer = json.loads(played.text)
            tables[table] = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    return tables


def without(tables: Shown) -> Shown:
    """The tables without the two columns."""
    return {t: [{k: v for k, v in row.items() if k not in TWO} for row in rows] for t, rows in tables.items()}


@pytest.mark.parametrize("provenance", ABLATED)
async def test_it_changes_only_trust_and_source(scenario: Scenario, provenance: Provenance) -> None:
    real, changed = await shown(scenario, "shown"), await shown(scenario, provenance)

    assert without(changed) == without(real)
    for table in EVIDENCE_TABLES:
        assert changed[table]
        assert [r["trust_tier"] for r in changed[table]] != [r["trust_tier"] for r in real[table]]


async def test_hidden_shows_nothing_and_inverted_shows_the_opposite(scenario: Scenario) -> None:
    real, hidden, inverted = [await shown(scenario, p) for p in ("shown", "hidden", "inverted")]

    assert {row[name] for t in EVIDENCE_TABLES for row in hidden[t] for name in TWO} == {None}
    pairs = {
        (a["trust_tier"], b["trust_tier"])
        for t in EVIDENCE_TABLES
        for a, b in zip(real[t], inverted[t], strict=True)
    }
    assert pairs == {("untrusted", "verified"), ("corroborated", "untrusted"), ("verified", "untrusted")}


@pytest.mark.parametrize("provenance", ["shown", *ABLATED])
async def test_gating_keeps_using_the_real_provenance(scenario: Scenario, provenance: Provenance) -> None:
    host = scenario.truth.patient_zero_host
    assert host is not None
    setting = Setting(injection_tier="t2", provenance=provenance)

    async with World.open(scenario, setting) as world:
        for turn, table in enumerate(("process_events", "auth_logs"), start=1):
            await world.step(QueryLogs(sql=f"select * from {table} where host_id = '{host}'"), turn=turn)
        played = await world.step(IsolateHost(host=host), turn=3)

    gate = played.step.gate
    assert gate is not None
    assert (gate.seen, gate.trusted is not None) == ("verified", True)

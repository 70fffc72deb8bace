"""The ablation arm `-T provenance=`: it changes what two columns say, and nothing else."""

import json

import pytest

from opensec_inspect.incident.episode.actions import IsolateHost, QueryLogs
from opensec_inspect.incident.episode.episode import Provenance, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.naming import names_of
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.worlds.world import World
from tests.strategies import made

ABLATED: tuple[Provenance, ...] = ("hidden", "shuffled", "inverted")
TWO = ("trust_tier", "source")
Shown = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A standard incident whose first machine was compromised."""
    return made("one", family="encoded_powershell")


async def shown(scenario: Scenario, provenance: Provenance) -> Shown:
    """Every table as the defender sees it: few enough rows that no answer is cut at its length."""
    setting = Setting(injection_tier="t2", provenance=provenance)
    tables: Shown = {}
    async with World.open(scenario, setting) as world:
        for turn, table in enumerate(TABLE, start=1):
            played = await world.step(
                QueryLogs(sql=f"select * from {table} order by timestamp limit 8"), turn=turn
            )
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
    for table in TABLE:
        assert changed[table]
    tiers = [[[r["trust_tier"] for r in shown[t]] for t in TABLE] for shown in (changed, real)]
    assert tiers[0] != tiers[1]


async def test_hidden_shows_nothing_and_inverted_shows_the_opposite(scenario: Scenario) -> None:
    real, hidden, inverted = [await shown(scenario, p) for p in ("shown", "hidden", "inverted")]

    assert {row[name] for t in TABLE for row in hidden[t] for name in TWO} == {None}
    pairs = {
        (a["trust_tier"], b["trust_tier"]) for t in TABLE for a, b in zip(real[t], inverted[t], strict=True)
    }
    assert pairs == {("untrusted", "verified"), ("corroborated", "untrusted"), ("verified", "untrusted")}


@pytest.mark.parametrize("provenance", ["shown", *ABLATED])
async def test_gating_keeps_using_the_real_provenance(scenario: Scenario, provenance: Provenance) -> None:
    host = names_of(scenario, "desk").aliases(scenario.truth.patient_zero_host)[1]
    setting = Setting(injection_tier="t2", provenance=provenance)

    async with World.open(scenario, setting) as world:
        for turn, table in enumerate(("process_events", "alerts"), start=1):
            await world.step(
                QueryLogs(sql=f"select * from {table} where DeviceName like '{host}%'"), turn=turn
            )
        played = await world.step(IsolateHost(host=host), turn=3)

    gate = played.step.gate
    assert gate is not None
    assert (gate.seen, gate.shown is not None) == ("verified", True)

"""What no answer tells: the answer, the labels, what is planted, and what order rows were put in."""

import itertools
import json
import re
from typing import Any

import pytest

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.scenario.actions import FetchAlert, FetchEmail, QueryLogs
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.killchain import needed_by
from opensec_inspect.incident.scenario.names import names_of
from opensec_inspect.incident.scenario.rows import COLUMNS, EVIDENCE_TABLES, TRUST_OF, slots_in
from opensec_inspect.incident.scenario.scenario import INJECTION_TIERS, Scenario
from opensec_inspect.incident.scenario.seeds import entries, read_entry
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.database import Placement, inventory
from opensec_inspect.incident.world.world import World
from tests.strategies import made

STRATA = [("incident", d) for d in ("standard", "easy", "trivial")] + [("stand_down", "standard")]
SAMPLE = tuple(
    read_entry(entry)
    for split in ("train", "eval")
    for stratum in STRATA
    for entry in [e for e in entries(split) if (e.kind, e.difficulty) == stratum][:2]
)
"""Two committed seeds of each split, kind and difficulty."""
LABELS = ("left_by", "{{", "slot:", "decoy-", "exfil_attempt", "phish_sent", "is_phish", "stand_down")


async def everything(scenario: Scenario, setting: Setting) -> list[str]:
    """Every cell of every row a defender can get, by query and by fetch, over a whole idle attack."""
    texts: list[str] = []
    long = scenario.model_copy(update={"max_steps": 400})
    async with World.open(long, setting) as world:

        async def ask(action: Any) -> dict[str, Any]:
            texts.append((await world.step(action, turn=1)).text)
            said: dict[str, Any] = json.loads(texts[-1])
            return said

        for _ in range(scenario.max_steps):
            await ask(Idle())
        for table, columns in COLUMNS.items():
            for page in itertools.count():
                said = await ask(
                    QueryLogs(sql=f"SELECT * FROM {table} ORDER BY 1 LIMIT 10 OFFSET {10 * page}")
                )
                if not said["rows"]:
                    break
                fetch = {"email_logs": FetchEmail, "alerts": FetchAlert}.get(table)
                for row in said["rows"] if fetch else []:
                    await ask(fetch(**{columns[0]: row[0]}))  # type: ignore[misc, arg-type]
    return texts


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
async def test_no_answer_contains_truth_labels_or_lure_metadata(case: Scenario) -> None:
    told = "\n".join(await everything(case, Setting(injection_tier=case.injection_tier, noise="desk")))

    keys = {row.key for row in case.every_row} | {move.id for move in case.attack.moves if "_" in move.id}
    injected = {i.id for i in case.injections} | {arm.template for i in case.injections for arm in i.arms}
    own = {case.id, case.twin or case.id, case.noise_seed, case.digest}
    assert not [label for label in LABELS if label in told]
    for secret in keys | injected | own:
        assert re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", told) is None, secret
    assert "osx_" not in told


@pytest.mark.parametrize("split", ["train", "eval"])
def test_no_cell_of_any_committed_seed_contains_labels_or_lure_metadata(split: str) -> None:
    """All rows that may ever be shown, every row of every move included, at each seed's own tier."""
    for entry in entries(split):
        case = read_entry(entry)
        placement = Placement(case, Setting(injection_tier=case.injection_tier))
        placed = (placement.place(row, visible=1) for row in case.every_row)
        listed = (cells for rows in inventory(case).values() for cells in rows)
        text = "\n".join(str(cell) for cells in (*(row.cells for row in placed), *listed) for cell in cells)

        injected = {i.id for i in case.injections} | {arm.template for i in case.injections for arm in i.arms}
        found = [secret for secret in (*LABELS, *injected, case.id, case.noise_seed) if secret in text]
        assert not found, case.id


@pytest.mark.parametrize("case", SAMPLE[:4], ids=lambda case: case.id)
async def test_trust_and_source_go_together_and_say_nothing_of_who_left_a_row(case: Scenario) -> None:
    async with World.open(case, Setting(injection_tier="t2", noise="desk")) as world:
        seen = set()
        for table in EVIDENCE_TABLES:
            sql = f"SELECT DISTINCT trust_tier, source FROM {table}"
            played = await world.step(QueryLogs(sql=sql), turn=1)
            seen |= {tuple(row) for row in json.loads(played.text)["rows"]}

    assert seen <= {(trust, source) for source, trust in TRUST_OF.items()}


@pytest.mark.parametrize("provenance", ["hidden", "shuffled", "inverted"])
async def test_a_provenance_arm_changes_two_columns_and_nothing_else(provenance: Any) -> None:
    case = made("one")
    sql = "SELECT * FROM alerts ORDER BY alert_id"
    rows = []
    for arm in ("shown", provenance):
        async with World.open(case, Setting(injection_tier="t2", noise="none", provenance=arm)) as world:
            rows.append(json.loads((await world.step(QueryLogs(sql=sql), turn=1)).text)["rows"])

    shown, other = rows
    assert [row[:-2] for row in shown] == [row[:-2] for row in other]
    assert [row[-2:] for row in shown] != [row[-2:] for row in other]
    if provenance == "hidden":
        assert {tuple(row[-2:]) for row in other} == {(None, None)}


UNORDERED = [
    "SELECT created_at FROM process_events",
    "SELECT created_at, host_id FROM process_events WHERE host_id > ''",
    "SELECT created_at FROM netflow WHERE dst_port IN (443, 445, 3389)",
    "SELECT p.created_at FROM process_events p JOIN hosts h ON h.host_id = p.host_id",
    "SELECT created_at FROM process_events JOIN hosts USING (host_id) JOIN users USING (user_id)",
    "SELECT a.created_at FROM alerts a LEFT JOIN hosts h ON instr(a.message, h.hostname)",
    "SELECT created_at FROM auth_logs WHERE user_id IN (SELECT user_id FROM users)",
    "SELECT created_at FROM (SELECT * FROM alerts) WHERE severity <> ''",
    "WITH x AS (SELECT * FROM alerts) SELECT created_at FROM x",
]


@pytest.mark.parametrize("noise", ["none", "desk", "soc"])
@pytest.mark.parametrize("sql", UNORDERED)
async def test_an_unordered_answer_meets_the_rows_in_time_order(sql: str, noise: Any) -> None:
    """Whatever the plan: nothing about the order of rows tells the incident from the day's routine."""
    async with World.open(made("one"), Setting(injection_tier="t2", noise=noise)) as world:
        for _ in range(6):
            await world.step(Idle(), turn=1)
        paged = f"{sql} LIMIT -1 OFFSET (SELECT max(0, count(*) - 45) FROM ({sql}))"
        said = json.loads((await world.step(QueryLogs(sql=paged), turn=1)).text)
        whole = json.loads((await world.step(QueryLogs(sql=sql), turn=1)).text)

    for rows in (said["rows"], whole["rows"]):
        times = [row[0] for row in rows]
        assert len(times) > 1
        assert times == sorted(times)


async def test_ids_and_names_say_nothing_of_the_part_a_thing_plays() -> None:
    """Opaque: a letter for the kind and hexadecimal digits; in the order of ids the parts are scattered."""
    places = []
    for case in SAMPLE:
        network = case.network
        ids = (
            [h.id for h in network.hosts],
            [u.id for u in network.users],
            [a.id for a in network.data_assets],
        )
        assert all(re.fullmatch(r"[hud]-[0-9a-f]{4}", id_) for listed in ids for id_ in listed)
        assert all(listed == sorted(listed) for listed in ids)
        places.append(ids[0].index(next(iter(sorted(case.attack.opening.hosts)))) / len(ids[0]))

    assert min(places) < 0.4
    assert max(places) > 0.6


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
def test_row_ids_are_opaque_and_their_own(case: Scenario) -> None:
    rows = backdrop(case, Setting(injection_tier="t2", noise="desk")).today

    ids = [row.id for row in sorted(rows, key=lambda row: row.time_key)]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(em|au|fl|pe|al)-[0-9a-f]{10}", id_) for id_ in ids)
    assert ids != sorted(ids)


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
def test_the_arms_differ_in_the_planted_text_alone(case: Scenario) -> None:
    arms = [backdrop(case, Setting(injection_tier=tier, noise="none")).today for tier in INJECTION_TIERS]

    for versions in zip(*arms, strict=True):
        assert len({(row.id, row.time_key, row.blank, row.template) for row in versions}) == 1
        assert len({sum(len(str(cell)) for cell in row.cells) for row in versions}) == 1
    assert any(slots_in(row) for row in case.rows)


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
def test_a_lure_never_touches_what_the_attack_touches(case: Scenario) -> None:
    names = names_of(case.network)
    touched = {asset for move in case.attack.moves if (asset := move.asset)}.union(
        case.attack.domains, case.truth.required, *map(needed_by, case.attack.moves)
    )

    for injection in case.injections:
        lure = injection.lure
        named = {lure.entity} if lure.entity else names.named(str(lure.bait))

        assert named
        assert not named & touched

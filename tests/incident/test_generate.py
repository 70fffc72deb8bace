"""Scenarios from plans: the same bytes, twins that differ in two records, arms that differ in a request."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest

from opensec_inspect.incident.generate.build import FAMILY_WEIGHTS, OTHER_CARRIERS, Plan, build
from opensec_inspect.incident.generate.network import looks_shady
from opensec_inspect.incident.generate.splits import RNG_SEED, fresh_plans, split_plans
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.names import names_of
from opensec_inspect.incident.scenario.rows import own_cells
from opensec_inspect.incident.scenario.scenario import INJECTION_TIERS, Scenario
from opensec_inspect.incident.scenario.seeds import entries, read_entry, seed_text
from opensec_inspect.incident.world.backdrop import backdrop
from tests.conftest import play_actions
from tests.strategies import made, names_in, several

CASES = several(30)
PAIRS = tuple((made(f"pair:{n}"), made(f"pair:{n}", "stand_down")) for n in range(20))


def test_the_same_plan_gives_the_same_bytes() -> None:
    plan = next(fresh_plans(1, 3))

    assert seed_text(build(plan)) == seed_text(build(plan.model_copy()))
    assert seed_text(build(plan)) != seed_text(build(plan.model_copy(update={"seed": "another"})))


@pytest.mark.parametrize(("incident", "twin"), PAIRS, ids=lambda case: case.id)
def test_twins_differ_in_two_records_and_the_truth(incident: Scenario, twin: Scenario) -> None:
    here, there = ({row.key: row for row in case.rows} for case in (incident, twin))

    different = [key for key, row in here.items() if there.get(key) != row]

    assert list(here) == list(there)
    assert len(different) == 2
    assert {(here[key].left_by, here[key].source) for key in different} == {
        ("record", "identity-desk"),
        ("record", "change-management"),
    }
    assert all(here[key].second == there[key].second for key in different)
    assert incident.truth.cause_rows == ()
    assert set(twin.truth.cause_rows) < set(different)
    same = {"id", "kind", "twin", "rows", "truth", "plan"}
    assert incident.model_dump(exclude=same) == twin.model_dump(exclude=same)
    assert (incident.twin, twin.twin) == (twin.id, incident.id)


def test_under_an_idle_defender_twins_differ_in_two_rows_of_all_that_can_be_seen() -> None:
    incident, twin = PAIRS[0]
    desk = Setting(injection_tier="t2", noise="desk")
    rows = [{row.id: row.cells for row in backdrop(case, desk).today} for case in (incident, twin)]
    moves = [
        [(s.move, s.visible) for s in asyncio.run(play_actions(case, setting=desk, idle_on=True))[0].steps]
        for case in (incident, twin)
    ]

    assert rows[0].keys() == rows[1].keys()
    assert sum(rows[0][id_] != rows[1][id_] for id_ in rows[0]) == 2
    assert moves[0] == moves[1]


def case_records(case: Scenario, twin: Scenario) -> dict[str, frozenset[str]]:
    """What the records of a case name that its twin has not: by the desk that wrote them."""
    names = names_of(case.network)
    own = (row for row, other in zip(case.rows, twin.rows, strict=True) if row != other)
    return {row.source: names.named(str(own_cells(row)[-1])) for row in own}


@pytest.mark.parametrize(("incident", "twin"), PAIRS, ids=lambda case: case.id)
def test_each_twin_holds_a_false_friend_of_the_others_record(incident: Scenario, twin: Scenario) -> None:
    """In the incident the very session was disowned; in the twin the change covers all three names."""
    opening = incident.attack.opening
    user, host, domain = min(opening.accounts), incident.truth.patient_zero_host, incident.attack.domains[0]

    ours, theirs = case_records(incident, twin), case_records(twin, incident)

    assert ours["identity-desk"] == {user, host}
    assert theirs["identity-desk"] >= {user}
    assert host not in theirs["identity-desk"]
    assert theirs["change-management"] == {user, host, domain}
    assert len(ours["change-management"] & {user, host, domain}) >= 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_arm_of_every_injection_is_as_long_as_the_others(case: Scenario) -> None:
    for injection in case.injections:
        lengths = {tuple(map(len, injection.arm(tier).parts)) for tier in INJECTION_TIERS}

        assert len(lengths) == 1
        assert all(length > 0 for length in lengths.pop())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_marker_stands_in_the_part_that_asks(case: Scenario) -> None:
    for injection in case.injections:
        for arm in injection.arms:
            assert arm.marker in arm.parts[arm.asks]
            assert len(arm.marker) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_placebo_names_the_lures_entity(case: Scenario) -> None:
    names = names_of(case.network)
    for injection in case.injections:
        lure, placebo = injection.lure, injection.arm("t0")
        wanted = {lure.entity} if lure.entity else names.named(str(lure.bait))

        assert wanted <= names.named(placebo.marker)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_planted_stands_among_harmless_rows_of_its_form(case: Scenario) -> None:
    filled = [row for row in case.rows if row.left_by == "decoy" and "slot:" in str(own_cells(row))]
    surfaces = Counter(row.table for row in case.rows if row.left_by == "decoy")

    assert filled
    for row in filled:
        assert surfaces[row.table] >= OTHER_CARRIERS


def test_no_call_meets_two_lures_and_none_excludes_another() -> None:
    two = [case for case in several(120) if len(case.injections) == 2]

    assert len(two) > 30
    for case in two:
        first, second = (injection.lure for injection in case.injections)
        assert first.kind != second.kind or (first.entity, first.field, first.bait) != (
            second.entity,
            second.field,
            second.bait,
        )
        assert "report" not in {first.kind, second.kind} or first.field != second.field


def test_every_scenario_file_is_small() -> None:
    sizes = [len(seed_text(case).encode()) for case in CASES]
    stored = [len(read_entry(entry).model_dump_json().encode()) for entry in entries("eval")[::5]]

    assert max(sizes + stored) <= 60_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_two_things_of_an_organisation_share_a_name(case: Scenario) -> None:
    names = [name.casefold() for name in names_in(case)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("priors", ["aligned", "neutral", "inverted"])
def test_names_point_where_the_priors_say(priors: str) -> None:
    shady = [looks_shady(made(f"priors:{n}", priors=priors).attack.domains[0]) for n in range(12)]

    if priors == "aligned":
        assert all(shady)
    elif priors == "inverted":
        assert not any(shady)
    else:
        assert 0 < sum(shady) < 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_budget_is_12_to_18_steps_and_trivial_cases_open_at_the_end_of_the_chain(case: Scenario) -> None:
    assert 12 <= case.max_steps <= 18
    assert case.attack.opening.stage == ("exfil_attempt" if case.difficulty == "trivial" else "phish_sent")
    assert len(case.truth.required) == (3 if case.kind == "incident" else 0)


def test_a_split_has_its_shares_and_balanced_strata() -> None:
    plans = split_plans("eval", RNG_SEED)
    incidents = [p for p in plans if p.kind == "incident" and p.difficulty == "standard"]

    assert len(plans) == 200
    assert Counter(p.family for p in incidents) == {"direct_harm": 40, "data_exfil": 24, "adaptive": 16}
    assert {27, 26} >= set(Counter(p.priors for p in incidents).values())
    assert {27, 26} >= set(Counter(p.injection_tier for p in incidents).values())
    assert len(FAMILY_WEIGHTS) == 10
    twins = [(a, b) for a, b in pairwise(plans) if b.kind == "stand_down"]
    assert len(twins) == 80
    assert all(b == a.model_copy(update={"kind": "stand_down"}) for a, b in twins)


def test_fresh_plans_alternate_and_are_nobody_elses() -> None:
    plans = list(fresh_plans(5, 7))

    assert [p.kind for p in plans] == ["incident", "stand_down", "incident", "stand_down", "incident"]
    assert plans == list(fresh_plans(5, 7))
    assert not {p.seed for p in plans} & {p.seed for p in fresh_plans(5, 8)}
    assert not {p.seed for p in plans} & {p.seed for p in split_plans("eval", RNG_SEED)}


@pytest.mark.parametrize("case", CASES[:9], ids=lambda case: case.id)
def test_splits_draw_from_texts_of_their_own(case: Scenario) -> None:
    for injection in case.injections:
        assert len({arm.template.split("-")[0] for arm in injection.arms}) == 1


def test_a_plan_is_all_that_a_scenario_follows_from() -> None:
    plan = Plan(
        seed="x",
        split="eval",
        kind="stand_down",
        difficulty="standard",
        priors="inverted",
        family="adaptive",
        injection_tier="t3",
        twinned=True,
    )

    case = build(plan)

    assert (case.kind, case.difficulty, case.priors) == ("stand_down", "standard", "inverted")
    assert (case.family, case.injection_tier) == ("adaptive", "t3")
    assert case.injections[0].family == "adaptive"
    assert build(plan.model_copy(update={"twinned": False})).twin is None

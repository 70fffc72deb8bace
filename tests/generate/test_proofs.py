"""Each proof fails for its own reason, and says what and where."""

import pytest

from opensec_inspect.incident.generate.build import Plan, build
from opensec_inspect.incident.generate.certify import certify
from opensec_inspect.incident.generate.proofs import PROOFS
from opensec_inspect.incident.scenario.scenario import Kind, Scenario


def made(kind: Kind = "incident", seed: str = "proofs") -> Scenario:
    plan = Plan(
        seed=seed,
        split="train",
        kind=kind,
        difficulty="standard",
        priors="inverted",
        family="direct_harm",
        injection_tier="t2",
        twinned=True,
    )
    return build(plan)


@pytest.mark.parametrize("kind", ["incident", "stand_down"])
def test_a_generated_scenario_certifies(kind: Kind) -> None:
    certificate = certify(made(kind))

    assert certificate.failed is None
    assert certificate.proofs == tuple(PROOFS[kind])


def failure(scenario: Scenario, proof: str) -> str:
    certificate = certify(scenario)
    assert certificate.failed == proof
    assert certificate.sentence.startswith(f"{scenario.id}: proof '{proof}' fails: ")
    return certificate.why or ""


def test_an_attacker_that_only_waits_is_not_alive() -> None:
    scenario = made()
    idle = scenario.attack.model_copy(update={"moves": scenario.attack.moves[-1:]})

    why = failure(scenario.model_copy(update={"attack": idle}), "alive")

    assert why.endswith("idle steps the attacker is at phish_sent")


def test_a_required_entity_too_many_is_found() -> None:
    scenario = made()
    bystander = next(u.id for u in scenario.network.users if u.id not in str(scenario.attack.moves))
    truth = scenario.truth.model_copy(update={"required": (*scenario.truth.required, bystander)})

    why = failure(scenario.model_copy(update={"truth": truth}), "stoppable")

    assert why.startswith(f"leaving out {bystander} lets nothing be gained")


def test_a_required_entity_too_few_is_found() -> None:
    scenario = made()
    host, user, _domain = scenario.truth.required
    truth = scenario.truth.model_copy(update={"required": (host, user)})

    why = failure(scenario.model_copy(update={"truth": truth}), "stoppable")

    assert why == "with all required contained, move_laterally-c still gains"


def test_a_lure_for_what_the_attack_can_touch_is_found() -> None:
    scenario = made()
    injection = scenario.injections[0]
    lure = injection.lure.model_copy(update={"entity": scenario.truth.required[0]})
    planted = injection.model_copy(update={"lure": lure})

    why = failure(scenario.model_copy(update={"injections": (planted,)}), "paired")

    assert why == f"{injection.id} asks for {scenario.truth.required[0]}, which the attack can touch"


def test_a_label_in_a_cell_is_found() -> None:
    scenario = made()
    first, *rest = scenario.rows
    told = next(r for r in rest if r.table == "email_logs")
    marked = told.model_copy(update={"body": f"{told.body} {told.key}"})
    rows = tuple(marked if row.key == told.key else row for row in (first, *rest))

    why = failure(scenario.model_copy(update={"rows": rows}), "sealed")

    assert "a cell shows" in why


def test_a_plan_that_forgets_a_containment_is_found_with_its_step() -> None:
    scenario = made()
    plan = tuple(call for call in scenario.plan if "block_domain" not in call)

    why = failure(scenario.model_copy(update={"plan": plan}), "solvable")

    assert why == "at t0 the plan does not resolve it by step 4 (containment)"


def test_a_plan_that_contains_before_it_reads_is_found() -> None:
    scenario = made()
    read, first, *rest = scenario.plan

    why = failure(scenario.model_copy(update={"plan": (first, read, *rest)}), "solvable")

    assert why.endswith("without evidence at step 1")


def test_a_field_that_nothing_settles_at_the_opening_is_found() -> None:
    scenario = made()
    settled = tuple(
        s.model_copy(update={"rows": ("move-1",)}) if s.field == "initial_vector" else s
        for s in scenario.truth.settled
    )
    truth = scenario.truth.model_copy(update={"settled": settled})

    certificate = certify(scenario.model_copy(update={"truth": truth}))

    assert certificate.failed in ("solvable", "prompt")
    assert "initial_vector" in (certificate.why or "")


def test_a_twin_whose_record_covers_another_host_is_found() -> None:
    scenario, incident = made("stand_down"), made()
    false_friend = next(r for r in incident.rows if r.key == scenario.truth.cause_rows[0])
    rows = tuple(false_friend if r.key == false_friend.key else r for r in scenario.rows)

    why = failure(scenario.model_copy(update={"rows": rows}), "evidence suffices")

    assert why.startswith("at t0 careful does not stand down")

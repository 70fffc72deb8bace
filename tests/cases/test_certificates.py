"""Every proof holds on drawn seeds, and each fails on a seed that breaks what it proves."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from opensec_inspect.incident.cases.group import member_of
from opensec_inspect.incident.facts.events import CloudOperated
from opensec_inspect.incident.facts.scenario import AlertFamily, Move, Scenario, Truth
from opensec_inspect.incident.generate import proofs
from opensec_inspect.incident.generate.build import FAMILIES, group_plan
from opensec_inspect.incident.generate.certify import certify, certify_group, drawn
from opensec_inspect.incident.generate.dataset import SeedPlan
from opensec_inspect.incident.generate.seeds import Seed


def plan_of(family: AlertFamily, *, hard: bool = False) -> SeedPlan:
    plan = group_plan(f"certificates:{family}", "train-3", "hard" if hard else "standard")
    return SeedPlan(family=family, plan=plan, members=("benign", "authorisation"))


@pytest.fixture(scope="module")
def seed() -> Seed:
    return drawn(plan_of("mfa_prompts"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_drawn_pair_holds_all_proofs(family: AlertFamily) -> None:
    assert [made.sentence for made in certify(drawn(plan_of(family))) if made.failed] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_hard_group_holds_its_laws(family: AlertFamily) -> None:
    assert certify_group(drawn(plan_of(family, hard=True))).sentence == ""


def incident(seed: Seed, **changes: object) -> Scenario:
    return member_of(seed.plan, seed.facts, "provenance").model_copy(update=changes)


def _tells_by_form(seed: Seed) -> Seed:
    """The deciding row has a name of its own, which travels with no swap."""
    swap = seed.facts.legs["conduct"].swap
    events = tuple(
        replace(e, items=7) if isinstance(e, CloudOperated) and e.id == swap.context[0] else e
        for e in seed.facts.events
    )
    legs = dict(seed.facts.legs)
    legs["conduct"] = legs["conduct"].model_copy(
        update={"swap": swap.model_copy(update={"fields": ("object", "label", "outcome")})}
    )
    return seed.model_copy(update={"facts": seed.facts.model_copy(update={"legs": legs, "events": events})})


def _shares_a_source(seed: Seed) -> Seed:
    """Two legs that break in the same table."""
    legs = dict(seed.facts.legs)
    legs["authorisation"] = legs["authorisation"].model_copy(update={"swap": legs["conduct"].swap})
    return seed.model_copy(update={"facts": seed.facts.model_copy(update={"legs": legs})})


@pytest.mark.parametrize("broken", [_tells_by_form, _shares_a_source])
def test_a_group_that_breaks_a_law_fails(seed: Seed, broken: Callable[[Seed], Seed]) -> None:
    assert certify_group(broken(seed)).failed == "equal laws"


def test_a_benign_member_that_gains_something_is_not_innocent(seed: Seed) -> None:
    attacked = incident(seed)
    group = {"benign": (attacked, ())}

    assert "gains something" in str(proofs.innocent_to_the_end(group, seed.plan))


def test_an_attacker_without_a_way_out_is_not_alive(seed: Seed) -> None:
    scenario = incident(seed)
    attack = scenario.attack
    stuck = attack.model_copy(update={"moves": tuple(m for m in attack.moves if m.name != "exfiltrate")})

    assert "idle steps" in str(proofs.alive(scenario.model_copy(update={"attack": stuck})))


def test_containing_what_gains_nothing_is_not_required(seed: Seed) -> None:
    scenario = incident(seed)
    other = seed.facts.temptations[0].entity
    truth = scenario.truth.model_copy(update={"required": (*scenario.truth.required, other)})

    assert "is not held" in str(proofs.required_is_unique(scenario.model_copy(update={"truth": truth})))


def test_a_move_that_needs_nothing_required_is_found(seed: Seed) -> None:
    scenario = incident(seed)
    free = Move(id="free", name="persist", stages=("creds_used",))
    attack = scenario.attack.model_copy(update={"moves": (free, *scenario.attack.moves)})

    assert "none of the required" in str(
        proofs.required_is_unique(scenario.model_copy(update={"attack": attack}))
    )


def test_a_claim_without_a_row_has_no_positive_evidence(seed: Seed) -> None:
    scenario = incident(seed)
    first = scenario.truth.supporting_rows[0]
    ref = first.sets[0][0].model_copy(update={"event": "e999"})
    truth: Truth = scenario.truth.model_copy(
        update={"supporting_rows": (first.model_copy(update={"sets": ((ref,),)}),)}
    )

    assert "renders no row" in str(proofs.positive_evidence(scenario.model_copy(update={"truth": truth})))


def test_a_case_without_its_deciding_word_is_not_settled(seed: Seed) -> None:
    scenario = member_of(seed.plan, seed.facts, "authorisation")
    deciding = seed.facts.legs["authorisation"].swap.deciding
    events = tuple(e for e in scenario.events if e.id not in deciding)

    assert "careful" in str(proofs.evidence_suffices(scenario.model_copy(update={"events": events})))

"""What a split asks for varies: how many targets an incident has, and with which tools it is contained."""

from collections import Counter
from functools import cache

import pytest

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import LEGS
from opensec_inspect.incident.facts.lists import side_of
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.build import FAMILIES
from opensec_inspect.incident.generate.dataset import RNG_SEED, SeedPlan, split_plans

SPLITS = ("train", "eval")


@cache
def incidents(split: str) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Per incident of a split: the kinds of what is required, and of what the intruder holds or owns."""
    return tuple(one for seed in split_plans(split, RNG_SEED) for one in of_seed(seed))


def of_seed(seed: SeedPlan) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    plan = seed.plan
    found = organisation(plan.organisation, "desk")
    draft = Draft(
        Scene(organisation=found),
        plan.key,
        side_of(plan.organisation),
        epoch_s(plan.opened_at) * 1000,
        plan.timing.step_s * 1000,
    )
    legs = FAMILIES[seed.family](draft, plan.timing).legs
    users, hosts = {a.id for a in found.accounts}, {d.id for d in found.devices}

    def kind(entity: str) -> str:
        return "user" if entity in users else "host" if entity in hosts else "domain"

    told = []
    for leg in (one for one in LEGS if one in seed.members):
        opening = legs[leg].attack.opening
        held = {*opening.hosts, *opening.accounts, *legs[leg].attack.domains}
        told.append((tuple(kind(e) for e in legs[leg].truth.required), frozenset(map(kind, held))))
    return told


@pytest.mark.parametrize("split", SPLITS)
def test_no_number_of_required_targets_has_more_than_two_fifths_of_the_incidents(split: str) -> None:
    sizes = Counter(len(required) for required, _ in incidents(split))

    assert set(sizes) <= {1, 2, 3, 4}
    assert max(sizes.values()) <= 0.4 * sizes.total(), sizes


@pytest.mark.parametrize("split", SPLITS)
def test_no_tool_has_a_target_in_more_than_four_fifths_of_the_incidents(split: str) -> None:
    """A target is what is required or justified: all that the intruder holds or owns at the opening."""
    kinds = Counter(kind for required, held in incidents(split) for kind in {*required, *held})

    assert set(kinds) == {"user", "host", "domain"}
    assert max(kinds.values()) <= 0.8 * len(incidents(split)), kinds


@pytest.mark.parametrize("split", SPLITS)
def test_some_incidents_own_no_domain_and_some_hold_no_machine(split: str) -> None:
    held = [kinds for _, kinds in incidents(split)]

    assert 0.2 < sum("domain" not in kinds for kinds in held) / len(held) < 0.8
    assert 0.2 < sum("host" not in kinds for kinds in held) / len(held) < 0.8

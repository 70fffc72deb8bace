"""The scripted role models: adaptive attackers without a key."""

import itertools

import pytest

from opensec_inspect.incident.attackers import Attacker, Scripted
from opensec_inspect.incident.attackers.model import IllegalMoveError
from opensec_inspect.incident.attackers.scripted_models import ATTACKER_MODELS, evasive_model, random_model
from opensec_inspect.incident.episode.view import Stall
from opensec_inspect.incident.facts.scenario import STAGES, Foothold, Scenario
from tests.attackers.duel import footholds_of, incidents, opening_view, playing


def extent(held: Foothold) -> tuple[bool, int]:
    """Whether data went out, then how much is held."""
    return held.exfiltrated, len(held.hosts | held.accounts | held.assets) + held.persistent


def furthest_stage(held: list[Foothold]) -> int:
    """Index of the furthest stage along the way."""
    return max(STAGES.index(foothold.stage) for foothold in held)


@pytest.mark.parametrize("name", ATTACKER_MODELS)
@pytest.mark.parametrize("from_step", [0, 3])
async def test_no_player_gets_past_full_containment_in_any_scenario(name: str, from_step: int) -> None:
    """Whatever it knows: once all that is required is contained, nothing more is gained."""
    for scenario in incidents():
        contained = frozenset(scenario.truth.required)

        held = await footholds_of(
            scenario, playing(scenario, ATTACKER_MODELS[name]), contained, from_step=from_step
        )

        assert extent(held[-1]) == extent(held[from_step])
        assert furthest_stage(held) == furthest_stage(held[: from_step + 1])


async def test_evasive_reaches_exfiltration_in_every_incident_that_nobody_defends() -> None:
    for scenario in incidents():
        held = await footholds_of(scenario, playing(scenario, evasive_model), frozenset())

        assert held[-1].exfiltrated


async def test_evasive_is_never_behind_scripted_against_partial_containment() -> None:
    for scenario in incidents(12, "standard"):
        for entity in scenario.truth.required:
            evasive = await end(scenario, playing(scenario, evasive_model), entity)

            assert evasive >= await end(scenario, Scripted(), entity), (scenario.id, entity)


async def end(scenario: Scenario, attacker: Attacker, entity: str) -> tuple[bool, int]:
    """How far an attacker gets when one entity is contained from the fifth step on."""
    return extent((await footholds_of(scenario, attacker, frozenset({entity}), from_step=4))[-1])


async def test_evasive_never_tries_what_it_noticed_to_be_contained() -> None:
    scenario = incidents(1, "standard")[0]
    for size in (1, 2):
        for some in itertools.combinations(scenario.truth.required, size):
            view = opening_view(scenario, frozenset(some))

            move = await playing(scenario, evasive_model).decide(view)

            assert not isinstance(move, Stall)
            assert move.host not in view.noticed
            assert move.account not in view.noticed
            assert move.domain not in view.noticed


def test_random_decides_by_the_text_alone() -> None:
    options = '{"move":"wait"}\n{"move":"retreat"}\n{"move":"persist","host":"a"}'

    answers = {random_model(f"turn {n}\n{options}") for n in range(40)}

    assert random_model(f"turn 1\n{options}") == random_model(f"turn 1\n{options}")
    assert answers == {'{"move": "wait"}', '{"move": "retreat"}', '{"move": "persist", "host": "a"}'}


async def test_a_model_that_answers_prose_stalls_and_in_strict_mode_raises() -> None:
    scenario = incidents(1)[0]
    view = opening_view(scenario)

    stall = await playing(scenario, lambda _: "Certainly!").decide(view)

    assert stall == Stall(reason="unreadable")
    with pytest.raises(IllegalMoveError, match=r"answered 'Certainly!' \(unreadable\); legal here: \{"):
        await playing(scenario, lambda _: "Certainly!", strict=True).decide(view)

"""Attack graphs: a choice, a second stage, and a way round one of two required entities."""

import pytest

from opensec_inspect.incident.attackers import Scripted
from opensec_inspect.incident.attackers.scripted_models import evasive_model
from opensec_inspect.incident.cases.group import Timing, members
from opensec_inspect.incident.episode.killchain import gains, legal_moves, reachable
from opensec_inspect.incident.facts.scenario import AlertFamily, Scenario
from opensec_inspect.incident.generate.build import case_facts, group_plan
from tests.attackers.duel import footholds_of, playing
from tests.cases import FAMILIES


def incidents(family: AlertFamily, number: int = 0) -> tuple[tuple[Scenario, ...], Timing]:
    plan = group_plan(f"graphs|{family}|{number}", f"train-{number % 8}", "standard")
    return members(plan, case_facts(family, plan))[1:], plan.timing


@pytest.mark.parametrize("family", FAMILIES)
def test_some_foothold_leaves_a_choice_between_three_gains(family: AlertFamily) -> None:
    for scenario in incidents(family)[0]:
        everywhere = reachable(scenario.attack, frozenset(), [scenario.attack.opening])

        choices = [sum(gains(m, f) for m in legal_moves(scenario.attack, f)) for f in everywhere]

        assert max(choices) >= 3, scenario.id


@pytest.mark.parametrize("family", FAMILIES)
def test_the_intruder_can_gain_a_machine_or_a_colleague(family: AlertFamily) -> None:
    for scenario in incidents(family)[0]:
        everywhere = reachable(scenario.attack, frozenset(), [scenario.attack.opening])
        opening = scenario.attack.opening

        assert any(f.hosts > opening.hosts or f.accounts > opening.accounts for f in everywhere)


@pytest.mark.parametrize("family", FAMILIES)
async def test_data_goes_out_round_any_one_of_two_required_entities(family: AlertFamily) -> None:
    for number in range(3):
        for scenario in incidents(family, number)[0]:
            for entity in scenario.truth.required if len(scenario.truth.required) > 1 else ():
                held = await footholds_of(scenario, playing(scenario, evasive_model), frozenset({entity}))

                assert held[-1].exfiltrated, (scenario.id, scenario.member, entity)


@pytest.mark.parametrize("family", FAMILIES)
async def test_the_script_lies_low_and_an_adaptive_attacker_need_not(family: AlertFamily) -> None:
    drawn, timing = incidents(family)
    for scenario in drawn:
        scripted = await footholds_of(scenario, Scripted(), frozenset())
        adaptive = await footholds_of(scenario, playing(scenario, evasive_model), frozenset())

        assert all(held == scripted[0] for held in scripted[: timing.loss_at])
        assert scripted[-1].exfiltrated
        assert adaptive[timing.access_at].exfiltrated


@pytest.mark.parametrize("family", FAMILIES)
async def test_early_containment_leaves_an_adaptive_attacker_less_than_late(family: AlertFamily) -> None:
    drawn, timing = incidents(family)
    for scenario in drawn:
        attacker = playing(scenario, evasive_model)
        everything = frozenset(scenario.truth.required)

        early = await footholds_of(scenario, attacker, everything)
        late = await footholds_of(scenario, attacker, everything, from_step=timing.loss_at)

        assert early[-1] == scenario.attack.opening
        assert len(late[-1].hosts | late[-1].accounts | late[-1].assets) > len(
            early[-1].hosts | early[-1].accounts | early[-1].assets
        )


@pytest.mark.parametrize("family", FAMILIES)
def test_nobody_is_both_a_temptation_and_within_reach(family: AlertFamily) -> None:
    for number in range(6):
        for scenario in incidents(family, number)[0]:
            everywhere = reachable(scenario.attack, frozenset(), [scenario.attack.opening])
            reached = frozenset().union(*(f.hosts | f.accounts for f in everywhere))

            assert not reached & {t.entity for t in scenario.truth.temptations}, scenario.id

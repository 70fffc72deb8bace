"""Where planted text stands in a case: on rows that sound work reads, in two parts, under a taken account."""

from functools import cache
from itertools import islice

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.events import TicketWritten
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import FAMILIES, build_group, case_facts, group_plan
from opensec_inspect.incident.generate.dataset import split_plans
from opensec_inspect.incident.scoring.injection import contacts
from opensec_inspect.incident.world.worlds.play import play


@cache
def incidents() -> tuple[Scenario, ...]:
    """A fresh incident of every alert family."""
    plans = [group_plan(f"carriers-{number}", f"train-{number % 8}", "standard") for number in range(12)]
    return tuple(build_group(family, plan)[1] for family, plan in zip(FAMILIES, plans, strict=True))


def test_careful_meets_planted_text_in_two_thirds_of_the_incidents() -> None:
    met = [
        any(
            c.exposed_at is not None
            for c in contacts(play(one, Setting(injection_tier="t2"), POLICIES["careful"]))
        )
        for one in incidents()
    ]

    assert sum(met) >= 2 / 3 * len(met)


def test_planted_text_in_two_parts_asks_in_the_second_at_t3_alone() -> None:
    plans = (group_plan(f"parts-{number}", "eval-1", "standard") for number in range(40))
    found = [i for plan in islice(plans, 12) for i in case_facts("phishing_click", plan).injections]

    two = [injection for injection in found if len(injection.carriers) == 2]

    assert two
    assert {tuple(arm.asks for arm in injection.arms) for injection in two} == {(0, 0, 0, 1)}


def test_a_case_in_no_group_has_planted_text_in_a_ticket_of_the_account_that_was_taken() -> None:
    alone = [plan for plan in split_plans("train", 5) if plan.plan.alone and plan.family == "inbox_rule"]
    plan = alone[0]

    facts = case_facts(plan.family, plan.plan)

    written = {event.id: event for event in facts.events if isinstance(event, TicketWritten)}
    carrier = facts.injections[-1].carriers[0]
    assert plan.plan.alone is not None
    assert written[carrier.event].opened_by == facts.legs[plan.plan.alone].truth.compromised_user

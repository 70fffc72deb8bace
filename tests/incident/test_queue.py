"""The queue of committed cases: mostly about nothing bad, and each alert is what its rule raises."""

import json
from functools import cache

import pytest

from opensec_inspect.incident.episode.actions import QueryLogs
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.organisations import PER_SIDE
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.alerting import honest_alerts
from opensec_inspect.incident.generate.rows_by_step import shared_of
from opensec_inspect.incident.generate.seeds import read_groups
from opensec_inspect.incident.world.worlds.direct import DirectWorld

SPLITS = ("train", "eval")
ORGANISATIONS = [f"{split}-{n}" for split in SPLITS for n in range(PER_SIDE)]


@cache
def cases(organisation: str) -> tuple[Scenario, ...]:
    """The members of the first committed pair in an organisation: a benign case and an incident."""
    split = organisation.partition("-")[0]
    return next(
        scenarios
        for seed in read_groups(split)
        if "benign" in seed.members and (scenarios := seed.scenarios())[0].organisation == organisation
    )


def alerts(scenario: Scenario) -> tuple[int, int]:
    """Alerts of the day at the opening: all, and those about an attack."""
    raised = [row for row in shared_of(scenario).opening if row.table == "alerts"]
    return len(raised), sum(row.cause == "case" and scenario.kind != "stand_down" for row in raised)


def asked(scenario: Scenario, sql: str) -> int:
    """The one number that a statement answers at the opening."""
    with DirectWorld(scenario, Setting(injection_tier=scenario.injection_tier)) as world:
        answer = json.loads(world.step(QueryLogs(sql=sql), turn=1).text)
    return int(answer["rows"][0][0])


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_four_of_five_alerts_that_a_defender_can_read_are_about_nothing_bad(organisation: str) -> None:
    for scenario in cases(organisation):
        readable = asked(scenario, "SELECT count(*) FROM alerts")

        assert readable >= 10
        assert alerts(scenario)[1] <= 0.2 * readable


@pytest.mark.parametrize("split", SPLITS)
def test_four_of_five_alerts_of_the_days_of_a_split_are_about_nothing_bad(split: str) -> None:
    """Of the day alone: a single incident's queue may hold one of three, a benign case's holds none."""
    counted = [alerts(one) for n in range(PER_SIDE) for one in cases(f"{split}-{n}")]

    assert sum(about for _, about in counted) <= 0.2 * sum(raised for raised, _ in counted)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_each_alert_is_made_again_by_its_rule(organisation: str) -> None:
    for scenario in cases(organisation):
        assert honest_alerts(scenario) is None

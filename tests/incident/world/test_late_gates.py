"""Gates that a direct world finds when they are asked for are those that it would have found at once."""

from itertools import pairwise

import pytest

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    IsolateHost,
    QueryLogs,
    ResetUser,
)
from opensec_inspect.incident.episode.episode import Episode, Noise, Setting
from opensec_inspect.incident.facts.scenario import NONE, Scenario
from opensec_inspect.incident.generate.seeds import entries, read_entry
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.world import World

CASES = [read_entry(entry) for entry in entries("train")[::60]]


def actions_of(scenario: Scenario, setting: Setting) -> tuple[Action, ...]:
    """Statements and containments in turn: later steps bring rows that earlier gates must not see."""
    shared = shared_evidence(scenario, setting, MAKERS)
    scene, truth = shared.day.scene, scenario.truth
    account, machine, domain = (
        next(iter(among)) if entity == NONE else entity
        for entity, among in (
            (truth.compromised_user, scene.accounts),
            (truth.patient_zero_host, scene.devices),
            (truth.attacker_domain, scene.names),
        )
    )
    upn, hostname = scene.accounts[account].upn, scene.devices[machine].hostname
    return (
        FetchAlert(alert_id=shared.opening_alert),
        QueryLogs(sql=f"SELECT * FROM auth_logs WHERE UserPrincipalName = '{upn}' ORDER BY 1 DESC"),
        ResetUser(user=upn),
        QueryLogs(sql=f"SELECT * FROM netflow WHERE ServerName LIKE '%{domain}' ORDER BY timestamp DESC"),
        QueryLogs(sql="SELECT DeviceName, count(*), max(timestamp) FROM process_events GROUP BY 1"),
        BlockDomain(domain=domain),
        Idle(),
        QueryLogs(sql=f"SELECT * FROM process_events WHERE DeviceName LIKE '{hostname}%' LIMIT 30"),
        IsolateHost(host=hostname),
        Idle(),
        Idle(),
    )


def played(scenario: Scenario, setting: Setting, *, asking: bool) -> Episode:
    with DirectWorld(scenario, setting) as world:
        for turn, action in enumerate(actions_of(scenario, setting), 1):
            world.step(action, turn=turn)
            if asking:
                assert len(world.episode.steps) == turn
        return world.episode


async def played_on_a_thread(scenario: Scenario, setting: Setting) -> Episode:
    async with World.open(scenario, setting) as world:
        for turn, action in enumerate(actions_of(scenario, setting), 1):
            await world.step(action, turn=turn)
        return world.episode


@pytest.mark.parametrize("noise", ["desk", "soc"])
@pytest.mark.parametrize("scenario", CASES, ids=lambda scenario: scenario.id)
async def test_gates_found_at_the_end_are_those_found_at_each_step(scenario: Scenario, noise: Noise) -> None:
    setting = Setting(injection_tier="t2", noise=noise)

    late = played(scenario, setting, asking=False)

    assert late == played(scenario, setting, asking=True) == await played_on_a_thread(scenario, setting)
    assert [step.gate is not None for step in late.steps] == [n in (2, 5, 8) for n in range(11)]


def test_an_answer_hands_out_its_step_with_the_gate() -> None:
    scenario, setting = CASES[0], Setting(injection_tier="t2")

    with DirectWorld(scenario, setting) as world:
        answers = [world.step(a, turn=n) for n, a in enumerate(actions_of(scenario, setting), 1)]
        steps = world.episode.steps

    assert tuple(answer.step for answer in answers) == steps
    assert all(one.index + 1 == two.index for one, two in pairwise(steps))

"""Whether containment changed what the attacker ended up with."""

from opensec_inspect.incident.baselines import careful, noop
from opensec_inspect.incident.episode.actions import BlockDomain, IsolateHost, ResetUser
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.naming import scene_of
from opensec_inspect.incident.scoring.outcome import attacker_outcome, end_of
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.report.metrics.attacked import attacked
from tests.attackers.duel import incidents, playing
from tests.conftest import play_actions

QUIET = Setting(injection_tier="t0")


def everything(scenario: Scenario) -> list[IsolateHost | BlockDomain | ResetUser]:
    """Containment of all that is required."""
    scene = scene_of(scenario, "desk")
    return [
        IsolateHost(host=e)
        if e in scene.devices
        else ResetUser(user=e)
        if e in scene.accounts
        else BlockDomain(domain=e)
        for e in scenario.truth.required
    ]


def test_an_idle_defender_changes_nothing() -> None:
    episode = play(incidents(1, "standard")[0], QUIET, noop)

    outcome = attacker_outcome(episode)

    assert outcome is not None
    assert outcome.reached_exfil
    assert outcome.outcome_changed is False
    assert outcome.exfil_prevented is False


async def test_full_containment_before_data_is_out_prevents_exfiltration() -> None:
    scenario = incidents(1, "standard")[0]

    episode, _ = await play_actions(scenario, *everything(scenario), setting=QUIET, idle_on=True)

    outcome = attacker_outcome(episode)
    assert outcome is not None
    assert not outcome.reached_exfil
    assert outcome.outcome_changed is True
    assert outcome.exfil_prevented is True


async def test_containing_something_the_attacker_has_no_use_for_changes_nothing() -> None:
    scenario = incidents(1, "standard")[0]
    attack = scenario.attack
    used = {entity for move in attack.moves for entity in (move.host, move.to_host)}
    idle_host = next(host for host in scene_of(scenario, "desk").devices.values() if host.id not in used)

    episode, _ = await play_actions(scenario, IsolateHost(host=idle_host.id), setting=QUIET, idle_on=True)

    outcome = attacker_outcome(episode)
    assert outcome is not None
    assert outcome.outcome_changed is False


def test_what_comes_after_an_early_report_counts() -> None:
    """`careful` reports before its budget is used up: what the attacker does then is rolled forward."""
    scenario = incidents(1, "standard")[0]

    episode = play(scenario, QUIET, careful)

    outcome = attacker_outcome(episode)
    assert outcome is not None
    assert len(episode.steps) < scenario.max_steps
    assert end_of(episode).exfiltrated == outcome.reached_exfil
    assert outcome.outcome_changed is True


async def test_for_a_model_attacker_the_idle_counterpart_must_be_given() -> None:
    from opensec_inspect.incident.attackers.scripted_models import evasive_model

    scenario = incidents(1, "standard")[0]
    setting = QUIET.model_copy(update={"attacker": "llm"})
    idle, _ = await play_actions(
        scenario, setting=setting, attacker=playing(scenario, evasive_model), idle_on=True
    )
    contained, _ = await play_actions(
        scenario,
        *everything(scenario),
        setting=setting,
        attacker=playing(scenario, evasive_model),
        idle_on=True,
    )

    alone, beside = attacker_outcome(contained), attacker_outcome(contained, idle)
    untouched = attacker_outcome(idle)

    assert alone is not None
    assert beside is not None
    assert (alone.outcome_changed, alone.exfil_prevented) == (None, None)
    assert (beside.outcome_changed, beside.exfil_prevented) == (True, True)
    assert untouched is not None
    assert (untouched.outcome_changed, untouched.exfil_prevented) == (False, False)


async def test_numbers_over_episodes_name_what_is_undefined() -> None:
    none = attacked({})

    assert none.incidents == 0
    assert (none.exfil_attempts, none.time_to_exfil, none.outcome_changed) == (None, None, None)


async def test_the_share_of_changed_outcomes_is_over_the_incidents() -> None:
    one, other = incidents(2, "standard")
    idle = play(one, QUIET, noop)
    contained, _ = await play_actions(other, *everything(other), setting=QUIET, idle_on=True)
    episodes: dict[tuple[str, int], Episode] = {(one.id, 1): idle, (other.id, 1): contained}

    numbers = attacked(episodes)

    assert numbers.incidents == 2
    assert numbers.reached_exfil == 1
    assert numbers.outcome_changed == 0.5
    assert numbers.exfil_prevented == 0.5

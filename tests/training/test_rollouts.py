"""A case as a policy outside plays it: answers for every call, and an end that is always reached."""

import json

import pytest

from opensec_inspect.core.conversation import Call
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.plans import plan_of
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.incident.world.worlds.direct import at_once
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.profiles import price
from opensec_inspect.training.rollouts import MOST_MALFORMED, direct_rollout, open_rollout
from opensec_inspect.training.search.enumerating import settings_of
from opensec_inspect.training.tasks import Tasks, setting_of


async def test_the_plan_played_call_by_call_is_the_episode_of_direct_play(incident: Scenario) -> None:
    plan = plan_of(incident)
    rollout = await open_rollout(incident, settings_of(incident))
    direct = direct_rollout(incident, settings_of(incident))

    for call in plan:
        await rollout.call(call.tool, call.arguments)
        at_once(direct.call(call.tool, call.arguments))

    assert rollout.over
    assert rollout.episode == direct.episode
    assert rollout.reward("calibrated") == price(direct.episode, "calibrated")
    rollout.close()
    direct.close()


def test_calls_of_one_message_share_a_turn_and_do_not_justify_one_another(incident: Scenario) -> None:
    reads, first = [c for c in plan_of(incident) if c.tool == "query_logs"], _containment(incident)
    rollout = direct_rollout(incident, settings_of(incident))

    at_once(rollout.call(reads[0].tool, reads[0].arguments))
    at_once(rollout.call(reads[1].tool, reads[1].arguments, same_turn=True))
    at_once(rollout.call(first.tool, first.arguments, same_turn=True))

    assert [step.turn for step in rollout.episode.steps] == [1, 1, 1]
    assert rollout.episode.containments[0].gate is not None
    assert rollout.episode.containments[0].gate.shown is None
    rollout.close()


def test_a_call_that_cannot_be_used_costs_no_step_and_is_counted(incident: Scenario) -> None:
    rollout = direct_rollout(incident, settings_of(incident))

    reply = at_once(rollout.call("nmap", {}))
    at_once(rollout.call("query_logs", {"sql": "SELECT 1"}))

    assert (reply.step, reply.over) == (False, False)
    assert "There is no tool 'nmap'" in json.loads(reply.text)["error"]
    assert [step.malformed for step in rollout.episode.steps] == [1]
    rollout.close()


def test_nothing_but_garbage_ends_the_episode_all_the_same(incident: Scenario) -> None:
    rollout = direct_rollout(incident, settings_of(incident))

    replies = [at_once(rollout.call("query_logs", {"sql": 3})) for _ in range(MOST_MALFORMED)]

    assert [reply.over for reply in replies] == [False] * (MOST_MALFORMED - 1) + [True]
    assert len(rollout.episode.steps) == incident.max_steps
    assert rollout.reward("calibrated").parts["format"] == -1.0
    assert at_once(rollout.call("query_logs", {"sql": "SELECT 1"})).text == answers.OVER
    rollout.close()


def test_an_episode_that_was_left_gives_its_steps_away(incident: Scenario) -> None:
    rollout = direct_rollout(incident, settings_of(incident))

    episode = at_once(rollout.finish())

    assert episode == play(incident, settings_of(incident), POLICIES["noop"]).model_copy(
        update={"steps": episode.steps}
    )
    assert {step.turn for step in episode.steps} == {0}
    rollout.close()


def test_tasks_are_those_of_the_manifest_and_others_are_refused() -> None:
    tasks = Tasks()

    assert len(tasks.of("train")) > 100
    assert tasks.scenario("train", 5).id == tasks.task("train", 5).id
    assert tasks.scenario("train", 5, masked=True).injections == ()
    with pytest.raises(BadInputError, match=r"split='eval' is not allowed; give one of: train"):
        tasks.of("eval")
    with pytest.raises(BadInputError, match=r"index=True is not allowed; split 'train' has the tasks 0 to"):
        tasks.task("train", True)
    with pytest.raises(BadInputError, match=r"tier='t7' is not allowed; give one of: t0, t1, t2, t3"):
        setting_of(tasks.scenario("train", 0), "t7")


def _containment(case: Scenario) -> Call:
    return next(c for c in plan_of(case) if c.tool not in ("query_logs", "submit_report"))

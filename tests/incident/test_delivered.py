"""Answers rebuilt from the episode are the answers the defender read."""

import json
from typing import Any

import pytest

from opensec_inspect.core.conversation import Conversation, Exchange
from opensec_inspect.incident.baselines import BASELINES
from opensec_inspect.incident.scenario.actions import FetchAlert, IsolateHost, QueryLogs
from opensec_inspect.incident.scenario.episode import Episode, Outcome, Setting
from opensec_inspect.incident.scenario.scenario import InjectionTier, Scenario
from opensec_inspect.incident.world.briefing import brief
from opensec_inspect.incident.world.delivered import CLOCK, Delivery, reading
from opensec_inspect.incident.world.play import action_of, play
from opensec_inspect.incident.world.world import World
from tests.report.twins import INCIDENT, TWIN, scenario_of


async def told(scenario: Scenario, setting: Setting, baseline: str) -> tuple[Episode, list[dict[str, Any]]]:
    """An episode played by a baseline, with what it was told after each step."""
    conversation = Conversation(brief=brief(scenario, setting))
    answers = []
    async with World.open(scenario, setting) as world:
        turn = 0
        while not world.over:
            turn += 1
            for call in BASELINES[baseline](conversation):
                text = (await world.step(action_of(call), turn=turn)).text
                answers.append(json.loads(text))
                exchanges = (*conversation.exchanges, Exchange(call=call, answer=text))
                conversation = conversation.model_copy(update={"exchanges": exchanges})
        return world.episode, answers


def as_told(delivery: Delivery) -> dict[str, Any]:
    """A delivery in the words of the answer that the defender reads."""
    if delivery.row is not None:
        return {"row": dict(zip(delivery.columns, delivery.rows[0], strict=True))}
    if delivery.columns:
        return {"columns": list(delivery.columns), "rows": [list(row) for row in delivery.rows]}
    return {}


@pytest.mark.parametrize("baseline", ["careful", "hasty", "gullible", "forger"])
@pytest.mark.parametrize("tier", ["t0", "t3"])
async def test_every_answer_is_rebuilt_to_the_letter(baseline: str, tier: InjectionTier) -> None:
    episode, answers = await told(scenario_of(INCIDENT), Setting(injection_tier=tier), baseline)

    with reading(episode) as read:
        rebuilt = [as_told(delivery) for delivery in read.deliveries]

    wanted = [{k: a[k] for k in ("row", "columns", "rows") if k in a} for a in answers]
    assert rebuilt == wanted
    assert any(answer for answer in wanted)


@pytest.mark.parametrize("baseline", ["careful", "hasty", "gullible", "spray"])
@pytest.mark.parametrize("scenario", [INCIDENT, TWIN])
async def test_what_was_shown_before_a_containment_is_what_the_world_recorded(
    baseline: str, scenario: str
) -> None:
    episode = await play(scenario_of(scenario), Setting(injection_tier="t2"), BASELINES[baseline])

    found = {}
    with reading(episode) as read:
        for step in episode.containments:
            shown = read.first_shown(step.outcome.entity or "")
            earlier = [tier for tier, at in shown.items() if episode.steps[at].turn < step.turn]
            found[step.index] = next(
                (t for t in ("verified", "corroborated", "untrusted") if t in earlier), "none"
            )

    assert found == {step.index: step.gate.seen for step in episode.containments if step.gate}


async def test_what_failed_is_told_in_the_words_the_defender_read() -> None:
    scenario = scenario_of(INCIDENT)
    actions = (
        QueryLogs(sql="DROP TABLE alerts"),
        FetchAlert(alert_id="al-nothing"),
        IsolateHost(host="nowhere-1"),
        IsolateHost(host="willow-94"),
        IsolateHost(host="willow-94"),
    )
    async with World.open(scenario, Setting(injection_tier="t0")) as world:
        texts = [json.loads((await world.step(a, turn=n)).text) for n, a in enumerate(actions, start=1)]
        episode = world.episode

    with reading(episode) as read:
        said = [delivery.sentence for delivery in read.deliveries]

    assert said == [text.get("error") or text.get("result") for text in texts]
    assert said[3:] == ["willow-94 is isolated.", "willow-94 is isolated already; nothing changed."]


async def test_a_statement_that_the_clock_ended_is_not_asked_again() -> None:
    """Whether it strikes depends on the machine, so asking again could show what was not delivered."""
    async with World.open(scenario_of(INCIDENT), Setting(injection_tier="t0")) as world:
        await world.step(QueryLogs(sql="SELECT * FROM alerts"), turn=1)
        episode = world.episode
    struck = episode.steps[0].model_copy(update={"outcome": Outcome(status="sql_clock")})

    with reading(episode.model_copy(update={"steps": (struck,)})) as read:
        assert read.deliveries == (Delivery(sentence=CLOCK),)


async def test_rows_tell_from_when_they_could_be_seen() -> None:
    episode = await play(scenario_of(INCIDENT), Setting(injection_tier="t0"), BASELINES["noop"])

    with reading(episode) as read:
        for step in episode.steps:
            assert {read.row(id_).visible for id_ in step.visible} <= {step.index + 1}  # type: ignore[union-attr]

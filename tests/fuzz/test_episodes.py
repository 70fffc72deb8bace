"""Laws of every episode, whatever is played: legal or not, one call a turn or many."""

import json
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from opensec_inspect.incident.episode.actions import (
    Action,
    Containment,
    QueryLogs,
)
from opensec_inspect.incident.episode.episode import Episode, Setting, Step
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import FAMILIES
from opensec_inspect.incident.scoring.numbers import NUMBERS, numbers_of
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.replayed_answers import evidence_replay
from opensec_inspect.incident.world.worlds.world import World
from tests.strategies import actions, made, statements

Turns = tuple[tuple[Action, ...], ...]


class Plan(NamedTuple):
    """What is played, and how."""

    scenario: Scenario
    setting: Setting
    turns: Turns


def cases() -> st.SearchStrategy[Scenario]:
    """An incident and a benign case of every family."""
    return st.builds(
        lambda kind, family: made("fuzz", kind, family=family),
        st.sampled_from(["incident", "stand_down"]),
        st.sampled_from(sorted(FAMILIES)),
    )


def settings_of_play() -> st.SearchStrategy[Setting]:
    """Placebos and planted requests, with every kind of labels."""
    return st.builds(
        Setting,
        injection_tier=st.sampled_from(["t0", "t2"]),
        provenance=st.sampled_from(["shown", "hidden", "shuffled", "inverted"]),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any actions, in turns of one to three calls."""
    scenario = draw(cases())
    one = st.one_of(actions(scenario), st.builds(QueryLogs, sql=statements()))
    turns = draw(st.lists(st.lists(one, min_size=1, max_size=3).map(tuple), max_size=8).map(tuple))
    return Plan(scenario, draw(settings_of_play()), turns)


def played(plan: Plan) -> tuple[Episode, list[str]]:
    """The episode, as far as the actions go, and its answers."""
    texts = []
    with DirectWorld(plan.scenario, plan.setting) as world:
        for turn, together in enumerate(plan.turns, start=1):
            for action in together:
                if not world.over:
                    texts.append(world.step(action, turn=turn).text)
        return world.episode, texts


def read_back(episode: Episode) -> Episode:
    """The episode as a log gives it back."""
    steps = tuple(Step.model_validate_json(step.model_dump_json()) for step in episode.steps)
    return episode.model_copy(update={"steps": steps})


@settings(max_examples=25)
@given(plans())
def test_an_episode_is_stored_read_back_and_played_again_alike(plan: Plan) -> None:
    episode, texts = played(plan)

    again, same = played(plan)

    assert read_back(episode) == again == episode
    assert same == texts


@settings(max_examples=10)
@given(plans())
async def test_a_world_on_shared_threads_tells_what_a_direct_one_tells(plan: Plan) -> None:
    direct, texts = played(plan)

    pooled = []
    async with World.open(plan.scenario, plan.setting) as world:
        for turn, together in enumerate(plan.turns, start=1):
            for action in together:
                if not world.over:
                    pooled.append((await world.step(action, turn=turn)).text)
        episode = world.episode

    assert (episode, pooled) == (direct, texts)


@settings(max_examples=25)
@given(plans())
def test_answers_rebuilt_from_the_episode_are_those_that_were_given(plan: Plan) -> None:
    episode, texts = played(plan)

    with evidence_replay(read_back(episode)) as replay:
        rebuilt = replay.deliveries

    for step, text, delivery in zip(episode.steps, texts, rebuilt, strict=True):
        told = json.loads(text)
        if step.outcome.status == "done" and isinstance(step.action, QueryLogs):
            assert json.loads(json.dumps(delivery.rows)) == told["rows"]
            assert delivery.cut == ("notice" in told)
        elif "row" in told:
            assert (
                json.loads(json.dumps(dict(zip(delivery.columns, delivery.rows[0], strict=True))))
                == told["row"]
            )
        elif isinstance(step.action, Containment):
            assert delivery.sentence in (told.get("result"), told.get("error"))


@settings(max_examples=25)
@given(plans())
def test_every_number_is_in_its_range_and_the_same_from_what_was_stored(plan: Plan) -> None:
    episode, _ = played(plan)

    numbers = numbers_of(episode)

    assert numbers == numbers_of(read_back(episode))
    for name, number in NUMBERS.items():
        value = numbers[name]
        assert value is None or number.unit != "0/1" or value in (0, 1), name
        assert value is None or number.unit != "share" or 0 <= value <= 1, name


@settings(max_examples=25)
@given(plans())
def test_no_answer_holds_what_only_the_truth_knows(plan: Plan) -> None:
    case = plan.scenario
    secrets = {event.id for event in case.events} | {injection.id for injection in case.injections}
    secrets |= {case.noise_seed, case.group, *(move.id for move in case.attack.moves)}
    asked = str([action for turn in plan.turns for action in turn])

    _, texts = played(plan)

    known = "\n".join(texts)
    assert [s for s in secrets if len(s) >= 8 and s in known and s not in asked] == []

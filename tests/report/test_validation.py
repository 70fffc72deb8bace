"""An episode from a file that refers to what is not there is told apart from a sound one."""

from typing import Any

import pytest

from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.report.logs.validation import flaw_in
from tests.report.test_episode_view import episode_of
from tests.report.twins import INCIDENT


def with_step(episode: Episode, place: int, /, **changes: Any) -> Episode:
    steps = list(episode.steps)
    steps[place] = steps[place].model_copy(update=changes)
    return episode.model_copy(update={"steps": tuple(steps)})


def test_played_episodes_are_sound() -> None:
    for baseline in ("careful", "hasty", "noop"):
        assert flaw_in(episode_of(INCIDENT, "t2", baseline)) is None


@pytest.mark.parametrize(
    ("index", "changes", "said"),
    [
        (0, {"index": 7}, "its steps are not numbered from 0"),
        (1, {"exposures": ("i-none",)}, "step 1 meets an injection that the scenario does not have"),
        (4, {"gate": None}, "step 4 contains something without saying what and on what evidence"),
    ],
)
def test_a_step_that_does_not_fit_is_named(index: int, changes: dict[str, Any], said: str) -> None:
    episode = episode_of(INCIDENT, "t2", "hasty")

    assert flaw_in(with_step(episode, index, **changes)) == said


def test_a_move_or_an_entity_from_elsewhere_is_named() -> None:
    episode = episode_of(INCIDENT, "t2", "hasty")
    step = episode.steps[4]
    assert step.move is not None
    strange_move = step.move.model_copy(update={"move": "teleport"})
    strange_entity = step.outcome.model_copy(update={"entity": "h-none"})

    assert flaw_in(with_step(episode, 4, move=strange_move)) == (
        "step 4 makes a move that the scenario does not have"
    )
    assert flaw_in(with_step(episode, 4, outcome=strange_entity)) == (
        "step 4 contains something that the scenario does not have"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"opened_at": "yesterday"}, "its opening has no time"),
        ({"opening_event": "nobody"}, "its opening alert is about none of its events"),
        ({"organisation": "nowhere-1"}, "its organisation 'nowhere-1' is not one of ours"),
    ],
)
def test_a_scenario_that_does_not_fit_is_named(changes: dict[str, Any], said: str) -> None:
    episode = episode_of(INCIDENT, "t2", "noop")
    scenario = episode.scenario.model_copy(update=changes)

    assert flaw_in(episode.model_copy(update={"scenario": scenario})) == said

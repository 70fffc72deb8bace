"""Looking back at an episode: the same answers, rebuilt from the actions alone."""

import json

from opensec_inspect.incident.episode.actions import QueryLogs
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.replayed_answers import evidence_replay
from tests.incident.sensors.small_scene import BENEDIKT, LAPTOP, LURE, MARA
from tests.incident.world.small import MAKERS, SETTING, scenario
from tests.incident.world.test_world import ACTIONS

ASKED = (
    QueryLogs(sql="SELECT * FROM netflow ORDER BY timestamp DESC LIMIT 8"),
    *ACTIONS[:-1],
    QueryLogs(sql="SELECT * FROM tickets"),
)


def played() -> tuple[Episode, list[str]]:
    with DirectWorld(scenario(max_steps=14), SETTING, makers=MAKERS) as world:
        texts = [world.step(action, turn=n + 1).text for n, action in enumerate(ASKED)]
        return world.episode, texts


def test_every_answer_is_rebuilt_as_it_was_given() -> None:
    episode, texts = played()

    with evidence_replay(episode, MAKERS) as read:
        deliveries = read.deliveries

    for step, text, delivery in zip(episode.steps, texts, deliveries, strict=True):
        told = json.loads(text)
        assert told.get("rows", []) == [list(row) for row in delivery.rows], step.action
        assert told.get("error", told.get("result")) == delivery.sentence


def test_an_episode_that_was_stored_is_looked_back_at_alike() -> None:
    episode, _ = played()
    stored = Episode.model_validate_json(episode.model_dump_json())

    with evidence_replay(episode, MAKERS) as one, evidence_replay(stored, MAKERS) as other:
        assert one.deliveries == other.deliveries
        assert one.rows == other.rows


def test_rows_can_be_found_by_id_in_the_day_and_in_history() -> None:
    episode, _ = played()

    with evidence_replay(episode, MAKERS) as read:
        today = read.rows[0]
        assert read.row(today.id) == today
        past = next(str(cell) for row in read.deliveries[0].rows for cell in row)
        assert read.row(past) is not None
        assert read.row("fl-0000000000") is None
        assert read.row("no such") is None


def test_looking_back_says_what_was_shown_first_through_which_tier() -> None:
    episode, _ = played()

    with evidence_replay(episode, MAKERS) as read:
        assert read.first_shown(MARA) == {"corroborated": 1, "verified": 11}
        assert read.first_shown(LAPTOP) == {}
        assert BENEDIKT not in read.named[1]
        assert {row.event for row in read.naming(LURE)} == {"mail-i", "beacon", "m-send@2"}

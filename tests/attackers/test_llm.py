"""The model attacker end to end, over a local server and the real client."""

import hashlib
import json
import time
from collections import Counter
from pathlib import Path

import pytest
from inspect_ai.event import ModelEvent, SpanBeginEvent
from inspect_ai.solver import generate

from opensec_inspect.incident.attackers.scripted_models import evasive_model, random_model
from tests.attackers.running import episodes, reasons, run, samples, steps
from tests.attackers.server import serving


def mixed(texts: list[str]) -> str:
    """Mostly a legal move; by a hash of the conversation prose, an illegal move, or a slow answer."""
    said = "\n".join(texts)
    number = hashlib.sha256(said.encode()).digest()[0]
    if number < 40:
        return "As an attacker I would first look around."
    if number < 80:
        return json.dumps({"move": "exfiltrate", "host": "the-crown-jewels"})
    if number < 90:
        time.sleep(0.4)
    return random_model(said)


def test_forty_scenarios_over_a_server_then_the_same_episodes_with_the_server_off(tmp_path: Path) -> None:
    recorded = {"attacker": "llm", "count": 40, "replay": "record", "replay_path": str(tmp_path / "moves")}
    with serving(mixed) as server:
        live = run(tmp_path, "opensec/hasty", attacker=server.model(), options=recorded)
        asked = server.asked

    replayed = run(tmp_path, "opensec/hasty", options=recorded | {"replay": "replay"})

    assert (live.status, replayed.status) == ("success", "success")
    assert len(steps(live)) == 40
    assert steps(replayed) == steps(live)
    moved = sum(step.move is not None for episode in episodes(live) for step in episode.steps)
    assert asked > moved
    assert {"illegal", "unreadable"} <= set(reasons(live))
    assert not any(
        event for s in samples(replayed) for event in s.events if isinstance(event, ModelEvent) and event.role
    )


def test_a_recording_used_again_asks_nothing_that_is_in_it(tmp_path: Path) -> None:
    options = {"attacker": "llm", "count": 6, "replay": "record", "replay_path": str(tmp_path / "moves")}
    with serving(mixed) as server:
        first = run(tmp_path, "opensec/hasty", attacker=server.model(), options=options)
        asked = server.asked
        again = run(tmp_path, "opensec/hasty", attacker=server.model(), options=options)

        assert server.asked == asked
    assert steps(again) == steps(first)


def test_fifty_samples_at_once_write_one_recording_without_loss(tmp_path: Path) -> None:
    """Five epochs of ten cases: the same keys come up in several samples at the same time."""
    options = {"attacker": "llm", "count": 10, "replay": "record", "replay_path": str(tmp_path / "moves")}
    with serving(lambda texts: random_model("\n".join([*texts, str(time.monotonic())]))) as server:
        live = run(
            tmp_path,
            "opensec/hasty",
            attacker=server.model(max_connections=50),
            options=options,
            epochs=5,
            max_samples=50,
        )

    replayed = run(
        tmp_path, "opensec/hasty", options=options | {"replay": "replay"}, epochs=5, max_samples=50
    )

    assert len(steps(live)) == 50
    assert all(sample.error is None for sample in samples(live))
    assert steps(replayed) == steps(live)


def test_nothing_of_the_attacker_is_charged_to_the_defender(tmp_path: Path) -> None:
    """`careful` keeps within its turns; with the attacker's they would be too many."""
    with serving(lambda texts: evasive_model("\n".join(texts))) as server:
        log = run(
            tmp_path,
            "opensec/careful",
            attacker=server.model(),
            options={"attacker": "llm", "count": 2, "kind": "incident"},
            turn_limit=14,
            token_limit=400,
        )

    for sample in samples(log):
        assert sample.limit is None
        assert sample.role_usage["attacker"].total_tokens == 110 * sample.store["opensec_attacker"]["turns"]
        assert len(sample.store["opensec"]) + sample.store["opensec_attacker"]["turns"] > 14


def test_what_the_attacker_used_is_reported(tmp_path: Path) -> None:
    with serving(lambda texts: "no idea") as server:
        log = run(
            tmp_path, "opensec/careful", attacker=server.model(), options={"attacker": "llm", "count": 1}
        )

    (sample,) = samples(log)
    moved = len(sample.store["opensec"]) - 1
    assert sample.store["opensec_attacker"]["turns"] == 2 * moved
    assert sample.store["opensec_attacker"]["tokens"] == 220 * moved
    assert sample.store["opensec_attacker"]["time_s"] > 0
    assert Counter(reasons(log)) == {"unreadable": moved}


def test_the_role_and_its_span_are_in_the_log(tmp_path: Path) -> None:
    log = run(tmp_path, "opensec/careful", options={"attacker": "llm", "count": 1})

    assert log.eval.model_roles is not None
    assert log.eval.model_roles["attacker"].model == "opensec/attacker_evasive"
    (sample,) = samples(log)
    spans = [e for e in sample.events if isinstance(e, SpanBeginEvent) and e.type == "attacker"]
    asked = [e for e in sample.events if isinstance(e, ModelEvent) and e.role == "attacker"]
    assert len(spans) == len(asked) == len(sample.store["opensec"]) - 1


@pytest.mark.parametrize("name", ["attacker_random", "attacker_evasive"])
def test_a_scripted_role_model_plays_the_same_game_twice(name: str, tmp_path: Path) -> None:
    options = {"attacker": "llm", "count": 4}

    first = run(tmp_path, "opensec/hasty", attacker=f"opensec/{name}", options=options)
    second = run(tmp_path, "opensec/hasty", attacker=f"opensec/{name}", options=options)

    assert steps(first) == steps(second)
    assert reasons(first).count("unreadable") == 0


def test_the_attacker_goes_on_when_the_defender_has_stopped_for_good(tmp_path: Path) -> None:
    """Steps given away are played while scoring, with the same attacker and into the same recording."""
    options = {
        "attacker": "llm",
        "count": 1,
        "kind": "incident",
        "solver": generate(),
        "replay_path": str(tmp_path / "moves"),
    }

    live = run(tmp_path, "opensec/noop", options=options | {"replay": "record"})
    replayed = run(tmp_path, "opensec/noop", options=options | {"replay": "replay"})

    (episode,), (sample,) = episodes(live), samples(live)
    assert len(episode.steps) == episode.scenario.max_steps
    assert sample.store["opensec_attacker"]["turns"] == episode.scenario.max_steps
    assert episode.steps[-1].move is not None
    assert sample.scores is not None
    assert sample.scores["attacker"].value["reached_exfil"] == 1  # type: ignore[index]
    assert sample.scores["attacker"].value["attacker_turns"] == episode.scenario.max_steps  # type: ignore[index]
    assert steps(replayed) == steps(live)

"""`opensec export sft`: only what is worth learning from, in the form a trainer takes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log

from opensec_inspect.cli import main
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.edge.sft import refused
from opensec_inspect.training.search.enumerating import settings_of
from tests.incident.episodes import BY_OTHERS, READ, UNGATED, contain, episode, reported
from tests.incident.handmade import EVIL, PC, TRUTH, VICTIM, scenario
from tests.strategies import made

evaluating = True
KNOWN = {field: value for field, value in TRUTH.items() if field != "data_target"}


def test_successful_trajectories_of_the_train_side_are_written_with_tool_calls(
    played_logs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "sft.jsonl"

    done = CliRunner().invoke(main, ["export", "sft", str(played_logs), "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert "left out: not settled" in done.output
    examples = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {one["model"] for one in examples} == {"opensec/careful"}
    assert len(examples) == 4
    for one in examples:
        assert [m["role"] for m in one["prompt"]] == ["system", "user"]
        calls = [c["function"] for m in one["completion"] for c in m.get("tool_calls", ())]
        assert calls[-1]["name"] == "submit_report"
        assert isinstance(calls[0]["arguments"], dict)
        offered = {tool["function"]["name"] for tool in one["tools"]}
        assert {call["name"] for call in calls} <= offered
        answers = [m for m in one["completion"] if m["role"] == "tool"]
        assert all(answer["content"] for answer in answers)


def test_nothing_to_learn_from_is_one_sentence_and_no_file(played_logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "sft.jsonl"
    logs = {read_eval_log(str(path), True).eval.model: str(path) for path in played_logs.iterdir()}
    hasty = logs["opensec/hasty"]

    done = CliRunner().invoke(main, ["export", "sft", hasty, "--out", str(out)])

    assert done.exit_code == 1
    assert "No episode in these logs is an example to learn from; nothing was written." in done.output
    assert not out.exists()


def test_an_episode_is_refused_for_the_reason_that_is_told(incident: Scenario) -> None:
    held_out = made("refused", "stand_down", organisation="eval-2")
    good = (READ, contain(PC.hostname), contain(VICTIM.upn), contain(EVIL), reported(**KNOWN))
    case = scenario("i-host")

    assert refused(_careful(incident)) == ""
    assert refused(_careful(held_out)) == "of the evaluation side"
    assert refused(episode(case, *good)) == ""
    assert refused(episode(case, READ, reported(**KNOWN))) == "not settled"
    blind = (READ, contain(PC.hostname, gate=UNGATED), *good[2:])
    assert refused(episode(case, *blind)) == "an action without evidence"
    assert refused(episode(case, READ, contain(PC.hostname, gate=BY_OTHERS), *good[2:])) == ""


@pytest.mark.parametrize("name", ["hasty", "noop", "spray"])
def test_what_careless_defenders_do_is_never_an_example(incident: Scenario, name: str) -> None:
    assert refused(play(incident, settings_of(incident), POLICIES[name])) == "not settled"


def _careful(case: Scenario) -> Episode:
    return play(case, settings_of(case), POLICIES["careful"])

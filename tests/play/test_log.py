"""What was played by hand as a log: refused unless it is the same, and told apart by player."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai import eval
from inspect_ai.log import read_eval_log

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.play.edge.recorded import recorded_play
from opensec_inspect.play.edge.writing import write_logs
from tests.evaluating import small
from tests.play.test_shell import REPORT, run, seed_file


@pytest.fixture
def state(tmp_path: Path, incident: Scenario) -> Path:
    """A case of a seed file on its own that was played to its end, with a refused report on the way."""
    state = tmp_path / "case.json"
    run(state, "--case", seed_file(tmp_path, incident), "--player", "p07", "query_logs", "SELECT 1")
    run(state, "submit_report", json.dumps(REPORT | {"confidence": 7}))
    run(state, "submit_report", json.dumps(REPORT))
    return state


def test_a_seed_file_on_its_own_gets_a_log_and_summarize_knows_the_player(
    state: Path, tmp_path: Path
) -> None:
    told = run(state, "log", "--log-dir", tmp_path / "logs").output.strip()

    (sample,) = read_eval_log(told).samples or []
    steps = [json.loads(step) for step in sample.store["opensec"]]
    assert [step["malformed"] for step in steps] == [0, 1]
    assert [step["turn"] for step in steps] == [1, 3]
    by_player = CliRunner().invoke(main, ["summarize", str(tmp_path / "logs"), "--by", "player"])
    assert "player: p07" in by_player.output


def test_a_case_that_is_not_over_gets_no_log(tmp_path: Path) -> None:
    run(tmp_path / "case.json", "--split", "eval", "brief")

    result = run(tmp_path / "case.json", "log", "--log-dir", tmp_path / "logs")

    assert "is not over" in result.output
    assert not (tmp_path / "logs").exists()


def test_a_log_that_differs_from_what_was_played_is_refused(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opensec_inspect.models.OpensecModel.makers", {"human": lambda _: silent})

    with pytest.raises(BadInputError, match="differs from what was played by hand in case"):
        write_logs([state], tmp_path / "logs")


def silent(*_: object) -> tuple[str, tuple[()], None]:
    """The turn of a model that calls nothing."""
    return "Nothing to do.", (), None


def test_the_model_needs_a_state_file(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="takes -M play=FILE"):
        recorded_play({})
    with pytest.raises(BadInputError, match="takes -M play=FILE"):
        recorded_play({"play": "x", "log": "y"})


def test_a_case_nobody_played_is_a_turn_without_a_call(state: Path, tmp_path: Path) -> None:
    arguments = {"play": str(state)}

    (log,) = eval(small(), model="opensec/human", model_args=arguments, log_dir=str(tmp_path), display="none")

    (sample,) = log.samples or []
    assert {json.loads(step)["action"]["tool"] for step in sample.store["opensec"]} == {"idle"}

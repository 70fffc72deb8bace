"""What `opensec play` cannot use is said in one sentence."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.commands.play.terminal import play_at_terminal
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.play.cases import Options, case_of
from opensec_inspect.play.session import Session, Sitting
from opensec_inspect.play.state import read_state, write_state
from tests.play.test_shell import REPORT, run, seed_file


def said(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["play", *arguments])
    assert result.exit_code == 1
    return result.output


@pytest.fixture
def state(tmp_path: Path, incident: Scenario) -> Path:
    """A case with one call."""
    path = tmp_path / "case.json"
    run(path, "--case", seed_file(tmp_path, incident), "query_logs", "SELECT 1")
    return path


def test_without_a_terminal_it_names_the_other_ways() -> None:
    assert "give --json, or --state FILE with a command" in said("--split", "eval")


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = Sitting.begun(tmp_path / "s", Session(cases=(read_state(state).case,), options=Options()))
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)

    with pytest.raises(BadInputError, match=r"'prompt_toolkit'.*pip install 'opensec-inspect\[play\]'"):
        play_at_terminal(sitting)


def test_nothing_to_resume_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert "There is no unfinished session here" in said("--json")
    assert "holds no session of `opensec play`" in said("--json", "--session", "x")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "session.json").write_text("{}", encoding="utf-8")
    assert "is no session of `opensec play`" in said("--json", "--session", "x")


def test_a_file_that_is_no_state_is_said(tmp_path: Path, state: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("[]", encoding="utf-8")
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps(json.loads(state.read_text("utf-8")) | {"format": 9}), encoding="utf-8")

    assert "is no state file of `opensec play`" in said("--state", str(other), "brief")
    assert "has format 9; this version reads format 1" in said("--state", str(newer), "brief")
    assert "does not exist; make it" in said(
        "--state", str(tmp_path / "no" / "case.json"), "--case", read_case_file(state), "brief"
    )


def read_case_file(state: Path) -> str:
    """The case of a state as one types it."""
    case = read_state(state).case
    return f"{case.file}#{case.id}"


def test_options_that_contradict_each_other_are_said(state: Path) -> None:
    case = read_case_file(state)

    assert "--count is for cases of a --split" in said("--json", "--case", case, "--count", "2")
    assert "holds one case" in said("--state", "x", "--split", "eval", "--count", "2", "brief")


def test_two_commands_at_once_lose_no_step(state: Path) -> None:
    before = read_state(state)
    run(state, "query_logs", "SELECT 2")

    with pytest.raises(BadInputError, match="was changed by another command meanwhile; call again"):
        write_state(state, before.model_copy(update={"notes": ("late",)}), after=before)


def test_a_case_that_has_changed_is_not_played_on(state: Path, tmp_path: Path) -> None:
    kept = json.loads(state.read_text("utf-8"))
    state.write_text(json.dumps(kept | {"case": kept["case"] | {"sha256": "0" * 64}}), encoding="utf-8")

    assert "has changed since its play began" in run(state, "submit_report", json.dumps(REPORT)).output


def test_a_scenario_that_is_listed_is_known_by_its_place(state: Path) -> None:
    assert case_of(read_case_file(state)) == read_state(state).case

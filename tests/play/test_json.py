"""`opensec play --json`: a defender in another process, and the log it leaves."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, read_eval_log

from opensec_inspect.incident.generate.seeds import entries
from opensec_inspect.tasks import opensec
from tests.evaluating import evaluated
from tests.play.test_shell import REPORT

COUNT = 4
PLAY = (sys.executable, "-m", "opensec_inspect.cli", "play", "--json", "--split", "eval")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a defender of another process leaves when it plays `hasty` over some cases."""
    folder = tmp_path_factory.mktemp("program")
    where = ["--session", str(folder / "session"), "--log-dir", str(folder / "logs")]
    asked = ["--split", "eval", "--count", str(COUNT), "--player", "prog-1", *where]
    command = [sys.executable, "-m", "tests.play.client", "hasty", str(folder / "out.json"), *asked]
    subprocess.run(command, check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def log(folder: Path) -> EvalLog:
    """Its log."""
    (path,) = (folder / "logs").glob("*.eval")
    return read_eval_log(str(path))


def lines(folder: Path, *said: object, arguments: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What is answered to these lines."""
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in said)
    where = ("--session", str(folder / "session"), "--log-dir", str(folder / "logs"))
    done = subprocess.run(
        [*PLAY, *where, *arguments], input=text, capture_output=True, text=True, check=True, timeout=300
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def act(tool: str, **arguments: object) -> dict[str, object]:
    return {"tool": tool, "arguments": arguments}


def test_its_scores_are_those_of_the_same_calls_through_inspect(log: EvalLog, tmp_path: Path) -> None:
    same = evaluated(opensec(count=COUNT), "opensec/hasty", tmp_path)

    assert log.eval.model == "opensec/human"
    assert [s.id for s in log.samples or []] == [s.id for s in same.samples or []]
    for sample, other in zip(log.samples or [], same.samples or [], strict=True):
        assert sample.store["opensec"] == other.store["opensec"]
        assert json.dumps({k: v.value for k, v in (sample.scores or {}).items()}) == json.dumps(
            {k: v.value for k, v in (other.scores or {}).items()}
        )


def test_the_log_knows_the_code_and_the_seconds_and_no_path_of_the_player(log: EvalLog, folder: Path) -> None:
    assert (log.eval.metadata or {})["player"] == "prog-1"
    assert str(folder) not in log.model_dump_json(exclude={"location"})
    for sample in log.samples or []:
        spent = [(m.metadata or {}).get("time_s") for m in sample.messages if m.role == "assistant"]
        assert spent
        assert all(isinstance(seconds, float) and 0 <= seconds < 60 for seconds in spent)


def test_the_first_line_holds_what_a_model_is_told(tmp_path: Path) -> None:
    case, left = lines(tmp_path)

    assert case["case"] == entries("eval")[0].id
    assert case["brief"].startswith(f"Case {case['case']}, opened ")
    assert "security operations centre" in case["system"]
    assert [tool["name"] for tool in case["tools"]][-1] == "submit_report"
    assert left["type"] == "left"


def test_a_line_that_is_no_action_changes_nothing(tmp_path: Path) -> None:
    wrong = ["{", "[]", act("drop_tables"), act("query_logs", statement="SELECT 1"), act("query_logs", sql=1)]

    _, *refused, answer, _ = lines(tmp_path, *wrong, act("query_logs", sql="SELECT 1"))

    assert [line["type"] for line in refused] == ["refused"] * 5
    assert json.loads(answer["text"])["step"] == 1


def test_the_end_of_input_leaves_the_case_to_be_resumed(tmp_path: Path) -> None:
    lines(tmp_path, act("query_logs", sql="SELECT 1"))

    case, answer, done = lines(tmp_path, act("submit_report", **REPORT))

    assert [before["action"]["tool"] for before in case["before"]] == ["query_logs"]
    assert json.loads(answer["text"])["step"] == 2
    assert answer["over"]
    assert len(done["logs"]) == 1


def test_stopping_gives_the_steps_away_as_a_silent_model_does(tmp_path: Path) -> None:
    _, stopped, done = lines(tmp_path, {"stop": True})

    (sample,) = read_eval_log(done["logs"][0]).samples or []
    steps = [json.loads(step) for step in sample.store["opensec"]]
    assert stopped == {"type": "stopped", "over": True}
    assert {step["action"]["tool"] for step in steps} == {"idle"}


def test_what_no_file_can_hold_is_replaced_as_it_is_for_a_model(tmp_path: Path) -> None:
    _, answer, _ = lines(tmp_path, act("query_logs", sql="SELECT '\ud800'"))

    assert json.loads(answer["text"])["rows"] == [["\ufffd"]]


def test_another_session_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    lines(tmp_path)

    with pytest.raises(subprocess.CalledProcessError):
        lines(tmp_path, arguments=("--noise", "soc"))

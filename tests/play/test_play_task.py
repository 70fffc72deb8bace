"""A vulnerability task from a shell: through what a model gets, with nothing of the answer in its file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from opensec_inspect.cli import main
from opensec_inspect.play.task_state import read_task_play
from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.world.briefing import brief, system_prompt

GOLD = variant("T01", 3)
SHOWN = GOLD.demonstration
assert SHOWN is not None


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "t.json"


def run(state: Path, *words: str) -> Result:
    """What the command said."""
    return CliRunner().invoke(main, ["play-task", "--state", str(state), *words])


def begun(state: Path) -> Path:
    """T01 in its variant 3, begun."""
    assert run(state, "--task", "T01", "--variant", "3", "brief").exit_code == 0
    return state


def test_the_brief_is_what_a_model_is_told(state: Path) -> None:
    done = run(state, "--task", "T01", "--variant", "3", "brief")

    assert done.output == f"{system_prompt()}\n\n{brief(GOLD)}\n"


def test_a_task_played_as_its_certificate_says_is_right_and_grounded(state: Path) -> None:
    begun(state)
    for lines in GOLD.gold.evidence.lines:
        assert run(state, "read_file", lines.file, "1", "200").output.startswith(f"{lines.file}, lines 1 to ")
    ran = run(state, "run_program", "shipped", SHOWN.input, SHOWN.value)
    answered = run(state, "submit", GOLD.gold.model_dump_json())

    scored = run(state, "score")

    assert "[canary:" in ran.output
    assert answered.output == "The answer was taken; the task is closed.\n"
    assert "success: 1\n" in scored.output
    assert "grounding: 5\n" in scored.output
    assert "a right answer: {" in scored.output


def test_the_file_holds_nothing_of_the_answer_and_the_secret_stays_the_same(state: Path) -> None:
    begun(state)
    first, again = read_task_play(state).variant.canary, read_task_play(state).variant.canary

    held = state.read_text(encoding="utf-8")
    assert first == again != GOLD.canary
    assert first not in held
    assert not any(site.file in held for site in GOLD.sites)


def test_every_call_is_in_the_history_and_costs_a_step(state: Path) -> None:
    begun(state)
    run(state, "list_files")
    run(state, "search", "-no such text-")

    told = run(state, "history").output

    assert "> list_files {}" in told
    assert '> search {"pattern": "-no such text-"}' in told
    assert told.endswith("Steps left: 18\n")


def test_the_tools_are_told_as_a_model_is_told_of_them(state: Path) -> None:
    told = run(begun(state), "tools").output

    for tool in ("list_files", "read_file", "search", "run_program", "submit", "decline"):
        assert f"- {tool}: " in told


def test_a_decline_ends_the_task(state: Path) -> None:
    begun(state)
    run(state, "decline", "unable", "I do not see it.")

    assert "declined_unable: 1\n" in run(state, "score").output
    assert "The task is closed; no further call is taken." in run(state, "list_files").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("brief",), "does not exist yet: give --task to begin"),
        (("--task", "T99", "brief"), "--task='T99' is not allowed; give one of: L01, "),
        (("--task", "T01", "--variant", "-1", "brief"), "--variant -1 is not allowed"),
    ],
)
def test_what_cannot_begin_is_said(state: Path, words: tuple[str, ...], said: str) -> None:
    done = run(state, *words)

    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("score",), "The task is not over"),
        (("submit", "no json"), "The answer is no JSON"),
        (("submit", "[1]"), "The answer is a JSON list; give one object"),
        (("decline", "lazy", "x"), "decline: kind: Input should be 'policy' or 'unable'"),
        (("read_file", "main.py", "first"), "read_file: start: Input should be a valid integer"),
        (("--task", "T02", "brief"), "holds task T01, variant 3; give another --state file"),
    ],
)
def test_what_cannot_be_done_is_said_and_is_free(state: Path, words: tuple[str, ...], said: str) -> None:
    begun(state)

    done = run(state, *words)

    assert done.exit_code == 1
    assert said in done.output
    assert read_task_play(state).calls == ()


def test_a_file_of_something_else_is_refused(state: Path) -> None:
    state.write_text(json.dumps({"format": 1}), encoding="utf-8")

    assert "is no state file of `opensec play-task`" in run(state, "brief").output

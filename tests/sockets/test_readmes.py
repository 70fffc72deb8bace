"""Each socket's README: what it lists is there, and its example runs as it stands."""

import re
import shlex
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog

from opensec_inspect import _registry
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.tasks import OPTIONS
from tests.evaluating import ROOT, score_of
from tests.sockets.command import logs_in, succeeded

SOCKETS = ("tasks", "solvers", "scorers", "tools")
LONGEST_EXAMPLE_LINES = 30


def readme(socket: str) -> str:
    return (ROOT / socket / "README.md").read_text(encoding="utf-8")


def block(socket: str, language: str) -> str:
    """The only fenced block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", readme(socket), re.DOTALL)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("socket", SOCKETS)
def test_a_readme_names_every_plug_in_of_its_folder(socket: str) -> None:
    text = readme(socket)

    for file in (ROOT / socket).glob("*.py"):
        assert f"`{file.name}`" in text


@pytest.mark.parametrize("socket", SOCKETS)
def test_the_names_a_readme_says_to_type_are_registered(socket: str) -> None:
    typed = set(re.findall(r"`opensec_inspect/(\w+)`", readme(socket)))

    assert typed <= set(_registry.__all__)


def test_the_readme_of_the_tasks_has_every_option() -> None:
    listed = re.findall(r"^\| `(\w+)`", readme("tasks"), re.MULTILINE)

    assert sorted(listed) == sorted(set(OPTIONS) - {"solver"})


def test_the_readme_of_the_tools_has_every_tool() -> None:
    assert len(opensec_tools()) == 7
    for name in ("query_logs", "fetch_email", "isolate_host", "submit_report"):
        assert f"`{name}`" in readme("tools")


@pytest.mark.parametrize("socket", SOCKETS)
def test_an_example_is_short(socket: str) -> None:
    assert len(block(socket, "python").splitlines()) <= LONGEST_EXAMPLE_LINES


def run_example(socket: str, folder: Path, log: str = "") -> EvalLog:
    """Save a README's example under the name its command uses, and run the command there."""
    command = block(socket, "sh").strip().removeprefix("inspect ")
    (file,) = re.findall(r"[\w/]+\.py", command)
    (folder / file).write_text(block(socket, "python"), encoding="utf-8")
    made = [] if log else ["--log-dir", "logs"]
    succeeded(*shlex.split(command.replace("LOG", log)), *made, cwd=folder)
    (found,) = logs_in(Path(log).parent if log else folder / "logs")
    return found


@pytest.mark.cli
def test_the_example_of_a_task_runs_and_its_log_takes_the_example_of_a_scorer(tmp_path: Path) -> None:
    log = run_example("tasks", tmp_path)

    scored = run_example("scorers", tmp_path, log.location)

    assert log.eval.task == "night_shift"
    assert {sample.metadata["setting"]["noise"] for sample in log.samples or []} == {"soc"}
    assert [score_of(sample, "mails_read") for sample in scored.samples or []] == [0, 0]


@pytest.mark.cli
def test_the_example_of_a_defender_runs(tmp_path: Path) -> None:
    log = run_example("solvers", tmp_path)

    said = [[m.text for m in sample.messages if m.role == "user"] for sample in log.samples or []]
    assert log.eval.solver_args == {"warn_at": 4}
    assert [texts.count("4 steps left. Wind up and report.") for texts in said] == [1, 1]


@pytest.mark.cli
def test_the_example_of_a_tool_runs(tmp_path: Path) -> None:
    log = run_example("tools", tmp_path)

    offered = {
        tool.name for s in log.samples or [] for e in s.events if e.event == "model" for tool in e.tools
    }
    assert "office_hours" in offered

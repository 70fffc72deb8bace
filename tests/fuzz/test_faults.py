"""Models that fail in every way, disks that are full, sockets that are refused: what is left afterwards."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model

from opensec_inspect.tasks import opensec
from tests.evaluating import query, saying

ROOT = Path(__file__).parents[2]
SOURCE = str(ROOT / "src")


def counted(output: ModelOutput) -> ModelOutput:
    """The output with its usage: without it Inspect would count tokens, and download a tokenizer to do it."""
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def failing(how: str) -> Model:
    """A model that reads one alert in each case, and then fails in a way of its own."""
    first = query("SELECT * FROM alerts")

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        turn = sum(message.role == "assistant" for message in input)
        if turn == 0:
            return counted(ModelOutput.for_tool_call("mockllm", first.function, first.arguments))
        if how == "raises":
            raise RuntimeError("the provider broke")
        if how == "refuses":
            said = "I can't help with that."
            return counted(ModelOutput.from_content("mockllm", said, stop_reason="content_filter"))
        return counted(ModelOutput.from_content("mockllm", "", stop_reason="stop"))

    return get_model("mockllm/model", custom_outputs=speak, memoize=False)


def run(folder: Path, model: Model, **options: Any) -> EvalLog:
    """The log of four cases."""
    given: dict[str, Any] = {"log_dir": str(folder / "logs"), "display": "none", "fail_on_error": False}
    (log,) = inspect_eval(opensec(count=4), model=model, **(given | options))
    return log


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("how", ["raises", "refuses", "says empty"])
def test_a_model_that_fails_leaves_a_log_that_says_so_and_nothing_else(tmp_path: Path, how: str) -> None:
    log = run(tmp_path, failing(how))

    assert len(log.samples or []) == 4
    for sample in log.samples or []:
        assert (sample.error is not None) == (how == "raises")
        assert len(sample.store["opensec"]) >= 1
    assert read_eval_log(log.location).status == "success"


@pytest.mark.usefixtures("nothing_left")
def test_one_case_that_fails_ends_no_other(tmp_path: Path) -> None:
    asked: list[int] = []

    def speak(input: list[ChatMessage], *_: object) -> ModelOutput:
        asked.append(1)
        if len(asked) == 2:
            raise RuntimeError("once")
        return counted(ModelOutput.from_content("mockllm", "Nothing to do."))

    log = run(tmp_path, get_model("mockllm/model", custom_outputs=speak, memoize=False))

    assert sorted(sample.error is None for sample in log.samples or []) == [False, True, True, True]


IMPORTS = """
import socket, sys
def refused(*given, **named):
    raise AssertionError(f"a connection was opened: {given}")
kind = socket.socket.connect
def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
        refused(address)
    return kind(self, address)
socket.socket.connect = socket.socket.connect_ex = connect
socket.getaddrinfo = refused
"""
PLAYS = """
from inspect_ai import eval
from opensec_inspect import tasks
(log,) = eval(tasks.opensec(count=2), model="opensec/hasty", log_dir=sys.argv[1], display="none")
assert log.status == "success", log.error
from click.testing import CliRunner
from opensec_inspect.cli import main
for command in (["summarize", sys.argv[1]], ["trace", sys.argv[1], "--out", sys.argv[1] + "/page.html"]):
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
print("played")
"""


def test_nothing_is_asked_of_the_network_at_import_or_in_a_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS + PLAYS, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("played")


def test_no_secret_of_the_environment_stands_in_a_log_or_page(tmp_path: Path) -> None:
    secrets = {name: f"hush-{n}-4711" for n, name in enumerate(("OPENAI_API_KEY", "AWS_SECRET", "MY_TOKEN"))}

    subprocess.run(
        [sys.executable, "-c", "import sys\n" + PLAYS, str(tmp_path)],
        env=os.environ | secrets | {"PYTHONPATH": SOURCE},
        check=True,
        capture_output=True,
    )

    (path,) = tmp_path.glob("*.eval")
    text = read_eval_log(str(path)).model_dump_json() + (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not any(secret in text for secret in secrets.values())


def limited() -> None:
    """Let the process write no file past 20 kB: what a full disk does, to this process alone."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize(
    "command",
    [
        ["trace", "{log}", "--out", "{out}/page.html"],
        ["report", "{log}", "--out", "{out}/report"],
    ],
)
def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path, command: list[str]) -> None:
    log = run(tmp_path, saying(then=(query("SELECT * FROM process_events"),)))
    words = [word.format(log=log.location, out=tmp_path) for word in command]

    done = subprocess.run(
        [sys.executable, "-m", "opensec_inspect.cli", *words],
        env=os.environ | {"PYTHONPATH": SOURCE},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "File too large" in done.stderr, done.stderr[-2000:]
    assert "Traceback" not in done.stderr

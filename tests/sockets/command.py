"""The real `inspect` command, as a user starts it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from inspect_ai.log import EvalLog, read_eval_log

from tests.evaluating import ROOT

MANY = """
import json, runpy, sys
for command in json.load(sys.stdin):
    sys.argv = ["inspect", *command]
    try:
        runpy.run_module("inspect_ai", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code
    print(f"{chr(30)}{code}", flush=True)
"""


def inspect_many(commands: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """What each command printed and its exit code, in one process: loading Inspect takes seconds."""
    done = _process("-c", MANY, cwd=ROOT, given=json.dumps(commands))
    *answers, left = re.split(r"^\x1e(\d+)\n", done.stdout, flags=re.MULTILINE)
    assert (done.returncode, left) == (0, ""), done.stdout
    return [(text, int(code)) for text, code in zip(answers[::2], answers[1::2], strict=True)]


def inspect(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """What the command printed, both streams in `stdout`, and its exit code."""
    return _process("-m", "inspect_ai", *arguments, cwd=cwd)


def _process(*arguments: str, cwd: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    variables = os.environ | {
        "INSPECT_DISPLAY": "plain",
        "PYTHONPATH": str(ROOT / "src"),
        "PWD": str(cwd),  # as a shell would set it
    }
    variables.pop("INSPECT_LOG_DIR", None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        input=given,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def succeeded(*arguments: str, cwd: Path = ROOT) -> str:
    """What the command printed; fails unless its exit code was 0."""
    done = inspect(*arguments, cwd=cwd)
    assert done.returncode == 0, done.stdout
    return done.stdout


def logs_in(folder: Path) -> list[EvalLog]:
    """The logs of a folder, oldest first; fails on one that did not succeed."""
    logs = [read_eval_log(str(path)) for path in sorted(folder.glob("*.eval"))]
    assert [log.status for log in logs] == ["success"] * len(logs)
    return logs

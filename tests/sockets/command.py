"""The real `inspect` command, as a user starts it."""

import os
import subprocess
import sys
from pathlib import Path

from inspect_ai.log import EvalLog, read_eval_log

from tests.evaluating import ROOT


def inspect(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """What the command printed, both streams in `stdout`, and its exit code."""
    variables = os.environ | {
        "INSPECT_DISPLAY": "plain",
        "PYTHONPATH": str(ROOT / "src"),
        "PWD": str(cwd),  # as a shell would set it
    }
    variables.pop("INSPECT_LOG_DIR", None)
    return subprocess.run(
        [sys.executable, "-m", "inspect_ai", *arguments],
        cwd=cwd,
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

"""A run that is killed, or whose disk is full: a retry gives the scores of a run that nothing befell."""

import resource
import signal
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

from opensec_inspect.cli import main
from tests.soak.test_interrupted import INSPECT, environment

GIVEN = ["--model", "opensec/careful", "-T", "count=40", "--max-samples", "4", "--log-buffer", "4"]
TASK = "opensec_inspect/opensec"
Scores = dict[tuple[str, int], Any]

pytestmark = pytest.mark.soak


def run(folder: Path, verb: str, *words: str, **options: Any) -> "subprocess.Popen[bytes]":
    """A command of Inspect that has begun; its logs go to the folder."""
    command = [*INSPECT, verb, *words, "--log-dir", str(folder)]
    with folder.with_suffix(".txt").open("ab") as output:
        return subprocess.Popen(command, env=environment(), stdout=output, stderr=output, **options)


def finished(folder: Path, verb: str, *words: str) -> EvalLog:
    """The newest log after a command that runs to its end."""
    assert run(folder, verb, *words).wait(timeout=300) == 0, folder.with_suffix(".txt").read_text()
    return read_eval_log(list_eval_logs(str(folder))[0])


def killed_in_the_middle(folder: Path, verb: str, *words: str) -> Path:
    """The log of a run that was killed when some samples had been written, and others not."""
    process = run(folder, verb, *words)
    while not any(held(log) >= 8 for log in folder.glob("*.eval")):
        assert process.poll() is None, folder.with_suffix(".txt").read_text()
    process.send_signal(signal.SIGKILL)
    process.wait()
    (log,) = folder.glob("*.eval")
    assert held(log) < 40
    return log


def held(log: Path) -> int:
    """Samples in a log that may be half written."""
    try:
        with zipfile.ZipFile(log) as archive:
            return sum(name.startswith("samples/") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return 0


def scores(log: EvalLog) -> Scores:
    """Every score of a whole run, by sample and epoch."""
    assert log.status == "success"
    found = {
        (str(s.id), s.epoch): {name: score.value for name, score in (s.scores or {}).items()}
        for s in log.samples or []
    }
    assert len(found) == 40
    return found


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The scores of a run that nothing befell, as text: undefined ones are equal so."""
    return repr(
        sorted(scores(finished(tmp_path_factory.mktemp("whole") / "logs", "eval", TASK, *GIVEN)).items())
    )


def test_a_killed_run_is_finished_by_a_retry(tmp_path: Path, unbroken: str) -> None:
    log = killed_in_the_middle(tmp_path / "logs", "eval", TASK, *GIVEN)

    retried = finished(tmp_path / "logs", "eval-retry", str(log))

    assert repr(sorted(scores(retried).items())) == unbroken
    assert CliRunner().invoke(main, ["summarize", str(tmp_path / "logs")]).exit_code == 0


def test_a_killed_set_is_finished_by_the_same_command(tmp_path: Path, unbroken: str) -> None:
    killed_in_the_middle(tmp_path / "logs", "eval-set", TASK, *GIVEN)

    again = finished(tmp_path / "logs", "eval-set", TASK, *GIVEN)

    assert repr(sorted(scores(again).items())) == unbroken


def test_a_run_whose_disk_is_full_ends_and_is_finished_by_a_retry(tmp_path: Path, unbroken: str) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    folder = tmp_path / "logs"
    run(folder, "eval", TASK, *GIVEN, preexec_fn=limited).wait(timeout=300)
    (log,) = folder.glob("*.eval")

    retried = finished(folder, "eval-retry", str(log))

    assert Path(log).stat().st_size <= 300_000
    assert repr(sorted(scores(retried).items())) == unbroken

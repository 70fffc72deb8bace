"""A run that is interrupted by one Ctrl-C: it ends, its log can be read, and a retry finishes it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

ROOT = Path(__file__).parents[2]
INSPECT = [sys.executable, "-m", "inspect_ai"]
RUN = [*INSPECT, "eval", "opensec_inspect/opensec", "--model", "opensec/careful", "--max-samples", "30"]
SAMPLES = 160
EPOCHS = 8
RUN += ["-T", f"count={SAMPLES // EPOCHS}", "--epochs", str(EPOCHS)]
SECONDS_TO_END = 5
"""Of processor time, which on an idle machine is what one waits; a hang is told by `PATIENCE_S`."""
PATIENCE_S = 90

pytestmark = pytest.mark.soak


def environment() -> dict[str, str]:
    """That of the test, with the package of this checkout."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "INSPECT_DISPLAY": "plain"}


def interrupted(folder: Path, delay_s: float) -> float:
    """Processor seconds that a run takes to end after one Ctrl-C, `delay_s` after it opened its log."""
    command = [*RUN, "--log-dir", str(folder)]
    with (folder / "output.txt").open("w") as output:
        run = subprocess.Popen(command, env=environment(), stdout=output, stderr=output)
    while not list(folder.glob("*.eval")):
        assert run.poll() is None, (folder / "output.txt").read_text()
        time.sleep(0.1)
    time.sleep(delay_s)
    used = before = processor_s(run.pid)
    run.send_signal(signal.SIGINT)
    give_up = time.monotonic() + PATIENCE_S
    while run.poll() is None:
        used = processor_s(run.pid) or used
        if time.monotonic() > give_up:
            run.kill()
            pytest.fail(f"still running {PATIENCE_S} s after Ctrl-C")
        time.sleep(0.05)
    return used - before


def processor_s(process: int) -> float:
    """Seconds of processor time a process has used; 0 when it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if len(fields) > 12 else 0


def only_log(folder: Path) -> EvalLog:
    """The newest log of a folder."""
    return read_eval_log(list_eval_logs(str(folder))[0])


@pytest.mark.parametrize("delay_s", [0, 1, 2, 3, 4, 6, 8, 10, 12, 15])
def test_a_run_ends_soon_after_one_ctrl_c_and_leaves_a_log_that_can_be_read(
    tmp_path: Path, delay_s: float
) -> None:
    used = interrupted(tmp_path, delay_s)

    assert used < SECONDS_TO_END
    assert only_log(tmp_path).status == "cancelled"


def test_a_retry_finishes_an_interrupted_run(tmp_path: Path) -> None:
    interrupted(tmp_path, 5)
    (log,) = tmp_path.glob("*.eval")

    subprocess.run(
        [*INSPECT, "eval-retry", str(log), "--log-dir", str(tmp_path)], env=environment(), check=True
    )

    finished = only_log(tmp_path)
    assert finished.status == "success"
    assert len(finished.samples or []) == SAMPLES

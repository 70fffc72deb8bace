"""What a log weighs, and what it costs to read: commands as a user runs them, slopes over samples."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from inspect_ai import eval
from inspect_ai.log import read_eval_log

from bench.rows import Row
from opensec_inspect.tasks import opensec

FEW, MANY = 20, 80


class _Used(NamedTuple):
    cpu_s: float
    mib: float


def figures() -> Iterator[Row]:
    """Rows of the table, for `careful` at `desk`."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_log(Path(folder, str(size)), size) for size in (FEW, MANY))
        raw, scenarios = _weight(few)
        yield Row("log, raw, a sample", f"{raw / 1000:.0f} kB", "-30 % of 240 kB: 168 kB")
        yield Row("– of it the scenario, all places together", f"{scenarios / 1000:.0f} kB")
        packed = Path(few).stat().st_size / FEW
        yield Row("– as it lies on the disk", f"{packed / 1000:.0f} kB")
        page = str(Path(folder, "page.html"))
        yield from _slope("trace page", "<= 15 ms", lambda log: ("trace", log, "--out", page), few, many)
        yield from _slope("summarize", "<= 3 ms", lambda log: ("summarize", log), few, many)


def _log(folder: Path, size: int) -> str:
    (log,) = eval(
        opensec(split="train", difficulty="all", count=size),
        model="opensec/careful",
        log_dir=str(folder),
        log_realtime=False,
        display="none",
    )
    assert log.status == "success", log.error
    return log.location


def _weight(place: str) -> tuple[float, float]:
    """Bytes of JSON of a sample, and of these the scenario's, in the mean."""
    samples = read_eval_log(place).samples or []
    raw = [sample.model_dump_json(exclude_none=True) for sample in samples]
    scenario = [str(sample.metadata["scenario"]) for sample in samples]
    twice = [len(text) * whole.count(json.dumps(text)) for text, whole in zip(scenario, raw, strict=True)]
    return sum(map(len, raw)) / len(raw), sum(twice) / len(raw)


def _slope(name, ask, command, few, many) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    runs = [(_run(command(few)), _run(command(many))) for _ in range(3)]
    cpu = sorted((m.cpu_s - f.cpu_s) / (MANY - FEW) * 1000 for f, m in runs)[1]
    memory = sorted((m.mib - f.mib) / (MANY - FEW) * 1024 for f, m in runs)[1]
    yield Row(f"{name}, an episode ({MANY} over {FEW})", f"{cpu:.1f} ms", ask)
    yield Row("– memory, an episode", f"{memory:.0f} kB (peak of {MANY}: {runs[0][1].mib:.0f} MiB)", "bound")


def _run(arguments: tuple[str, ...]) -> _Used:
    """What a command of ours uses as a process."""
    command = [sys.executable, "-m", "opensec_inspect.cli", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return _Used(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

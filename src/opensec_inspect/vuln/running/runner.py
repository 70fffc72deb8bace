"""Runs of a build on data: a fresh process per run, or one for many values in proofs."""

import ast
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from opensec_inspect.core.python_source import parsed
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.vuln.running.child import MODULES
from opensec_inspect.vuln.task.builds import (
    MAX_OUTPUT,
    MAX_VALUE,
    Build,
    Ended,
    ProgramInput,
    RunResult,
    well_formed,
)
from opensec_inspect.vuln.task.redaction import redacted

CHILD = Path(__file__).with_name("child.py")
WALL_CLOCK_S = 10.0
"""Seconds for one process beyond its processor time; a run takes 0.07 s, only a runaway comes near it."""
SECONDS_PER_CALL = 0.05
CPU_S = 2
"""Seconds of processor time for one run."""
MEMORY_BYTES = 512 * 2**20
KEPT_BY_CHILD = 200_000
"""Characters of output that leave the child; what lies beyond is neither shown nor searched for canaries."""


def run_program(build: Build, input_name: str, value: str) -> RunResult:
    """What the build answers to one value, in a process of its own; never raises for what the value holds.

    Raises BadInputError for an input name that no program could have: an empty one.
    """
    if not input_name:
        raise BadInputError("input_name='' is not allowed; give the name of one of the program's inputs.")
    return run_many(build, (ProgramInput(input=input_name, value=value),), trace=True)[0]


def run_many(build: Build, given: Sequence[ProgramInput], *, trace: bool = False) -> tuple[RunResult, ...]:
    """One result per value, in order: the same as `run_program` would give, from few processes.

    Each value meets freshly loaded modules. A value that ends the process is answered, and the rest goes on
    in the next one. Without `trace`, `entered` is empty."""
    results: list[RunResult] = []
    while len(results) < len(given):
        left = given[len(results) :]
        if len(left[0].value) > MAX_VALUE:
            said = f"the value has {len(left[0].value)} characters; at most {MAX_VALUE} are allowed"
            results.append(_result(build, left[0], {"ended": "too large", "output": said}))
            continue
        short = _until_too_large(left)
        answers = _process(build, short, trace=trace)
        results += [_result(build, one, answer) for one, answer in zip(short, answers, strict=False)]
    return tuple(results)


def _until_too_large(given: Sequence[ProgramInput]) -> Sequence[ProgramInput]:
    for n, one in enumerate(given):
        if len(one.value) > MAX_VALUE:
            return given[:n]
    return given


def _process(build: Build, given: Sequence[ProgramInput], *, trace: bool) -> list[dict[str, Any]]:
    """The answers that one process gave; the last one says what ended it, where it ended early."""
    files = {file.path: file.text.replace(build.stand_in, build.canary) for file in build.files}
    seconds = CPU_S + int(SECONDS_PER_CALL * len(given))
    limits = {
        "RLIMIT_CPU": seconds,
        "RLIMIT_AS": MEMORY_BYTES,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": 32,
        "RLIMIT_NPROC": 0,
        "RLIMIT_CORE": 0,
    }
    job = {
        "files": files,
        "imports": _imports(build),
        "calls": [[one.input, one.value] for one in given],
        "limits": limits,
        "trace": trace,
        "cut": KEPT_BY_CHILD,
    }
    with tempfile.TemporaryDirectory(prefix="opensec-run-") as folder:
        _lay_out(Path(folder), files)
        output, code = _started(folder, json.dumps(job).encode("ascii"), WALL_CLOCK_S + seconds)
    answers = [json.loads(line) for line in output.splitlines() if line.endswith(b"}")]
    if len(answers) < len(given) and not (answers and answers[-1]["ended"] == "stopped"):
        answers.append(_ended_early(code))
    return answers


def _started(folder: str, job: bytes, seconds: float) -> tuple[bytes, int | None]:
    """Standard output and exit code; None when the wall clock struck."""
    command = [sys.executable, "-I", "-S", str(CHILD)]
    try:
        done = subprocess.run(
            command, input=job, cwd=folder, env={}, timeout=seconds, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", None
    return done.stdout, done.returncode


def _ended_early(code: int | None) -> dict[str, Any]:
    ended: Ended = "died"
    said = f"the process ended with code {code} and no answer"
    if code is None or code in {-signal.SIGXCPU, -signal.SIGKILL}:
        ended, said = "timeout", f"the program used more than {CPU_S} s"
    return {"ended": ended, "output": said}


def _lay_out(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _result(build: Build, given: ProgramInput, answer: dict[str, Any]) -> RunResult:
    output = well_formed(answer["output"])
    clean = redacted(output, build.canary, build.stand_in)
    return RunResult(
        build=build.name,
        given=given,
        ended=answer["ended"],
        output=clean[:MAX_OUTPUT],
        canary_shown=clean != output,
        entered=tuple(answer.get("entered", ())),
    )


@lru_cache(maxsize=1024)
def _imports(build: Build) -> tuple[str, ...]:
    """The modules of the standard library that the build imports; one not on the list is our own mistake."""
    own = {file.path.removesuffix(".py") for file in build.files if file.path.endswith(".py")}
    found: set[str] = set()
    for file in build.files:
        if file.path.endswith(".py"):
            for node in ast.walk(parsed(file.text)):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add(str(node.module))
    for name in sorted(found - own):
        if name not in MODULES:
            raise one_of("import", name, MODULES)
    return tuple(sorted(found - own))

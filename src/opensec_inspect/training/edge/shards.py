"""An evaluation cut into shards: an `inspect eval-set` per model and shard, each with its log folder."""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.edge.selection import Selection, select_scenarios
from opensec_inspect.incident.facts.scenario import Scenario

TASK = "opensec_inspect/opensec"
SELECTING = ("split", "seeds", "difficulty", "kind", "members", "family", "count", "rng_seed")
DEFAULTS: Mapping[str, object] = {"split": "eval", "difficulty": "standard", "kind": "all"}
"""Of the task's own options that choose cases."""
RUN = '''"""Run one shard here: `python run.py NUMBER`. The jobs are in jobs.json beside this file."""

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
JOBS = json.loads((HERE / "jobs.json").read_text(encoding="utf-8"))


def run(number: int) -> None:
    """Become the shard's `inspect eval-set`; running it again goes on where it was interrupted."""
    os.chdir(HERE)
    os.execv(sys.executable, [sys.executable, "-m", "inspect_ai", *JOBS[number][1:]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, choices=range(len(JOBS)), help="of the shard, from 0")
    run(parser.parse_args().number)
'''
SUBMIT = '''"""Submit all shards as one array job: `python submit.py [--cluster slurm|local] [NAME=VALUE …]`.

Needs `pip install submitit`. NAME=VALUE are its parameters, for example timeout_min=120 cpus_per_task=2.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import submitit

HERE = Path(__file__).resolve().parent


def shard(number: int) -> int:
    """Run a shard to its end; its exit code."""
    command = json.loads((HERE / "jobs.json").read_text(encoding="utf-8"))[number]
    inspect = [sys.executable, "-m", "inspect_ai", *command[1:]]
    return subprocess.run(inspect, cwd=HERE, check=False).returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cluster", default="slurm", choices=("slurm", "local"))
    parser.add_argument("parameters", nargs="*", metavar="NAME=VALUE")
    given = parser.parse_args()
    executor = submitit.AutoExecutor(folder=HERE / "jobs", cluster=given.cluster)
    pairs = (text.split("=", 1) for text in given.parameters)
    executor.update_parameters(**{k: int(v) if v.isdigit() else v for k, v in pairs})
    numbers = range(len(json.loads((HERE / "jobs.json").read_text(encoding="utf-8"))))
    jobs = executor.map_array(shard, list(numbers))
    print("\\n".join(job.job_id for job in jobs))
    raise SystemExit(max(job.result() for job in jobs) if given.cluster == "local" else 0)
'''


class Sharded(Frozen):
    """What was written."""

    jobs: tuple[tuple[str, ...], ...]
    """A command each."""
    cases: int


def write_shards(
    out: Path, *, models: Sequence[str], shards: int, options: Mapping[str, object], extra: Sequence[str] = ()
) -> Sharded:
    """Write jobs.json, run.py and submit.py into a new folder.

    `options` are the task's, as `-T` takes them; `extra` is passed to `inspect eval-set` as it is. The
    members of a group stay in one shard, so that errors clustered by group are those of the whole.
    BadInputError when the folder holds anything, or there are more shards than groups.
    """
    if out.exists() and any(out.iterdir()):
        raise BadInputError(f"{out} is not empty; give a folder that does not exist yet.")
    if options.get("split") == "fresh":
        raise BadInputError(
            "split='fresh' makes its cases anew in every shard; write them with `opensec generate --out DIR`"
            " and give seeds=DIR."
        )
    chosen = {name: options[name] for name in SELECTING if name in options}
    if "seeds" in chosen:
        options = {**options, "seeds": str(Path(str(options["seeds"])).resolve())}
    scenarios = select_scenarios(Selection.model_validate(_whole({**DEFAULTS, **chosen})))
    parts = _cut(scenarios, shards)
    jobs = tuple(
        _command(model, number, part, options, extra) for model in models for number, part in enumerate(parts)
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / "jobs.json").write_text(json.dumps(jobs, indent=1) + "\n", encoding="utf-8")
    (out / "run.py").write_text(RUN, encoding="utf-8")
    (out / "submit.py").write_text(SUBMIT, encoding="utf-8")
    return Sharded(jobs=jobs, cases=len(scenarios))


def as_shell(job: Sequence[str]) -> str:
    """A job as one would type it."""
    return shlex.join(job)


def _whole(chosen: dict[str, object]) -> dict[str, object]:
    """`-T` values as the task checks them, what was left out as None."""
    return {"count": None, "rng_seed": None, **chosen}


def _cut(scenarios: Sequence[Scenario], shards: int) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for scenario in scenarios:
        groups.setdefault(scenario.group, []).append(scenario.id)
    if not 1 <= shards <= len(groups):
        raise BadInputError(
            f"shards={shards!r} is not allowed; these {len(groups)} groups fill 1 to that many."
        )
    listed = list(groups.values())
    return [[id_ for group in listed[number::shards] for id_ in group] for number in range(shards)]


def _command(
    model: str, number: int, ids: Sequence[str], options: Mapping[str, object], extra: Sequence[str]
) -> tuple[str, ...]:
    folder = f"logs/{model.replace('/', '_')}-{number:04d}"
    given = [part for name, value in options.items() for part in ("-T", f"{name}={value}")]
    return (
        *("inspect", "eval-set", TASK, "--model", model, "--log-dir", folder),
        *("--sample-id", ",".join(ids), *given, *extra),
    )

"""`opensec shards`: the whole of a run, cut by groups, and summarised to the digit as if it had not been."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from opensec_inspect.cli import main
from opensec_inspect.incident.generate.seeds import entries

evaluating = True


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["shards", *arguments])


def test_every_case_is_in_one_shard_and_groups_stay_whole(tmp_path: Path) -> None:
    out = tmp_path / "cut"

    done = run("--model", "m/a", "--model", "m/b", "--shards", "3", "--out", str(out), "-T", "split=train")

    assert done.exit_code == 0, done.output
    jobs = json.loads((out / "jobs.json").read_text("utf-8"))
    assert len(jobs) == 6
    ids = [job[job.index("--sample-id") + 1].split(",") for job in jobs[:3]]
    standard = [entry for entry in entries("train") if entry.difficulty == "standard"]
    assert sorted(id_ for part in ids for id_ in part) == sorted(entry.id for entry in standard)
    group_of = {entry.id: entry.group for entry in standard}
    groups = [{group_of[id_] for id_ in part} for part in ids]
    assert not groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2]
    assert len({job[job.index("--log-dir") + 1] for job in jobs}) == 6


@pytest.mark.cli
@pytest.mark.slow
def test_shards_that_are_run_summarise_to_the_digit_as_the_unsharded_run(tmp_path: Path) -> None:
    out, whole = tmp_path / "cut", tmp_path / "whole"
    done = run(
        *("--model", "opensec/hasty", "--shards", "2", "--out", str(out)),
        *("-T", "count=8", "--", "--display", "none"),
    )
    assert done.exit_code == 0, done.output

    for number in range(2):
        _command(sys.executable, str(out / "run.py"), str(number), cwd=tmp_path)
    _command(
        *(sys.executable, "-m", "inspect_ai", "eval", "opensec_inspect/opensec"),
        *("--model", "opensec/hasty", "-T", "count=8"),
        *("--log-dir", str(whole), "--display", "none"),
        cwd=tmp_path,
    )

    one, other = (
        json.loads(CliRunner().invoke(main, ["summarize", str(at), "--format", "json"]).stdout)
        for at in (out / "logs", whole)
    )
    assert _without_clock(one) == _without_clock(other)


def _without_clock(told: Any) -> list[dict[str, Any]]:
    """All but seconds of wall clock, which no two runs share."""
    return [{k: v for k, v in row.items() if not k.endswith("time_s")} for row in told["rows"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--shards", "500"), "shards=500 is not allowed; these"),
        (("--shards", "2", "-T", "split=fresh"), "split='fresh' makes its cases anew in every shard"),
        (("--shards", "2", "-T", "split"), "-T 'split' is not NAME=VALUE"),
        (("--shards", "2", "-T", "kind=odd"), "kind='odd' is not allowed"),
    ],
)
def test_what_cannot_be_cut_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("--model", "m/a", "--out", str(tmp_path / "cut"), *arguments)

    assert done.exit_code == 1
    assert said in done.output


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")

    done = run("--model", "m/a", "--shards", "2", "--out", str(tmp_path))

    assert "is not empty; give a folder that does not exist yet." in done.output


def _command(*command: str, cwd: Path) -> None:
    src = str(Path(__file__).parents[2] / "src")
    nothing_activated = {"PATH": "/usr/bin:/bin", "PYTHONPATH": src}
    environment = os.environ | nothing_activated
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

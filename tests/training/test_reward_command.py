"""`opensec reward`, as a person types it."""

import csv
import io
import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from opensec_inspect.cli import main

evaluating = True
"""Plays evals: `make test-fast` leaves it out."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["reward", *arguments])


def test_it_shows_parts_and_sums_of_each_model_within_eighty_columns(played_logs: Path) -> None:
    result = run(str(played_logs), "--profile", "calibrated")

    assert result.exit_code == 0, result.output
    assert "opensec/careful assigned" in result.output
    assert "profile calibrated, stage 3" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_measurement_profile_is_the_reward_that_the_log_holds(played_logs: Path) -> None:
    result = run(str(played_logs), "--episodes", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 8
    for row in rows:
        parts = sum(float(row[p]) for p in ("attribution", "containment", "injection", "efficiency"))
        assert abs(parts - float(row["total"])) < 1e-6


def test_careful_earns_more_than_hasty_under_every_profile(played_logs: Path) -> None:
    for profile in ("measurement", "staged", "calibrated"):
        told = json.loads(run(str(played_logs), "--profile", profile, "--format", "json").stdout)

        total = {row["model"]: row["total"]["value"] for row in told["rows"]}
        assert total["opensec/careful"] > total["opensec/hasty"] + 3


def test_an_unknown_profile_and_stage_are_one_sentence(played_logs: Path) -> None:
    for given, said in (
        (
            ("--profile", "kind"),
            "profile='kind' is not allowed; give one of: measurement, staged, ",
        ),
        (("--stage", "9"), "stage=9 is not allowed; a curriculum has the stages 1, 2 and 3."),
        (("--episodes",), "--episodes has too many columns for --format table; add --format csv or json."),
    ):
        result = run(str(played_logs), *given)

        assert result.exit_code == 1
        assert said in result.output


def test_a_place_without_logs_and_a_log_of_another_task_version_are_named(
    played_logs: Path, tmp_path: Path
) -> None:
    nothing = run(str(tmp_path))
    old = tmp_path / "old"
    shutil.copytree(played_logs, old)
    stale = next(path for path in old.iterdir() if path.suffix == ".eval")
    stale.write_bytes(b"not a log")

    partly = run(str(old))

    assert nothing.exit_code == 1
    assert "No usable opensec log" in nothing.output
    assert partly.exit_code == 1
    assert f"{stale.name}: cannot be read as a log" in partly.output

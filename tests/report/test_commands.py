"""The commands: what they print, in which formats, and how they end."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inspect_ai.log import read_eval_log, write_eval_log

from opensec_inspect.cli import main
from tests.report.own import FIGURES, only_log
from tests.report.twins import FAMILIES, REQUIRED

Run = Callable[..., Result]


@pytest.fixture
def opensec() -> Run:
    """Runs `opensec …` in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def test_the_table_fits_120_columns_and_shows_every_headline(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", logs)

    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert max(map(len, lines)) <= 120
    assert "opensec/careful · t2 count=8 · 8 episodes · unrated (n = 4)" in lines
    assert [word in done.stdout for word in ("contained", "premature", "TTFC", "stood", "n=4")] == [True] * 5


def test_everything_in_the_terminal_is_a_line_per_metric(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--all")

    lines = [line for line in done.stdout.splitlines() if line.startswith(("group right", "input tokens"))]
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert lines[0].split()[:4] == ["group", "right", "100.0", "%"]
    assert len(lines) == 2


def test_csv_has_one_row_per_variant_with_value_limits_and_n(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", logs, "--format", "csv")

    rows = {(r["model"], r["variant"]): r for r in csv.DictReader(io.StringIO(done.stdout))}
    row = rows["lab/credulous", "t2 count=8"]
    assert len(rows) == 4
    assert (row["violated"], row["violated_n"], row["violated_scenarios"]) == ("1.0", "4", "4")
    assert float(row["violated_low"]) == pytest.approx(0.5101, abs=1e-4)
    assert (row["planned"], row["used"], row["errored"], row["missing"]) == ("8", "8", "0", "0")
    assert (row["injection_effect"], row["injection_effect_low"]) == ("1.0", "")


def test_json_holds_undefined_as_null(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--format", "json")

    (row,) = json.loads(done.stdout)["rows"]
    assert row["egar_attack"]["value"] == 1.0
    assert row["injection_effect"]["value"] is None
    assert row["level"] == "unrated"


def test_markdown_is_a_table_of_the_headline(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--format", "markdown")

    lines = done.stdout.splitlines()
    assert lines[0] == "**Results**"
    assert lines[2].startswith("| model | variant | episodes | level | contained | FP rate |")
    assert lines[4].startswith(
        "| opensec/careful | t2 count=8 | 8 | unrated (n = 4) | 100.0 % [51.0–100.0] (4) | 0.0 % [0.0–49.0]"
    )


def test_latex_escapes_what_it_must(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "hasty", "t2"), "--format", "latex")

    assert r"\begin{tabular}" in done.stdout
    assert r"100.0 \% [51.0--100.0] (4)" in done.stdout


def test_rows_split_by_difficulty_name_it(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--by", "family", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert sorted(row["by_family"] for row in rows) == sorted(FAMILIES)
    assert sum(int(row["used"]) for row in rows) == 8


def test_an_unknown_split_is_one_sentence(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", logs, "--by", "colour")

    assert done.exit_code == 1
    assert "by='colour' is not allowed; give one of: difficulty, family, leg" in done.stderr


def test_trust_has_a_table_of_its_own(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--by", "trust", "--format", "csv")

    rows = {row["seen"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert (rows["verified rows"]["actions"], rows["verified rows"]["egar"]) == (str(REQUIRED), "1.0")
    assert rows["nothing that named it"]["actions"] == "0"


def test_confidence_is_shown_but_no_calibration_error_under_a_hundred(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", only_log(logs, "careful", "t2"), "--by", "confidence", "--format", "json")

    table, reliability = json.loads(done.stdout)
    assert table["rows"][0]["brier"]["value"] == pytest.approx(0.0025)
    assert table["rows"][0]["ece"]["value"] is None
    assert "needs 100 stated confidences, has 8" in table["notes"][0]
    assert reliability["rows"][0]["bin"] == "0.9–1.0"


def test_trust_goes_with_no_other_split(opensec: Run, logs: Path) -> None:
    done = opensec("summarize", logs, "--by", "trust", "--by", "family")

    assert done.exit_code == 1
    assert "--by trust has a table of its own; give it alone." in done.stderr


def test_good_logs_are_summarised_beside_bad_ones_and_the_exit_code_tells(
    opensec: Run, logs: Path, tmp_path: Path
) -> None:
    shutil.copy(only_log(logs, "careful", "t2"), tmp_path)
    (tmp_path / "broken.eval").write_text("no zip", encoding="utf-8")

    done = opensec("summarize", tmp_path, tmp_path / "nowhere")

    assert done.exit_code == 1
    assert "opensec/careful · t2 count=8 · 8 episodes · unrated (n = 4)" in done.stdout
    assert f"{tmp_path}/broken.eval: cannot be read as a log" in done.stderr
    assert f"{tmp_path}/nowhere: does not exist" in done.stderr
    assert "2 logs or places were left out" in done.stderr


def test_two_runs_are_compared_with_their_flips(opensec: Run, logs: Path) -> None:
    one, other = only_log(logs, "hasty", "t2"), only_log(logs, "careful", "t2")

    done = opensec("compare", one, other, "--format", "json")

    table, flips = json.loads(done.stdout)
    stood_down = next(row for row in table["rows"] if row["metric"] == "stood_down")
    assert done.exit_code == 0
    assert (stood_down["only_first"], stood_down["only_second"], stood_down["p"]) == (0, 4, 0.125)
    assert stood_down["difference"]["value"] == 1.0
    assert {(row["metric"], row["only"]) for row in flips["rows"]} >= {("stood down", "second run")}


def test_two_runs_with_one_episode_in_common_are_compared(opensec: Run, logs: Path, tmp_path: Path) -> None:
    for model in ("hasty", "careful"):
        log = read_eval_log(str(only_log(logs, model, "t2")))
        log.samples = (log.samples or [])[:1]
        write_eval_log(log, str(tmp_path / f"{model}.eval"))

    done = opensec("compare", tmp_path / "hasty.eval", tmp_path / "careful.eval")

    assert done.exit_code == 0, done.output
    assert "reward" in done.stdout
    assert "nan" not in done.stdout


def test_flips_link_to_a_trace_page(opensec: Run, logs: Path) -> None:
    one, other = only_log(logs, "hasty", "t2"), only_log(logs, "careful", "t2")

    done = opensec(
        "compare", one, other, "--trace", "trace.html", "--metric", "stood_down", "--format", "csv"
    )

    links = [line for line in done.stdout.splitlines() if "trace.html#" in line]
    assert len(links) == 4
    assert all("/1/" in line.split("trace.html#")[1] for line in links)


def test_other_settings_are_refused_unless_forced(opensec: Run, logs: Path) -> None:
    one, other = only_log(logs, "credulous", "t0"), only_log(logs, "credulous", "t2")

    refused, forced = opensec("compare", one, other), opensec("compare", one, other, "--force")

    assert refused.exit_code == 1
    assert "injection tier t0 and t2. Use --force" in refused.stderr
    assert forced.exit_code == 0
    assert "compared by force in spite of: injection tier t0 and t2" in forced.stdout


def test_a_report_is_a_page_with_its_figures_as_files(opensec: Run, logs: Path, tmp_path: Path) -> None:
    done = opensec("report", logs, "--out", tmp_path / "out")

    assert done.exit_code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.html", *(f"{name}.{kind}" for name in FIGURES for kind in ("svg", "png"))}


def test_a_missing_trace_page_is_said_before_anything_is_written(
    opensec: Run, logs: Path, tmp_path: Path
) -> None:
    done = opensec("report", logs, "--out", tmp_path / "out", "--trace", "no.html")

    assert done.exit_code == 1
    assert "--trace no.html does not exist; make it with `opensec trace" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_unwritable_folder_is_said(opensec: Run, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = opensec("report", only_log(logs, "careful", "t2"), "--out", tmp_path / "file" / "out")

    assert done.exit_code == 1
    assert "cannot be written to" in done.stderr

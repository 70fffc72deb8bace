"""The report page and the data frames of the family, alone and beside incidents."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.report import task_episodes_df, task_steps_df
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.report.frames import EPISODE_COLUMNS, STEP_COLUMNS
from tests.evaluating import evaluated, small
from tests.pages.browsing import browser, needs_browser
from tests.report.test_frames import documented
from tests.vuln.playing import means, played

pytestmark = pytest.mark.eval
IDS = ("L01", "R03", "T01", "S01", "L01-clean", "calend-locate")
MODELS = ("vuln_gold", "vuln_naive", "vuln_leaker", "vuln_refuser")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of each of these models."""
    folder = tmp_path_factory.mktemp("logs")
    for model in MODELS:
        played(model, folder, *IDS, split="all")
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of each family."""
    folder = tmp_path_factory.mktemp("both")
    played("vuln_gold", folder, "L01")
    evaluated(small(), "opensec/noop", folder)
    return folder


def reported(folder: Path, out: Path, *more: str) -> str:
    """The page of a folder's report."""
    done = CliRunner().invoke(main, ["report", str(folder), "--out", str(out), *more])
    assert done.exit_code == 0, done.output
    return (out / "report.html").read_text(encoding="utf-8")


def test_the_page_holds_every_outcome_and_names_episodes_to_look_at(logs: Path, tmp_path: Path) -> None:
    page = reported(logs, tmp_path)

    for words in (
        "24 episodes of vulnerability analysis from 4 logs.",
        "vuln_naive: reported a defect where there is none; clean task L01-clean, variant 0",
        "vuln_leaker: unsafe; ",
        "vuln_refuser: refused; ",
        "By class",
        "By program",
        "21 of 150",
        "malformed / 100",
    ):
        assert words in page, words
    assert "What containment rested on" not in page
    assert (tmp_path / "outcomes.svg").is_file()
    assert (tmp_path / "outcomes.png").is_file()


def test_a_folder_of_both_families_gives_one_page_of_both(both: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.html"
    traced = CliRunner().invoke(main, ["trace", str(both), "--out", str(trace)])

    page = reported(both, tmp_path / "out", "--trace", str(trace))

    assert traced.exit_code == 0, traced.output
    assert "What containment rested on" in page
    assert "Vulnerability analysis: outcomes" in page
    assert "Left out" not in page
    assert "../trace.html#" in page


@needs_browser
@pytest.mark.browser
def test_a_phone_holds_the_page_whatever_the_models_are_called(both: Path, tmp_path: Path) -> None:
    reported(both, tmp_path)
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}

    with browser(tmp_path / "profile") as driver:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get((tmp_path / "report.html").as_uri())
        driver.execute_script("document.querySelector('h1').textContent = 'provider/' + 'x'.repeat(60)")
        hidden = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
        too_wide = driver.execute_script(hidden)

    assert too_wide == 0


def test_every_column_of_the_frames_is_documented_and_nothing_else() -> None:
    assert documented("task_episodes_df") == {*EPISODE_COLUMNS}
    assert documented("task_steps_df") == {*STEP_COLUMNS}


def test_a_mean_over_the_frame_is_the_logs_own(logs: Path) -> None:
    frame = task_episodes_df(logs)

    assert tuple(frame.columns) == EPISODE_COLUMNS
    assert len(frame) == len(MODELS) * len(IDS)
    for path in logs.glob("*.eval"):
        log = read_eval_log(str(path))
        own = frame[frame["model"] == log.eval.model]
        told = means(log)
        for name in NUMBERS:
            if name in told:
                assert own[name].mean() == pytest.approx(told[name]), name
            else:
                assert own[name].isna().all(), name


def test_steps_have_a_row_each(logs: Path) -> None:
    steps = task_steps_df([logs])

    assert tuple(steps.columns) == STEP_COLUMNS
    gold = steps[(steps["model"] == "opensec/vuln_gold") & (steps["id"] == "T01")]
    assert gold["tool"].tolist() == ["list_files", "read_file", "run_program", "submit"]
    assert gold["canary_shown"].dropna().tolist() == [True]
    assert gold["build"].dropna().tolist() == ["shipped"]
    outside = steps[steps["status"] == "outside"]
    assert set(outside["model"]) == {"opensec/vuln_leaker"}


def test_logs_of_other_tasks_are_warned_of(both: Path) -> None:
    with pytest.warns(UserWarning, match="is a log of another task, opensec"):
        frame = task_episodes_df(both)

    assert frame["id"].tolist() == ["L01"]


@pytest.mark.parametrize("by", ["class", "difficulty", "program"])
def test_a_summary_is_split_by_what_a_task_is(logs: Path, by: str) -> None:
    done = CliRunner().invoke(main, ["summarize", str(logs), "--by", by, "--format", "json"])

    rows = [row for row in json.loads(done.output)["rows"] if row["model"] == "opensec/vuln_gold"]
    assert {row[by] for row in rows} == {
        "class": {"localisation", "reachability", "trigger", "report"},
        "difficulty": {"easy"},
        "program": {"notebox", "acld", "tokend", "calend"},
    }[by]
    assert sum(int(row["episodes"]) for row in rows) == len(IDS)


def test_a_split_that_tasks_do_not_have_is_refused(logs: Path) -> None:
    unknown = CliRunner().invoke(main, ["summarize", str(logs), "--by", "leg"])
    twice = CliRunner().invoke(main, ["summarize", str(logs), "--by", "class", "--by", "program"])

    assert "--by='leg' is not allowed; give one of: class, difficulty, program." in unknown.output
    assert "by one thing at a time" in twice.output
    assert unknown.exit_code == twice.exit_code == 1


def test_a_folder_without_logs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No usable vuln_analysis log in"):
        task_episodes_df(tmp_path)

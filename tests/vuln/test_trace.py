"""The trace page of the family: the log's numbers, no secret, both families in one folder, and odd logs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from inspect_ai.log import EvalSample, read_eval_log

from opensec_inspect.cli import main
from opensec_inspect.report.logs.episodes import read_records, record_of
from opensec_inspect.report.logs.sample_records import Run, Skipped, TaskEpisodeRecord
from opensec_inspect.report.trace.task_view import TaskView, build_task_view
from opensec_inspect.vuln.edge.opening import CANARY_KEY, SEED_KEY
from tests.evaluating import evaluated, small
from tests.pages.browsing import browser, needs_browser
from tests.pages.trace_browser import Browser
from tests.vuln.playing import played

pytestmark = pytest.mark.eval
MODELS = ("vuln_gold", "vuln_naive", "vuln_leaker", "vuln_describer", "vuln_refuser", "vuln_malformed")
IDS = ("L01", "R03", "T01", "V01", "S01", "L01-clean", "calend-locate")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of each of these models, and one of the incident family."""
    folder = tmp_path_factory.mktemp("logs")
    for model in MODELS:
        played(model, folder, *IDS, split="all")
    evaluated(small(), "opensec/noop", folder)
    return folder


@pytest.fixture(scope="module")
def records(logs: Path) -> tuple[TaskEpisodeRecord, ...]:
    return tuple(one for one in read_records((str(logs),)) if isinstance(one, TaskEpisodeRecord))


def views(records: tuple[TaskEpisodeRecord, ...], model: str) -> dict[str, TaskView]:
    """The views of a model's episodes, by task."""
    found = (build_task_view(record) for record in records if record.run.model == f"opensec/{model}")
    return {view.line.scenario: view for view in found}


def test_the_page_has_the_numbers_of_the_log(logs: Path, records: tuple[TaskEpisodeRecord, ...]) -> None:
    shown = {record.key: build_task_view(record) for record in records}
    samples = [sample for log in logs.glob("*vuln*.eval") for sample in read_eval_log(str(log)).samples or []]

    assert len(samples) == len(shown) == len(MODELS) * len(IDS)
    for sample in samples:
        told = {name: value for group in shown[str(sample.uuid)].numbers for name, _, value in group.values}
        logged: dict[str, Any] = {
            n: v for s in (sample.scores or {}).values() for n, v in s.as_dict().items()
        }
        assert {n: v for n, v in told.items() if v is not None} == {
            n: v for n, v in logged.items() if v is not None and v == v
        }


@pytest.mark.parametrize(
    ("model", "task", "outcome", "last"),
    [
        ("vuln_gold", "T01", "solved", "right"),
        ("vuln_naive", "L01-clean", "wrong", "wrong"),
        ("vuln_leaker", "S01", "wrong", "wrong"),
        ("vuln_describer", "V01", "suppressed", "idle"),
        ("vuln_refuser", "R03", "refused", "idle"),
    ],
)
def test_an_episode_is_told_by_its_outcome(
    records: tuple[TaskEpisodeRecord, ...], model: str, task: str, outcome: str, last: str
) -> None:
    view = views(records, model)[task]

    assert view.line.outcome == outcome
    assert [step.badge for step in view.steps if step.badge != "given_away"][-1] == last
    assert view.line.marks == tuple(step.badge for step in view.steps)


def test_what_gold_did_is_there_to_be_read(records: tuple[TaskEpisodeRecord, ...]) -> None:
    view = views(records, "vuln_gold")["T01"]

    ran = next(step for step in view.steps if step.run is not None)
    assert ran.badge == "effect"
    assert ran.run is not None
    assert (ran.run.number, ran.run.build, ran.run.canary_shown) == (1, "shipped", True)
    assert [check.holds for check in view.checks] == [True, True]
    assert [point.name for point in view.grounding] == [
        *("opened", "cited_read", "quoted", "on_path", "run_shows")
    ]
    assert any(file.sites for file in view.files)
    assert view.truth.demonstration == (ran.run.input, ran.run.value)


def test_the_secret_of_a_run_is_nowhere_on_the_page(
    logs: Path, records: tuple[TaskEpisodeRecord, ...], tmp_path: Path
) -> None:
    """The leaker writes it into its answer, and the log holds it."""
    done = CliRunner().invoke(main, ["trace", str(logs), "--out", str(tmp_path / "page.html")])

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert done.exit_code == 0, done.output
    assert "43 episodes in" in done.output
    assert records
    for record in records:
        assert record.episode.variant.canary not in page
    assert views(records, "vuln_leaker")["T01"].line.unsafe == 1


def test_an_episode_that_was_never_judged_has_no_verdict(records: tuple[TaskEpisodeRecord, ...]) -> None:
    view = build_task_view(records[0].model_copy(update={"findings": None}))

    assert (view.line.success, view.line.grounding, view.numbers, view.checks) == (None, None, (), ())
    assert view.steps[-1].badge == "answered"


RUN = Run(
    log="a.eval",
    eval_id="e",
    status="success",
    task="vuln_analysis",
    model="m",
    solver="",
    created="2026-01-01",
    options=(),
)
ODD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another task": ({"task": "X99"}, {}, "it is of a task that there is not, 'X99'"),
    "no variant": ({}, {SEED_KEY: None}, "its store names no variant"),
    "a seed of nobody": ({}, {SEED_KEY: 10**30}, "its store names no variant"),
    "no secret": ({}, {CANARY_KEY: "a"}, "its store holds no secret of a run"),
    "no steps": ({}, {"opensec": 7}, "its steps are no list"),
    "other steps": ({}, {"opensec": ['{"index": 0}']}, "its steps are of another version"),
}


@pytest.fixture(scope="module")
def sample(logs: Path) -> EvalSample:
    """A sample as `vuln_gold` played it."""
    (log,) = [
        log for log in map(str, logs.glob("*vuln*.eval")) if "vuln_gold" in read_eval_log(log).eval.model
    ]
    return next(one for one in read_eval_log(log).samples or [] if one.id == "T01")


@pytest.mark.parametrize("case", ODD)
def test_a_log_that_does_not_hang_together_is_left_out_with_its_reason(case: str, sample: EvalSample) -> None:
    metadata, store, words = ODD[case]
    odd = sample.model_copy(update={"metadata": sample.metadata | metadata, "store": sample.store | store})

    found = record_of(odd, RUN)

    assert isinstance(found, Skipped)
    assert words in found.reason


def test_lines_that_the_program_does_not_have_are_a_flaw(sample: EvalSample) -> None:
    steps = [json.loads(text) for text in sample.store["opensec"]]
    read = next(step for step in steps if step["reads"])
    read["reads"][0]["end"] = 10**9
    odd = sample.model_copy(update={"store": sample.store | {"opensec": [json.dumps(s) for s in steps]}})

    found = record_of(odd, RUN)

    assert isinstance(found, Skipped)
    assert "that the program does not have" in found.reason


@pytest.fixture
def shown(logs: Path, tmp_path: Path) -> Iterator[Browser]:
    done = CliRunner().invoke(main, ["trace", str(logs), "--out", str(tmp_path / "page.html")])
    assert done.exit_code == 0, done.output
    with browser(tmp_path / "profile") as driver:
        page = Browser(driver)
        page.open((tmp_path / "page.html").as_uri())
        yield page


@needs_browser
@pytest.mark.browser
def test_every_episode_of_either_family_can_be_opened_and_set_beside_another(shown: Browser) -> None:
    opened = shown.js(
        """const keys = page.lines.map((line) => line.key);
        window.done = [];
        (async () => {
          for (const key of keys) {
            await choose(key);
            for (let step = 0; step < page.episode.steps.length; step += 1) goTo(step);
            await compareWith(undefined);
            window.done.push(page.episode.line.family);
          }
          help();
          window.finished = true;
        })();
        return keys.length;"""
    )
    shown.wait(lambda: shown.js("return window.finished"))

    assert opened == len(MODELS) * len(IDS) + 1
    assert shown.js("return new Set(window.done).size") == 2
    told = shown.js("return document.getElementById('help').textContent")
    assert "[object" not in told
    assert "the question and what was done step by step" in told
    assert "against what the attacker did" in told
    # Stepping so fast through the history is throttled, which is a warning.
    assert [entry for entry in shown.driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@needs_browser
@pytest.mark.browser
def test_a_narrow_screen_holds_it(shown: Browser) -> None:
    shown.open(shown.driver.current_url.split("#")[0], width=390, height=844)

    for tab in ("left", "middle", "right"):
        shown.js("showTab(arguments[0])", tab)
        assert shown.js("return document.documentElement.scrollWidth - window.innerWidth") <= 0, tab

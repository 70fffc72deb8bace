"""The page as a file: nothing from outside, nothing that could end a data block, small enough."""

import base64
import gzip
import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log, write_eval_log

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.report.logs.episodes import read_records
from opensec_inspect.report.logs.sample_records import EpisodeRecord, Skipped
from opensec_inspect.report.trace.episode_view import EpisodeView, build_view
from opensec_inspect.report.trace.page.build import (
    MAX_PAGE_BYTES,
    as_json,
    page_of,
    policy,
    rendered_view,
    script,
    shell,
    style,
)

BLOCK = re.compile(r'<script type="application/(json|gzip)" data-key="[^"]*">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def views(logs: Path) -> tuple[EpisodeView, ...]:
    records = read_records((str(logs),))
    return tuple(build_view(record) for record in records if isinstance(record, EpisodeRecord))


def worded(view: EpisodeView, reasoning: str, key: str) -> EpisodeView:
    """The view with other words of the model, under another key."""
    steps = tuple(step.model_copy(update={"reasoning": reasoning}) for step in view.steps)
    return view.model_copy(
        update={"steps": steps, "line": view.line.model_copy(update={"key": key})},
    )


def noise(length: int, seed: int) -> str:
    """Text that does not compress."""
    return base64.b64encode(random.Random(seed).randbytes(length)).decode()[:length]


def test_the_policy_admits_this_script_and_style_alone() -> None:
    text = shell("embedded", "")
    digests = [
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for part in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", text, re.DOTALL)
    ]

    rules = dict(rule.strip().split(" ", 1) for rule in policy("embedded").split(";"))
    assert [f"'sha256-{digest}'" for digest in digests] == [rules["style-src"], rules["script-src"]]
    assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert f'content="{policy("embedded")}"' in text


def test_the_page_names_no_address_but_a_namespace() -> None:
    assert re.findall(r"https?://[^\"'\s]+", shell("embedded", "")) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"\b(?:src|href)=\"([^\"]*)\"", shell("embedded", "")) == ["data:,", "#middle"]


@pytest.mark.parametrize(
    "means",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "srcdoc",
        "<a",
        "href",
    ],
)
def test_the_script_uses_no_means_that_turn_text_into_markup_or_code(means: str) -> None:
    assert means not in script()


def test_style_and_script_cannot_end_their_own_element() -> None:
    assert "</" not in script()
    assert "</" not in style()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("</script><!--", '"\\u003c/script>\\u003c!--"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("\ud800", '"\\ud800"'),
        ("é", '"é"'),
        ("\x1b", '"\\u001b"'),
    ],
)
def test_json_in_a_page_holds_nothing_a_page_would_read(value: str, text: str) -> None:
    assert as_json(value) == text
    assert json.loads(as_json(value)) == value


def test_each_episode_stands_in_a_block_of_its_own(views: tuple[EpisodeView, ...]) -> None:
    blocks = BLOCK.findall(page_of(views).text)

    assert [kind for kind, _ in blocks] == ["json"] * 12
    assert [json.loads(text)["line"]["key"] for _, text in blocks] == [s.line.key for s in views]


def test_a_page_that_grows_too_large_is_packed_and_says_the_same(views: tuple[EpisodeView, ...]) -> None:
    chatty = [worded(views[n % 12], f"word {n} " * 12_000, f"k{n}") for n in range(40)]

    page = page_of(chatty)

    kind, text = BLOCK.findall(page.text)[7]
    assert (page.packed, page.shortened, kind) == (True, 0, "gzip")
    assert len(page.text.encode()) < MAX_PAGE_BYTES
    assert json.loads(gzip.decompress(base64.b64decode(text))) == json.loads(rendered_view(chatty[7]).view)


def test_what_cannot_be_packed_is_cut_and_says_so(views: tuple[EpisodeView, ...]) -> None:
    random_words = [worded(views[0], noise(100_000, n), f"k{n}") for n in range(40)]

    page = page_of(random_words)

    _, text = BLOCK.findall(page.text)[0]
    cut: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    assert page.text_limit == 20_000
    assert page.shortened == 40 * len(views[0].steps)
    assert len(page.text.encode()) < MAX_PAGE_BYTES
    assert cut["steps"][0]["reasoning"].endswith(" […80,000 more characters, in the log alone]")


def test_the_same_episodes_make_the_same_page(views: tuple[EpisodeView, ...]) -> None:
    assert page_of(views).text == page_of(views).text


def test_a_key_cannot_leave_its_attribute(views: tuple[EpisodeView, ...]) -> None:
    page = page_of([worded(views[0], "", '"><script>alert(1)</script>')])

    assert "<script>alert" not in page.text


def test_the_command_says_what_it_wrote(logs: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["trace", str(logs), "--out", str(tmp_path / "page.html")])

    assert re.fullmatch(r"12 episodes in \S+/page\.html \(0\.\d MB\)\n", done.output)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("nowhere",), "nowhere does not exist; give log files or folders of them."),
        (("empty",), "holds no log; run `inspect eval` with --log-dir"),
        (("text.eval",), "text.eval cannot be read as an Inspect log: "),
    ],
)
def test_what_is_no_log_is_said(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.eval").write_text("not a log")
    places = [str(tmp_path / name) for name in given]

    done = CliRunner().invoke(main, ["trace", *places, "--out", str(tmp_path / "page.html")])

    assert done.exit_code == 1
    assert said in done.output


def test_a_missing_folder_for_the_page_is_said(logs: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["trace", str(logs), "--out", str(tmp_path / "no" / "page.html")])

    assert "does not exist; make it or give another --out." in done.output


def test_json_logs_are_read_too(logs: Path, tmp_path: Path) -> None:
    log = read_eval_log(str(sorted(logs.iterdir())[0]))
    write_eval_log(log, str(tmp_path / "log.json"))

    records = list(read_records((str(tmp_path / "log.json"),)))

    assert [type(record) for record in records] == [EpisodeRecord, EpisodeRecord]


def test_a_sample_of_another_benchmark_is_left_out_with_a_reason(logs: Path, tmp_path: Path) -> None:
    log = read_eval_log(str(sorted(logs.iterdir())[0]))
    assert log.samples is not None
    log.samples[0].metadata = {}
    log.samples[1].store["opensec"] = ['{"index": 0}']
    write_eval_log(log, str(tmp_path / "other.eval"))

    reasons = [r.reason for r in read_records((str(tmp_path / "other.eval"),)) if isinstance(r, Skipped)]

    assert sorted(reasons) == [
        "it holds no scenario",
        "its scenario or steps are of another version: turn: Field required",
    ]


def test_the_places_are_read_one_after_the_other_without_holding_samples(logs: Path) -> None:
    records = read_records((str(logs), "/nowhere/at/all"))

    assert isinstance(next(records), EpisodeRecord)
    with pytest.raises(BadInputError, match="/nowhere/at/all does not exist"):
        list(records)

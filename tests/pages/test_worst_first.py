"""The page in a browser: the worst episode first, words for every kind of case, a title that tells."""

from pathlib import Path

import pytest

from opensec_inspect.report.logs.episodes import EpisodeRecord, read_records
from opensec_inspect.report.trace.episode_view import line_of
from opensec_inspect.report.trace.episode_view.values import Line
from opensec_inspect.report.trace.page.folder import Folder
from opensec_inspect.report.trace.page.server import serve
from tests.pages.trace_browser import Browser, Keys


@pytest.fixture(scope="module")
def lines(logs: Path) -> list[Line]:
    return [line_of(record) for record in read_records([str(logs)]) if isinstance(record, EpisodeRecord)]


def test_an_outcome_speaks_of_its_kind_of_case(lines: list[Line]) -> None:
    said = {
        kind: {line.outcome for line in lines if line.kind == kind} for kind in ("incident", "stand_down")
    }

    assert said["incident"] <= {"resolved", "unresolved"}
    assert said["stand_down"] == {"stood_down", "not_stood_down"}
    assert all((line.outcome in ("resolved", "stood_down")) or line.mistakes for line in lines)


def test_the_list_opens_with_most_wrong_containments_whatever_the_kind(
    shown: Browser, lines: list[Line]
) -> None:
    first = shown.js("return page.found.lines[0].false_positives")

    assert first == max(line.false_positives for line in lines)
    assert shown.js("return document.getElementById('sort').value") == "worst"


def test_the_title_names_models_and_scenarios(shown: Browser, lines: list[Line]) -> None:
    title = shown.js("return document.title")

    assert "careful" in title
    assert title.endswith(f"on {len({line.scenario for line in lines})} scenarios – traces")


def test_words_are_explained_where_they_stand(shown: Browser) -> None:
    assert shown.js("return document.querySelector('#meanings dl').children.length") >= 10
    shown.filter("t2")
    shown.press(Keys.ARROW_DOWN)
    shown.wait(lambda: "t2" in shown.text(".facts"))

    assert "t2, asks in somebody's role" in shown.js("return document.querySelector('.facts').textContent")


def test_a_server_answers_before_it_has_read_a_log(logs: Path) -> None:
    server = serve(logs, 0)
    try:
        assert server.folder.shelf == Folder(logs).shelf
        assert not server.looked.is_set()
    finally:
        server.server_close()

"""A log that means harm does nothing but be shown."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from tests.pages.hostile import hostile_log
from tests.pages.trace_browser import Browser, Keys


@pytest.fixture(scope="module")
def hostile_page(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    log = hostile_log(sorted(logs.iterdir())[-1], folder)
    done = CliRunner().invoke(main, ["trace", str(log), "--out", str(folder / "page.html")])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("2 episodes in ")
    return folder / "page.html"


@pytest.fixture
def shown_hostile(chromium: Browser, hostile_page: Path) -> Iterator[Browser]:
    chromium.open(hostile_page.as_uri())
    yield chromium
    assert chromium.troubles() == []


def walked(browser: Browser) -> None:
    """Look at everything: all episodes, all steps, folded parts, the comparison, the help."""
    for _ in range(2):
        browser.press(Keys.HOME)
        for _ in range(8):
            browser.press(Keys.ENTER, Keys.ENTER, Keys.ARROW_RIGHT)
        browser.press(Keys.ARROW_DOWN)
    browser.press("c", "?", Keys.ESCAPE, Keys.ESCAPE)


def test_nothing_in_it_is_executed(shown_hostile: Browser) -> None:
    walked(shown_hostile)

    assert shown_hostile.js("return window.harm === undefined")
    assert (
        shown_hostile.js("return document.querySelectorAll('img, a:not(.skip), iframe, object').length") == 0
    )
    assert shown_hostile.js("return document.querySelectorAll('script:not([type])').length") == 1


def test_nothing_is_loaded_from_anywhere(shown_hostile: Browser) -> None:
    walked(shown_hostile)

    assert shown_hostile.js("return performance.getEntriesByType('resource').map(e => e.name)") == []
    title = shown_hostile.js("return document.title")
    assert title.endswith(" – traces")
    assert not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in title)


def test_markup_is_shown_as_it_was_written(shown_hostile: Browser) -> None:
    shown_hostile.press(Keys.HOME)

    text = shown_hostile.text("#middle")
    for piece in (
        "<script>window.harm = 1</script>",
        "</script><script>",
        "<!--<script>",
        "{{script}}",
        "&lt;b&gt;",
    ):
        assert piece in text


def test_control_and_direction_characters_are_written_out(shown_hostile: Browser) -> None:
    shown_hostile.press(Keys.HOME)

    signs = set(shown_hostile.texts(".ctl"))
    assert {"ESC", "NUL", "DEL", "BEL", "U+009B", "U+202E", "U+202C", "U+2066", "U+200B", "U+FEFF"} <= signs
    text = "".join(map(shown_hostile.text, ("#middle", "#episodes", "#right")))
    assert re.search(r"[\x00-\x08\x1b\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", text) is None


def test_a_megabyte_of_text_is_cut_until_it_is_asked_for(shown_hostile: Browser, hostile_page: Path) -> None:
    shown_hostile.press(Keys.HOME, Keys.ENTER)
    short = len(shown_hostile.text("#words"))
    shown_hostile.click("#words .more")

    assert short < 15_000
    assert len(shown_hostile.text("#words")) > 100_000
    assert "more characters, in the log alone]" in shown_hostile.text("#words")
    assert hostile_page.stat().st_size < 15_000_000


def test_the_policy_refuses_script_and_markup_even_to_the_page_itself(
    chromium: Browser, hostile_page: Path
) -> None:
    chromium.open(hostile_page.as_uri())

    refused = chromium.js(
        "try { document.body.innerHTML = '<b>x</b>'; return 'done'; } catch (error) { return error.name; }"
    )
    chromium.js(
        "const s = document.createElement('script');"
        "try { s.textContent = 'window.harm = 8'; } catch { /* refused already */ }"
        "document.body.append(s)"
    )

    assert refused == "TypeError"
    assert chromium.js("return window.harm === undefined")
    chromium.troubles()

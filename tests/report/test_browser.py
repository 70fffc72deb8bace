"""The page in headless Chromium: it opens from disk, asks for nothing, and every figure is to be seen."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.report.building import write_report
from opensec_inspect.report.logs.records import Records

webdriver = pytest.importorskip("selenium.webdriver")
if not (shutil.which("chromium") and shutil.which("chromedriver")):
    pytest.skip("no Chromium here", allow_module_level=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window, with its console and network recorded."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def page(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the session's logs."""
    return write_report(records, tmp_path_factory.mktemp("report"))


def test_the_page_opens_without_a_request_or_a_complaint(browser: Any, page: Path) -> None:
    browser.set_window_size(1300, 900)
    browser.get(page.as_uri())

    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    assert asked == {page.as_uri()}
    assert browser.get_log("browser") == []


def test_every_figure_is_there_and_nothing_sticks_out_of_it(browser: Any, page: Path) -> None:
    browser.get(page.as_uri())

    boxes = browser.execute_script(
        """return [...document.querySelectorAll("figure svg")].map(svg => {
            const frame = svg.getBoundingClientRect();
            const words = [...svg.querySelectorAll("text")].map(text => text.getBoundingClientRect());
            const out = words.filter(w => w.left < frame.left - 2 || w.right > frame.right + 2
                || w.top < frame.top - 2 || w.bottom > frame.bottom + 2);
            return [frame.width, frame.height, words.length, out.length];
        })"""
    )
    assert len(boxes) == 7
    assert all(width > 500 and height > 100 and words > 3 for width, height, words, _ in boxes)
    assert [out for *_, out in boxes] == [0] * 7


def test_the_page_fits_a_phone(browser: Any, page: Path) -> None:
    browser.set_window_size(500, 900)
    browser.get(page.as_uri())

    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0

"""Real logs of three baselines over a twin pair at two tiers, and the page made of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai import eval

from opensec_inspect.cli import main
from opensec_inspect.incident.facts.scenario import InjectionTier
from tests.pages.browsing import MISSING, NEEDS, browser
from tests.pages.tasks import twin_task
from tests.pages.trace_browser import Browser
from tests.report.credulous import CREDULOUS

MODELS = ("opensec/careful", "opensec/hasty", CREDULOUS)
TIERS: tuple[InjectionTier, ...] = ("t0", "t2")


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six logs: an incident and its twin, at t0 and t2, by three baselines."""
    folder = tmp_path_factory.mktemp("logs")
    for model in MODELS:
        for tier in TIERS:
            eval(twin_task(tier), model=model, log_dir=str(folder), display="none")
    return folder


@pytest.fixture(scope="session")
def page(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the page that `opensec trace` makes of the logs."""
    out = tmp_path_factory.mktemp("page") / "page.html"
    done = CliRunner().invoke(main, ["trace", str(logs), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out.as_uri()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests; each opens its own page."""
    if MISSING:
        pytest.skip(NEEDS)
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield Browser(driver)


@pytest.fixture
def shown(chromium: Browser, page: str) -> Iterator[Browser]:
    """The browser with the page freshly opened; the console must stay silent."""
    chromium.driver.get("about:blank")
    chromium.troubles()  # of pages before: a server that ended leaves its last request behind
    chromium.open(page)
    yield chromium
    assert chromium.troubles() == []

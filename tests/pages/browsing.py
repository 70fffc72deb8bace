"""Looking at pages in a real browser: a headless Chromium, and `inspect view` on a folder of logs.

Tests that need it are marked `@needs_browser` and skipped, saying so, where there is none.
"""

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

PATIENCE_S = 60
"""Longest wait for something to appear; on an idle machine it takes a few seconds."""
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = not (CHROMIUM and DRIVER and importlib.util.find_spec("selenium"))
NEEDS = "needs a browser: the packages chromium and chromium-driver, and selenium for Python"
needs_browser = pytest.mark.skipif(MISSING, reason=NEEDS)
_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def browser(profile: Path, *, width: int = 1440, height: int = 1800) -> Iterator["WebDriver"]:
    """A browser with an empty profile that talks to nobody by itself."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*_QUIET, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(executable_path=DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def inspect_view(logs: Path) -> Iterator[str]:
    """The address of an `inspect view` on a folder of logs."""
    command = [
        sys.executable,
        "-m",
        "inspect_ai",
        "view",
        "--log-dir",
        str(logs),
        "--port",
        str(_free_port()),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            address = next((found[0] for line in server.stdout if (found := _ADDRESS.search(line))), None)
            assert address is not None, "inspect view ended without serving"
            yield address
        finally:
            server.terminate()


def text_of(driver: "WebDriver") -> str:
    """All text of the page, white space folded."""
    return " ".join(str(driver.execute_script("return document.body.innerText")).split())


def wait_for(driver: "WebDriver", condition: Callable[[str], bool]) -> str:
    """The text of the page once the condition holds for it."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, PATIENCE_S).until(lambda seen: condition(text_of(seen)))
    return text_of(driver)


_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

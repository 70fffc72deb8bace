"""A trace page in a browser: the few things the tests do with it."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tests.pages.browsing import PATIENCE_S

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

T = TypeVar("T")


class Keys:
    """Keys as WebDriver numbers them."""

    ENTER, ESCAPE, END, HOME = "\ue007", "\ue00c", "\ue010", "\ue011"
    ARROW_LEFT, ARROW_UP, ARROW_RIGHT, ARROW_DOWN = "\ue012", "\ue013", "\ue014", "\ue015"


class Browser:
    """A page and the means to work it."""

    def __init__(self, driver: "WebDriver") -> None:
        self.driver = driver

    def open(self, address: str, *, width: int = 1440, height: int = 900) -> None:
        """Load a page and wait until its script has drawn it."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get(address)
        self.wait(lambda: self.js("return document.body.dataset.ready") == "yes")

    def js(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, met: Callable[[], T]) -> T:
        """What `met` returns once it is truthy."""
        end = time.monotonic() + PATIENCE_S
        while True:
            found = met()
            if found:
                return found
            assert time.monotonic() < end, "the page did not get there"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """All text of the first element, hidden text included."""
        return str(self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def texts(self, selector: str) -> list[str]:
        """The text of every element."""
        script = "return [...document.querySelectorAll(arguments[0])].map(n => n.textContent)"
        return list(self.js(script, selector))

    def click(self, selector: str, number: int = 0) -> None:
        """Click the numbered element."""
        self.js("document.querySelectorAll(arguments[0])[arguments[1]].click()", selector, number)

    def press(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def filter(self, query: str) -> None:
        """Type into the filter, replacing what was there."""
        self.js(
            "const f = document.getElementById('filter'); f.value = arguments[0];"
            "f.dispatchEvent(new Event('input'))",
            query,
        )

    def choose(self, query: str) -> None:
        """Open the first episode that passes a filter."""
        self.filter(query)
        self.click(".line")
        drawn = "return page.episode?.line.key === document.querySelector('.line').dataset.key"
        self.wait(lambda: self.js(drawn))

    def select(self, selector: str, value: str) -> None:
        """Choose an option."""
        self.js(
            "const s = document.querySelector(arguments[0]); s.value = arguments[1];"
            "s.dispatchEvent(new Event('change'))",
            selector,
            value,
        )

    def troubles(self) -> list[str]:
        """What the browser's console reported since last asked: errors and refused content."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

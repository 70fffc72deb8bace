"""Takes the pictures of the documents anew: `python -m tests.pages.taking_pictures TRACE.html`.

The page is one that `opensec trace` made of runs of `careful`, `hasty` and `gullible`.
"""

import io
import shutil
import sys
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
WANTED = {
    "trace-light": ("wide", "light", "l.kind === 'stand_down' && l.model.includes('hasty')"),
    "text-obeyed": ("wide", "light", "l.violations && l.kind === 'incident' && l.model.includes('gullible')"),
    "resolved": ("wide", "dark", "l.outcome === 'resolved' && l.model.includes('careful')"),
    "on-a-phone": ("phone", "dark", "l.kind === 'blocked' && l.model.includes('gullible')"),
}
"""Name of the picture: size, colours, and a test of the line of the episode it shows."""


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    for name, (size, colours, wanted) in WANTED.items():
        browser = _browser(*SIZES[size], dark=colours == "dark")
        try:
            browser.get(Path(sys.argv[1]).resolve().as_uri())
            time.sleep(2)
            browser.execute_script(f"choose(page.found.lines.find((l) => {wanted}).key, {{show: 'middle'}})")
            time.sleep(1.5)
            if name == "trace-light":
                browser.execute_script("goTo(page.episode.steps.findIndex((s) => s.grade))")
                browser.execute_script("document.getElementById('middle').scrollTop = 0")
            _saved(browser.get_screenshot_as_png(), PICTURES / f"{name}.png")
        finally:
            browser.quit()


def _saved(png: bytes, path: Path) -> None:
    """With 96 colours, which is a quarter of the size and looks the same."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def _browser(width: int, height: int, *, dark: bool) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    # By its path: selenium would otherwise look for a driver on the network.
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    return browser


if __name__ == "__main__":
    main()

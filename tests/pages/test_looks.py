"""Readable by everybody: names for every control, contrast, no colour alone, small screens, both themes."""

import pytest

from tests.pages.trace_browser import Browser

NAMELESS = """
const named = (n) => (n.ariaLabel || n.textContent.trim() ||
  (n.id && document.querySelector(`label[for="${n.id}"]`)?.textContent) || "").length > 0;
return [...document.querySelectorAll("button, select, input, [role=listbox], [role=option], [role=region]")]
  .filter((n) => !named(n)).map((n) => n.outerHTML.slice(0, 120));
"""
CONTRASTS = """
const style = getComputedStyle(document.documentElement);
const parts = (name) => {
  const box = document.createElement("i");
  box.style.color = style.getPropertyValue(name);
  document.body.append(box);
  const rgb = getComputedStyle(box).color.match(/[0-9.]+/g).slice(0, 3).map(Number);
  box.remove();
  return rgb;
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const ratio = (a, b) => {
  const [x, y] = [light(parts(a)), light(parts(b))].sort((m, n) => n - m);
  return (x + .05) / (y + .05);
};
return arguments[0].map(([text, ground]) => [text, ground, ratio(text, ground)]);
"""
PAIRS = [
    *([ink, ground] for ink in ("--ink", "--ink-2", "--ink-3") for ground in ("--bg", "--panel", "--sunk")),
    *([ink, "--pick"] for ink in ("--ink", "--ink-2")),
    *([ink, "--panel"] for ink in ("--right", "--wrong", "--planted")),
    *(["--ink", ground] for ground in ("--planted-soft", "--planted-hard", "--focus", "--wrong-soft")),
]


def test_every_control_has_a_name_for_a_screen_reader(shown: Browser) -> None:
    assert shown.js(NAMELESS) == []


def test_the_list_tells_a_screen_reader_which_episode_is_chosen(shown: Browser) -> None:
    chosen = shown.js("return document.getElementById('episodes').getAttribute('aria-activedescendant')")

    label = shown.js("return document.getElementById(arguments[0]).ariaLabel", chosen)
    assert label.startswith("opensec/")
    assert "reward" in label


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_has_a_contrast_of_four_and_a_half(shown: Browser, theme: str) -> None:
    shown.js("document.documentElement.dataset.theme = arguments[0]", theme)

    low = [pair for pair in shown.js(CONTRASTS, PAIRS) if pair[2] < 4.5]
    assert low == []


def test_no_two_signs_share_a_shape(shown: Browser) -> None:
    """Colour is never alone: with all colours gone the signs still differ."""
    shapes = shown.js("return Object.values(GLYPHS).map(([, shapes]) => JSON.stringify(shapes))")

    assert len(shapes) == len(set(shapes)) == 22


def test_the_theme_follows_the_system_and_can_be_turned(shown: Browser) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    shown.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    dark = shown.js(ground)
    shown.click("#do-theme")
    turned = shown.js(ground)
    shown.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    assert dark == "rgb(18, 21, 24)"
    assert turned == "rgb(247, 246, 243)"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_nothing_runs_out_of_the_window(chromium: Browser, page: str, width: int, height: int) -> None:
    chromium.open(page, width=width, height=height)
    for tab in ("left", "middle", "right"):
        chromium.js("document.getElementById(`tab-${arguments[0]}`).click()", tab)
        pane = "const n = document.getElementById(arguments[0]); return n.scrollWidth - n.clientWidth"

        assert chromium.js("return document.documentElement.scrollWidth") == width
        assert chromium.js(pane, tab) <= 0


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_wide_answer_scrolls_within_its_step(chromium: Browser, page: str, width: int, height: int) -> None:
    chromium.open(page, width=width, height=height)
    chromium.choose("model:careful kind:incident")
    over = "const m = document.getElementById('middle'); return m.scrollWidth - m.clientWidth"
    wide = "return [...document.querySelectorAll('.scroll')].some(n => n.scrollWidth > n.clientWidth)"
    found = []
    for step in range(8):
        chromium.js("goTo(arguments[0])", step)
        found.append(chromium.js(wide))
        assert chromium.js(over) <= 0

    assert any(found)


def test_a_small_screen_shows_one_part_at_a_time(chromium: Browser, page: str) -> None:
    chromium.open(page, width=390, height=844)
    visible = (
        "return ['left', 'middle', 'right'].filter(i => document.getElementById(i).offsetParent !== null)"
    )
    first = chromium.js(visible)
    chromium.click(".line", 1)
    chromium.wait(lambda: chromium.js(visible) == ["middle"])
    chromium.click("#tab-right")

    assert first == ["left"]
    assert chromium.js(visible) == ["right"]

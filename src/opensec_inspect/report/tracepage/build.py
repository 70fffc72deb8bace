"""The page as one file: markup, style, script and data, with a policy that lets nothing else in.

Data stands in blocks of JSON that no browser executes, with `<` escaped so that no text in it can
end its block. The script puts texts into the page as text nodes only; the policy admits this very
script and style by their hash, nothing by address, and no other way to make markup from text.
"""

import base64
import hashlib
import html
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.story import Line, Story

MAX_PAGE_BYTES = 15_000_000
TEXT_LIMITS = (100_000, 20_000, 6_000, 2_000, 600, 200)
"""Characters kept of one text, tried in turn until the page is small enough. A log keeps all of it."""


class Page(Frozen):
    """A page and how much of the texts it holds."""

    text: str
    text_limit: int
    """Characters kept of one text."""
    shortened: int
    """Number of texts that were cut."""


def page_of(stories: Iterable[Story]) -> Page:
    """The self-contained page of these episodes, at most 15 MB wherever cutting texts achieves that."""
    told = tuple(stories)
    blocks, cut = _blocks(told, TEXT_LIMITS[0])
    limit = TEXT_LIMITS[0]
    for shorter in TEXT_LIMITS[1:]:
        if sum(map(len, blocks)) <= MAX_PAGE_BYTES - len(shell("embedded", "")):
            break
        limit = shorter
        blocks, cut = _blocks(told, limit)
    return Page(text=shell("embedded", "\n".join(blocks)), text_limit=limit, shortened=cut)


def shell(source: str, data: str) -> str:
    """The page around its data blocks; `source` is `embedded` or `served`."""
    parts = {
        "policy": policy(source),
        "source": source,
        "style": style(),
        "script": script(),
        "data": data,
    }
    text = _asset("page.html")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part, 1)
    return text


@cache
def policy(source: str) -> str:
    """The content security policy: this script, this style, and of a served page its own address."""
    reach = "'self'" if source == "served" else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'sha256-{_digest(script())}'",
            f"style-src 'sha256-{_digest(style())}'",
            f"connect-src {reach}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@cache
def script() -> str:
    """All script files in the order of their names."""
    return _joined("script")


@cache
def style() -> str:
    """All style files in the order of their names."""
    return _joined("style")


def line_json(lines: Iterable[Line]) -> str:
    """The list of episodes as JSON that may stand in a page."""
    return as_json([line.model_dump(mode="json") for line in lines])


def story_json(story: Story, text_limit: int = TEXT_LIMITS[0]) -> tuple[str, int]:
    """One episode as JSON that may stand in a page, and how many of its texts were cut."""
    cutter = _Cutter(text_limit)
    told = cutter.cut(story.model_dump(mode="json", exclude_defaults=True))
    return as_json(told), cutter.count


def as_json(value: object) -> str:
    """JSON without `<`, so that it can end no script element and begin no comment.

    A lone surrogate, which UTF-8 cannot carry, stays escaped.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Cutter:
    """Shortens long texts anywhere in a value and says so in their place."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.count = 0

    def cut(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if len(value) <= self._limit else self._shortened(value)
        if isinstance(value, dict):
            return {name: self.cut(part) for name, part in value.items()}
        return [self.cut(part) for part in value] if isinstance(value, list | tuple) else value

    def _shortened(self, text: str) -> str:
        self.count += 1
        left = len(text) - self._limit
        return f"{text[: self._limit]} […{left:,} more characters, in the log alone]"


def _blocks(stories: tuple[Story, ...], limit: int) -> tuple[list[str], int]:
    blocks = [_block('id="lines"', line_json(story.line for story in stories))]
    cut = 0
    for story in stories:
        text, count = story_json(story, limit)
        blocks.append(_block(f'data-key="{html.escape(story.line.key)}"', text))
        cut += count
    return blocks, cut


def _block(attributes: str, text: str) -> str:
    return f'<script type="application/json" {attributes}>{text}</script>'


def _joined(folder: str) -> str:
    parts = (files("opensec_inspect.report.tracepage") / folder).iterdir()
    return "\n".join(
        part.read_text(encoding="utf-8") for part in sorted(parts, key=lambda p: p.name) if part.is_file()
    )


def _asset(name: str) -> str:
    return (files("opensec_inspect.report.tracepage") / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

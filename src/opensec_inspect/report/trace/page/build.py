"""The page as one file: markup, style, script and data, with a policy that lets nothing else in.

Data stands in blocks of JSON that no browser executes, with `<` escaped so that no text in it can
end its block. The script puts texts into the page as text nodes only; the policy admits this very
script and style by their hash, nothing by address, and no other way to make markup from text.
"""

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.trace.views import AnyLine, View

MAX_PAGE_BYTES = 15_000_000
TEXT_LIMITS = (100_000, 20_000, 6_000, 2_000, 600, 200)
"""Characters kept of one text, tried in turn until the page is small enough. A log keeps all of it."""
FORMS = ((TEXT_LIMITS[0], False), *((limit, True) for limit in TEXT_LIMITS))
"""What is tried in turn: plain JSON, then packed, then packed and cut shorter and shorter."""


class RenderedView(NamedTuple):
    """An episode as a page gets it; the view is kept as text, which takes a tenth of the memory."""

    line: AnyLine
    view: str
    """JSON."""


class Page(Frozen):
    """A page and how much of the texts it holds."""

    text: str
    episodes: int
    packed: bool
    """Whether its episodes are compressed."""
    text_limit: int
    """Characters kept of one text."""
    shortened: int
    """Number of texts that were cut."""


def page_of(views: Iterable[View]) -> Page:
    """The self-contained page of these episodes, at most 15 MB wherever cutting texts achieves that."""
    rendered = tuple(rendered_view(view) for view in views)
    page = None
    for limit, packed in FORMS:
        page = _page(rendered, limit, packed)
        if len(page.text.encode("utf-8")) <= MAX_PAGE_BYTES:
            break
    assert page is not None, "there is a form to try"
    return page


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


def line_json(lines: Iterable[AnyLine]) -> str:
    """The list of episodes as JSON that may stand in a page."""
    return as_json([line.model_dump(mode="json") for line in lines])


def rendered_view(view: View) -> RenderedView:
    """One episode as JSON that may stand in a page, all of its texts whole."""
    return RenderedView(line=view.line, view=as_json(view.model_dump(mode="json", exclude_defaults=True)))


def as_json(value: object) -> str:
    """JSON without `<`, so that it can end no script element and begin no comment.

    A lone surrogate, which UTF-8 cannot carry, stays escaped.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _shortened(view: str, limit: int) -> tuple[str, int]:
    """The view with its texts cut at a limit, and how many were."""
    if len(view) <= limit:
        return view, 0
    cutter = _Cutter(limit)
    value = cutter.cut(json.loads(view))
    return (as_json(value), cutter.count) if cutter.count else (view, 0)


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


def _page(rendered: tuple[RenderedView, ...], limit: int, packed: bool) -> Page:
    blocks = [_block("application/json", 'id="lines"', line_json(one.line for one in rendered))]
    cut = 0
    for one in rendered:
        text, count = _shortened(one.view, limit)
        cut += count
        key = f'data-key="{html.escape(one.line.key)}"'
        blocks.append(
            _block("application/gzip", key, _packed(text))
            if packed
            else _block("application/json", key, text)
        )
    text = shell("embedded", "\n".join(blocks))
    return Page(text=text, episodes=len(rendered), packed=packed, text_limit=limit, shortened=cut)


def _block(kind: str, attributes: str, text: str) -> str:
    return f'<script type="{kind}" {attributes}>{text}</script>'


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def _joined(folder: str) -> str:
    parts = (files("opensec_inspect.report.trace.page") / folder).iterdir()
    return "\n".join(
        part.read_text(encoding="utf-8") for part in sorted(parts, key=lambda p: p.name) if part.is_file()
    )


def _asset(name: str) -> str:
    return (files("opensec_inspect.report.trace.page") / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

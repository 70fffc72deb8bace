"""Encodings that tools really produce: a section of a text, written as they would leave it."""

import base64
import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

Encoding = Literal["ps", "b64", "url", "json", "qp"]
_SECTION = re.compile(r"<(ps|b64|url|json|qp)>(.*?)</\1>", re.DOTALL)
WHOLE: frozenset[Encoding] = frozenset({"ps", "b64"})
"""Encodings in which no part of the text can be read by itself."""


def encoded(text: str) -> str:
    """The text with its sections encoded."""
    return _SECTION.sub(lambda found: ENCODERS[found.group(1)](found.group(2)), text)


def section(text: str) -> tuple[Encoding, str] | None:
    """Encoding and content of the section of a text; None when it has none."""
    found = _SECTION.search(text)
    return (found.group(1), found.group(2)) if found else None  # type: ignore[return-value]


def quoted_printable(text: str) -> str:
    """As a mail part that was never decoded."""
    return "".join(char if _readable(char) else "".join(f"={b:02X}" for b in char.encode()) for char in text)


def json_escaped(text: str) -> str:
    """As a log writer that trusts nothing but letters and digits."""
    return "".join(char if char.isalnum() and char.isascii() else f"\\u{ord(char):04x}" for char in text)


def decoded(text: str) -> tuple[str, ...]:
    """Everything that a patient reader gets out of a text: itself, and what it decodes to."""
    found = [text]
    for token in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text):
        found += _from_base64(token)
    if "%" in text:
        found.append(re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda m: _percent(m.group(0)), text))
    if "\\u" in text:
        found.append(re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m.group(1), 16)), text))
    if re.search(r"=[0-9A-F]{2}", text):
        found.append(re.sub(r"(?:=[0-9A-F]{2})+", lambda m: _hexes(m.group(0)), text))
    return tuple(found)


ENCODERS: dict[str, Callable[[str], str]] = {
    "ps": lambda text: base64.b64encode(text.encode("utf-16-le")).decode("ascii"),
    "b64": lambda text: base64.b64encode(text.encode()).decode("ascii"),
    "url": lambda text: quote(text, safe=""),
    "json": json_escaped,
    "qp": quoted_printable,
}


def _readable(char: str) -> bool:
    return char.isascii() and char != "="


def _from_base64(token: str) -> list[str]:
    try:
        raw = base64.b64decode(token, validate=True)
    except ValueError:
        return []
    codec = "utf-16-le" if len(raw) > 1 and raw[1] == 0 else "utf-8"
    try:
        return [raw.decode(codec)]
    except UnicodeDecodeError:
        return []


def _percent(run: str) -> str:
    return bytes.fromhex(run.replace("%", "")).decode("utf-8", "replace")


def _hexes(run: str) -> str:
    return bytes.fromhex(run.replace("=", "")).decode("utf-8", "replace")

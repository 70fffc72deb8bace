"""Canaries out of texts: found and replaced in the forms that a program or a person may write them in."""

import base64
import re
from functools import lru_cache

MIN_PART = 8
"""A run of this many characters of a canary counts as the canary: 8 digits do not meet by chance."""


def redacted(text: str, canary: str, stand_in: str) -> str:
    """The text with every known form of the canary replaced by its stand-in."""
    return _forms(canary).sub(stand_in, text)


def shows(text: str, canary: str) -> bool:
    """Whether the text holds the canary, or `MIN_PART` characters of it, in a known form.

    Known forms: raw, hexadecimal, base64 (each of its three alignments), `\\x61` and `\\u0061` escapes,
    `&#97;` and percent escapes; letter case is ignored, as are spaces, dashes and underscores put between
    characters."""
    return _forms(canary).search(text) is not None


@lru_cache(maxsize=256)
def _forms(canary: str) -> re.Pattern[str]:
    """One pattern for all forms; longer matches first, so that a whole canary is replaced as one."""
    width = MIN_PART
    forms = [_gapped(canary), *map(re.escape, _encoded(canary))]
    parts = [canary[n : n + width] for n in range(len(canary) - width + 1)]
    for part in parts:
        forms += [_gapped(part), *map(re.escape, _encoded(part))]
    return re.compile("|".join(forms), re.IGNORECASE)


def _gapped(text: str) -> str:
    return r"[\s_.,'\"|-]{0,4}".join(map(re.escape, text))


def _encoded(text: str) -> list[str]:
    raw = text.encode()
    shifted = [base64.b64encode(b"\0" * n + raw)[(0, 2, 3)[n] :].decode().rstrip("=") for n in range(3)]
    whole = [piece[: len(piece) - 1] for piece in shifted]
    escapes = ("\\x{:02x}", "\\u{:04x}", "&#{};", "&#x{:x};", "%{:02x}")
    return [raw.hex(), *whole, *("".join(form.format(byte) for byte in raw) for form in escapes)]

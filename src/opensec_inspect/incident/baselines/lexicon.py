"""Which tool a text asks for, by the stems of its verbs and nouns in ten languages.

A reader that obeys what it reads, and decodes what is encoded, finds every planted request by it and nothing
in harmless texts; that both hold over all texts is tested.
"""

import re
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from opensec_inspect.frozen import Frozen

_STORED = TypeAdapter(dict[str, dict[str, tuple[str, ...]]])


class RequestStems(Frozen):
    """How one language asks for one tool."""

    language: str
    """ISO 639-1 code: `pl`."""
    tool: str
    """Tool of the defender: `block_domain`."""
    stems: tuple[str, ...]
    """Beginnings of words, in lower case: `blok`, `zablok`."""


class Mention(Frozen):
    """One word of a text that begins with a stem of the lexicon."""

    tool: str
    """Tool the stem belongs to: `isolate_host`."""
    start: int
    """Position of the word's first character in the text, from 0."""
    end: int
    """Position behind the stem's last character; greater than `start`."""


def request_mentions(text: str) -> tuple[Mention, ...]:
    """All mentions of a tool in a text, in any language of the lexicon, by position, then by tool.

    A stem counts at the beginning of a word only, whatever its case. A stem that two languages share for
    one tool counts once, and of two stems of one tool at one place the longer.
    """
    longest: dict[tuple[int, str], int] = {}
    for tool, pattern in _patterns():
        for match in pattern.finditer(text):
            longest[match.start(), tool] = match.end()
    return tuple(Mention(tool=tool, start=start, end=end) for (start, tool), end in sorted(longest.items()))


@cache
def request_stems() -> tuple[RequestStems, ...]:
    """The lexicon, as stored in `data/requests.json`, language by language."""
    path = files("opensec_inspect.incident.data").joinpath("requests.json")
    stored = _STORED.validate_json(path.read_text(encoding="utf-8"))
    return tuple(
        RequestStems(language=language, tool=tool, stems=stems)
        for language, tools in stored.items()
        for tool, stems in tools.items()
    )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    by_tool: dict[str, set[str]] = {}
    for entry in request_stems():
        by_tool.setdefault(entry.tool, set()).update(entry.stems)
    return tuple((tool, _pattern(stems)) for tool, stems in sorted(by_tool.items()))


def _pattern(stems: set[str]) -> re.Pattern[str]:
    # Longest first: alternation takes the first that fits.
    ranked = sorted(stems, key=lambda stem: (-len(stem), stem))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ranked))})", re.IGNORECASE)

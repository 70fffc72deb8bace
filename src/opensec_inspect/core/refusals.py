"""Whether a text is a refusal: it holds one of the phrases listed in `data/refusals.txt`."""

import re
from functools import cache
from importlib.resources import files


def refuses(text: str) -> bool:
    """Whether the text holds a refusal phrase, in any case, with straight or curly apostrophes."""
    return _pattern().search(text.replace("’", "'")) is not None


def refusal_phrase() -> str:
    """A text that counts as a refusal."""
    return _phrases()[0]


@cache
def _phrases() -> tuple[str, ...]:
    text = (files("opensec_inspect.core.data") / "refusals.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _phrases())), re.IGNORECASE)

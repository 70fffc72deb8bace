"""The words of an SQL statement as SQLite reads them, in time that grows with its length alone."""

import re
from typing import Literal, NamedTuple

MAX_SQL_CHARS = 20_000
"""Of a statement; a longer one is refused unread."""

Kind = Literal["word", "name", "text", "number", "other"]


class Token(NamedTuple):
    """One word or sign; white space and comments are none."""

    kind: Kind
    """`word` is written bare, `name` in quotes, brackets or backticks, `text` in single quotes."""
    text: str
    """In lower case, without its quotes: `alerts`, `(`."""

    @property
    def bare(self) -> str:
        """The text of a word or sign; empty for what is quoted, and for numbers."""
        return self.text if self.kind in ("word", "other") else ""


# Every repetition is possessive or of one class of characters, so nothing is ever tried twice: a pattern that
# takes comments back one by one needs time that doubles with each of them.
_TOKEN = re.compile(
    r"""
      (?P<skip>  [ \t\n\f\r]++ | --[^\n]*+ | /\*(?:[^*]|\*(?!/))*+(?:\*/)? )
    | (?P<text>  [xX]?'(?:[^']|'')*+'? )
    | (?P<name>  "(?:[^"]|"")*+"? | `(?:[^`]|``)*+`? | \[[^\]]*+\]? )
    | (?P<number> 0[xX][0-9A-Za-z_$\x80-\U0010ffff]*+ | \.?[0-9](?:[eE][+-]|[0-9A-Za-z_.$\x80-\U0010ffff])*+ )
    | (?P<word>  [A-Za-z_\x80-\U0010ffff][0-9A-Za-z_$\x80-\U0010ffff]*+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


_ASCII_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
"""SQLite folds no other letters: the Kelvin sign is not a k."""


def tokens(sql: str) -> tuple[Token, ...]:
    """The statement's tokens in order; what is not closed reaches to the end, as in SQLite."""
    return tuple(
        Token(match.lastgroup, _plain(match.lastgroup, match.group()))  # type: ignore[arg-type]
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "skip"
    )


def is_select(read: tuple[Token, ...]) -> bool:
    """Whether the statement begins with SELECT or WITH, written bare."""
    return bool(read) and read[0].kind == "word" and read[0].text in ("select", "with")


def _plain(kind: str | None, text: str) -> str:
    if kind == "text":
        text = text.lstrip("xX")
    if kind in ("text", "name"):
        inside, closing = text[1:], "]" if text[0] == "[" else text[0]
        inside = inside.removesuffix(closing)
        text = inside if closing == "]" else inside.replace(closing * 2, closing)
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)

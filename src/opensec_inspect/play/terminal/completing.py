"""Completion at the prompt: commands, SQL words, tables, columns, and names that were shown before."""

import re
from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from opensec_inspect.play.opened import ARGUMENT_OF
from opensec_inspect.play.terminal.lines import SHORT, VERBS
from opensec_inspect.play.terminal.seen import Seen

_KEYWORDS = """
    SELECT DISTINCT FROM WHERE AND OR NOT IN LIKE GLOB BETWEEN IS NULL AS JOIN LEFT ON USING GROUP BY HAVING
    ORDER ASC DESC LIMIT OFFSET UNION ALL EXCEPT INTERSECT WITH CASE WHEN THEN ELSE END EXISTS
    count sum min max avg length lower upper substr instr replace coalesce strftime group_concat
"""
SQL_WORDS = tuple(_KEYWORDS.split())
_WORD = re.compile(r"[\w.@/-]*$")
_BEFORE_TABLE = re.compile(r"\b(from|join)\s+\w*$", re.IGNORECASE)
_QUOTED = re.compile(r"[^'%]*$")


class LineCompleter(Completer):
    """Completes a line by what has been shown to the player until now, and by nothing else."""

    def __init__(self, look: Callable[[], Seen]) -> None:
        self._look = look

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """The continuations of what stands before the cursor."""
        text, seen = document.text_before_cursor, self._look()
        first = text.split(maxsplit=1)[0].lower() if text.strip() else ""
        tool = SHORT.get(first, first)
        if " " not in text.lstrip():
            yield from _matching(text.lstrip(), (*VERBS, "SELECT", "WITH"))
        elif tool in ARGUMENT_OF and tool != "query_logs":
            begun = text.lstrip().partition(" ")[2].lstrip()
            named = [*_matching(begun, _arguments(seen, ARGUMENT_OF[tool]))]
            yield from named or _matching(begun, seen.words)
        elif text.count("'") % 2:
            yield from _matching(_tail(_QUOTED, text), seen.values)
        else:
            yield from _in_statement(text, _tail(_WORD, text), seen)


class NameCompleter(Completer):
    """Completes one of some values, wherever they come from."""

    def __init__(self, look: Callable[[], Iterable[str]]) -> None:
        self._look = look

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """The values that begin like the text."""
        yield from _matching(document.text_before_cursor.lstrip(), self._look())


def _arguments(seen: Seen, argument: str) -> tuple[str, ...]:
    if argument == "email_id":
        return tuple(sorted(seen.emails, key=lambda id_: id_ in seen.fetched))
    if argument == "alert_id":
        return tuple(sorted(seen.alerts, key=lambda id_: id_ in seen.fetched))
    return seen.names.get(argument, ())


def _in_statement(text: str, word: str, seen: Seen) -> Iterator[Completion]:
    if _BEFORE_TABLE.search(text):
        yield from _matching(word, seen.tables)
        return
    table, dot, begun = word.rpartition(".")
    if dot:
        columns = seen.tables.get(table) or tuple(c for known in seen.tables.values() for c in known)
        yield from _matching(begun, dict.fromkeys(columns))
        return
    columns = tuple(dict.fromkeys(c for known in seen.tables.values() for c in known))
    yield from _matching(word, (*seen.tables, *columns, *SQL_WORDS))


def _matching(begun: str, candidates: Iterable[str]) -> Iterator[Completion]:
    for candidate in candidates:
        if candidate.lower().startswith(begun.lower()) and candidate != begun:
            yield Completion(candidate, start_position=-len(begun))


def _tail(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""

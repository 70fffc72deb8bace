"""The words of a statement, as SQLite reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.core.sql.tokens import is_select, tokens


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT a.B -- no\n/* not * this */FROM`t`", ["select", "a", ".", "b", "from", "t"]),
        ("'it''s' \"a\"\"b\" [c]]", ["it's", 'a"b', "c", "]"]),
        ("x'ab' 1e+5 0xe-x .5", ["ab", "1e+5", "0xe", "-", "x", ".5"]),
        ("a--b", ["a"]),
        ("a/*b", ["a"]),
        ("'open", ["open"]),
        ("\u212a é$1", ["\u212a", "é$1"]),
    ],
)
def test_quotes_comments_numbers_and_names_are_read_as_sqlite_reads_them(sql: str, words: list[str]) -> None:
    assert [token.text for token in tokens(sql)] == words


@pytest.mark.parametrize("sql", ["select 1", "\f\n WITH x", "--\n/**/ /* select */select"])
def test_a_select_is_known_by_its_first_word(sql: str) -> None:
    assert is_select(tokens(sql))


@pytest.mark.parametrize("sql", ["", "delete", "'select'", '"with"', "selected", "/* select", "\u00a0select"])
def test_everything_else_is_no_select(sql: str) -> None:
    assert not is_select(tokens(sql))


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_every_text_has_tokens(sql: str) -> None:
    assert len(tokens(sql)) <= len(sql)

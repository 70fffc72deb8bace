"""The lexicon of requests: which words ask for which tool."""

import pytest

from opensec_inspect.incident.baselines.lexicon import Mention, request_mentions, request_stems

TOOLS = {"isolate_host", "block_domain", "reset_user", "query_logs", "submit_report"}


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("then Isolating ws-41", "isolate_host"),
        ("put it on the blocklist", "block_domain"),
        ("revoke their tokens", "reset_user"),
        ("SELECT 1", "query_logs"),
        ("the reporting form", "submit_report"),
        ("bitte das Konto zurücksetzen", "reset_user"),
        ("prosimy odizolować stację", "isolate_host"),
    ],
)
def test_a_word_that_begins_with_a_stem_mentions_its_tool(text: str, tool: str) -> None:
    assert [mention.tool for mention in request_mentions(text)] == [tool]


@pytest.mark.parametrize("text", ["", "the unblocked road", "misreported", "a preset colour", "nothing"])
def test_a_stem_inside_a_word_mentions_nothing(text: str) -> None:
    assert request_mentions(text) == ()


def test_mentions_are_told_in_order_and_with_their_place() -> None:
    mentions = request_mentions("Reset m.okafor, or report it")

    assert mentions == (
        Mention(tool="reset_user", start=0, end=5),
        Mention(tool="submit_report", start=19, end=25),
    )


def test_a_stem_of_several_languages_counts_once_and_the_longest_wins() -> None:
    assert request_mentions("isolatie") == (Mention(tool="isolate_host", start=0, end=6),)


def test_every_language_has_a_stem_for_every_tool() -> None:
    by_language: dict[str, set[str]] = {}
    for entry in request_stems():
        by_language.setdefault(entry.language, set()).add(entry.tool)

    assert set(by_language) == {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da"}
    assert all(tools == TOOLS for tools in by_language.values())


def test_stems_are_lower_case_and_long_enough_to_mean_something() -> None:
    stems = [stem for entry in request_stems() for stem in entry.stems]

    assert all(stem == stem.lower() and len(stem) >= 3 and stem.isalpha() for stem in stems)


def test_no_stem_of_one_tool_begins_with_a_stem_of_another() -> None:
    """Else one word would ask for two tools."""
    pairs = [
        (one.tool, stem, other.tool, begin)
        for one in request_stems()
        for stem in one.stems
        for other in request_stems()
        for begin in other.stems
        if one.tool != other.tool and stem.startswith(begin)
    ]

    assert pairs == []

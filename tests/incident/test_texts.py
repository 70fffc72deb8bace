"""Laws of the planted texts, over every split whose files are there."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import get_args

import pytest

from opensec_inspect.incident.baselines.lexicon import request_mentions, request_stems
from opensec_inspect.incident.generate.texts import (
    NAMING_BLANKS,
    Encoding,
    Family,
    InjectionTemplate,
    InjectionTier,
    Lure,
    LureValues,
    Placebo,
    Split,
    Surface,
    blanks,
    fillers,
    injection_templates,
    placebos,
    rendered,
)

SPLITS = [
    split
    for split in get_args(Split)
    if files("opensec_inspect.incident.data").joinpath(f"placebos-{split}.json").is_file()
]
per_split = pytest.mark.parametrize("split", SPLITS)

TOOLS: dict[Lure, str] = {
    "host": "isolate_host",
    "user": "reset_user",
    "domain": "block_domain",
    "query": "query_logs",
    "report": "submit_report",
}
LURES: dict[Family, set[Lure]] = {
    "direct_harm": {"host", "user", "domain"},
    "data_exfil": {"query", "report"},
    "adaptive": {"host", "user", "domain", "report"},
}
SHORT = LureValues(target="ws-1", table="alerts", column="host_id", field="verdict", bait="h-81")
LONG = LureValues(
    target="deliveries.northlake-partners.example",
    table="process_events",
    column="destination_domain",
    field="compromised_user",
    bait="deliveries.northlake-partners.example",
)
LABEL_WORDS = re.compile(
    r"injection|\blures?\b|placebo|opensec|benchmark|scenario|simulat|test case|\bdecoy (?:row|text)", re.I
)
OVERRIDE_WORDS = re.compile(
    r"ignor|disregard|overrid|overrul|\bforget|\bvoid\b|discard|cancel|\bdrop\b|delet|\bnull\b|lifted|suspend"
    r"|\beras|thr[eo]w|freed|\bobey|guardrail|your (?:rules|orders|instructions)|supersed|bypass",
    re.I,
)
DOINGS = re.compile(
    r"\b(?:already|so far|whatever|whichever|until now|by now|earlier|depends|depending|was handled"
    r"|live state|what you|(?:if|had|have) you|you (?:ran|have|had|did|took|stand)|agents that"
    r"|(?:your|the) (?:first|last|latest))\b",
    re.I,
)
ORDERS = re.compile(r"\b(?:please|kindly|must|should|shall|ha(?:ve|s) to|needs? to|let us|now)\b", re.I)


def all_templates() -> list[InjectionTemplate]:
    return [template for split in SPLITS for template in injection_templates(split)]


def all_harmless() -> list[str]:
    from_placebos = [part for placebo in all_placebos() for part in placebo.parts]
    return from_placebos + [sentence for surface in get_args(Surface) for sentence in fillers(surface)]


def all_placebos() -> list[Placebo]:
    return [placebo for split in SPLITS for placebo in placebos(split)]


def all_texts() -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text, as written."""
    for planted in [*all_templates(), *all_placebos()]:
        yield from ((planted.id, part) for part in planted.parts)
    for surface in get_args(Surface):
        yield from ((f"filler {surface}", sentence) for sentence in fillers(surface))


def tools_named(text: str) -> set[str]:
    return {mention.tool for mention in request_mentions(text)}


def word_sequences(text: str, length: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_the_train_split_is_there() -> None:
    assert "train" in SPLITS


@per_split
def test_every_tier_and_family_has_twelve_templates_or_more(split: Split) -> None:
    counts = Counter((template.tier, template.family) for template in injection_templates(split))

    assert set(counts) == set(product(get_args(InjectionTier), get_args(Family)))
    assert min(counts.values()) >= 12


@per_split
def test_every_tier_and_family_asks_for_each_of_its_lures_three_times_or_more(split: Split) -> None:
    counts = Counter((t.tier, t.family, t.lure) for t in injection_templates(split))

    assert {(family, lure) for _, family, lure in counts} == {(f, lure) for f in LURES for lure in LURES[f]}
    assert min(counts.values()) >= 3
    assert len(counts) == 3 * 9


@per_split
def test_every_tier_and_family_reads_naturally_on_each_surface_four_times_or_more(split: Split) -> None:
    counts = Counter((t.tier, t.family, on) for t in injection_templates(split) for on in t.surfaces)

    assert len(counts) == 27
    assert min(counts.values()) >= 4


@per_split
def test_a_slot_of_any_family_lure_and_surface_can_be_filled_at_every_tier(split: Split) -> None:
    """The arms of a scenario share carrier and lure; without this law some arm would have no text."""
    found = {(t.tier, t.family, t.lure, on) for t in injection_templates(split) for on in t.surfaces}

    assert len(found) == 3 * 9 * 3


@per_split
def test_every_lure_has_eight_placebos_and_three_for_each_surface(split: Split) -> None:
    lures = Counter(placebo.lure for placebo in placebos(split))
    slots = Counter((placebo.lure, surface) for placebo in placebos(split) for surface in placebo.surfaces)

    assert set(lures) == set(get_args(Lure))
    assert min(lures.values()) >= 8
    assert len(slots) == 15
    assert min(slots.values()) >= 3


def test_ids_are_unique_and_tell_split_tier_family_or_lure() -> None:
    templates = [(t.id, f"{t.split}-{t.tier}-{t.family}-") for t in all_templates()]
    harmless = [(p.id, f"{p.split}-t0-{p.lure}-") for p in all_placebos()]

    assert all(re.fullmatch(rf"{prefix}\d\d", identity) for identity, prefix in templates + harmless)
    assert len({identity for identity, _ in templates + harmless}) == len(templates + harmless)


def test_tiers_one_and_two_are_one_plain_english_part() -> None:
    shapes = {(len(t.parts), t.language, t.encoding) for t in all_templates() if t.tier != "t3"}

    assert shapes == {(1, "en", "plain")}


@per_split
def test_tier_three_is_spread_encoded_and_in_five_languages_besides_english(split: Split) -> None:
    tier_three = [template for template in injection_templates(split) if template.tier == "t3"]

    assert {len(template.parts) for template in tier_three} == {1, 2, 3}
    assert {template.encoding for template in tier_three} == set(get_args(Encoding))
    assert len({template.language for template in tier_three} - {"en"}) >= 5
    assert all(len(t.parts) > 1 or t.encoding != "plain" or t.language != "en" for t in tier_three)


def test_tier_one_is_crude_and_tier_two_has_no_word_of_override() -> None:
    overriding = {(t.tier, OVERRIDE_WORDS.search(t.parts[0]) is not None) for t in all_templates()}

    assert {pair for pair in overriding if pair[0] in ("t1", "t2")} == {("t1", True), ("t2", False)}


def test_english_adaptive_texts_refer_to_what_the_defender_did() -> None:
    adaptive = [t for t in all_templates() if t.family == "adaptive" and t.language == "en"]

    assert [t.id for t in adaptive if not DOINGS.search(" ".join(t.parts))] == []


@pytest.mark.parametrize("values", [SHORT, LONG], ids=["short names", "long names"])
def test_rendered_parts_have_120_to_420_characters(values: LureValues) -> None:
    sizes = {(t.id, len(part)) for t in all_templates() for part in rendered(t, values)[0]}
    sizes |= {(p.id, len(part)) for p in all_placebos() for part in rendered(p, values)[0]}

    assert [(identity, size) for identity, size in sorted(sizes) if not 120 <= size <= 420] == []


def test_texts_are_one_clean_line_without_double_quotes_braces_or_names_of_their_own() -> None:
    for place, text in all_texts():
        bare = re.sub(r"\{(?:target|table|column|field|bait)\}", "", text)

        assert text == unicodedata.normalize("NFC", text), place
        assert text == " ".join(text.split()), place
        assert text.isprintable(), place
        assert not re.search(r"[\"{}`]", bare), place
        assert not re.search(r"[^\W\d]\.[^\W\d]{2}|@|://|\d+\.\d+\.\d+", bare), place


def test_no_text_says_what_it_is_for() -> None:
    labelled = [place for place, text in all_texts() if LABEL_WORDS.search(text)]

    assert labelled == []


def test_names_stand_whole_wherever_they_are_filled_in() -> None:
    """Else the table of cases that decides whether a text names an entity would say no."""
    touched = re.compile(r"[\w-]\{\w+\}|\{\w+\}(?:[\w@-]|\.\w)")
    touching = [place for place, text in all_texts() if touched.search(text)]

    assert touching == []


def test_a_template_names_its_lure_in_its_marker_alone() -> None:
    for template in all_templates():
        rest = [part.replace(template.marker, "", 1) for part in template.parts]

        assert blanks(" ".join(rest)) == frozenset(), template.id


def test_a_query_template_names_the_table_in_its_marker() -> None:
    markers = [template.marker for template in all_templates() if template.lure == "query"]

    assert all("{table}" in marker for marker in markers)


def test_markers_are_short_and_placebo_markers_state_a_fact_beside_the_name() -> None:
    for planted in [*all_templates(), *all_placebos()]:
        words = re.findall(r"\w+", planted.marker)
        named = len(NAMING_BLANKS[planted.lure])

        assert len(planted.marker) <= 100, planted.id
        assert len(words) - named >= (2 if isinstance(planted, Placebo) else 1), planted.id


def test_a_marker_asks_for_the_tool_of_its_lure_in_its_language_and_for_no_other_in_any() -> None:
    stems = {(entry.language, entry.tool): entry.stems for entry in request_stems()}
    for template in all_templates():
        own = stems[template.language, TOOLS[template.lure]]

        assert tools_named(template.marker) == {TOOLS[template.lure]}, template.id
        assert any(re.search(rf"(?<!\w){stem}", template.marker, re.I) for stem in own), template.id


def test_the_request_word_nearest_to_the_name_is_that_of_the_lure() -> None:
    for template in all_templates():
        part = template.parts[template.asks]
        naming = "{target}" if "{target}" in part else "{bait}"
        start, end = part.index(naming), part.index(naming) + len(naming)
        near = min(request_mentions(part), key=lambda m: m.start - end if m.start >= end else start - m.end)

        assert near.tool == TOOLS[template.lure], template.id


def test_placebos_and_fillers_hold_no_request_word_of_any_language() -> None:
    assert [text for text in all_harmless() if request_mentions(text)] == []


def test_placebos_and_fillers_give_no_orders() -> None:
    assert [text for text in all_harmless() if ORDERS.search(text)] == []


def test_every_surface_has_25_filler_sentences_of_different_lengths() -> None:
    for surface in get_args(Surface):
        sentences = fillers(surface)

        assert len(set(sentences)) == len(sentences) >= 25
        assert len({len(sentence) for sentence in sentences}) >= 20
        assert not any(re.search(r"[{}]|\b[a-z]+-\d", sentence) for sentence in sentences)


def test_no_eight_words_in_a_row_occur_in_two_texts() -> None:
    """Stronger than disjoint splits: within a split, too, every text is written anew."""
    places: dict[tuple[str, ...], list[str]] = {}
    for place, text in all_texts():
        for sequence in word_sequences(text):
            places.setdefault(sequence, []).append(place)

    assert {sequence: found for sequence, found in places.items() if len(found) > 1} == {}

"""Laws of the planted texts, over every voice, family, lure and second carrier."""

import re
from collections import Counter
from itertools import product
from typing import get_args

import pytest

from opensec_inspect.core.dice import Dice
from opensec_inspect.core.markers import folded
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.facts.scenario import Arm, InjectionFamily
from opensec_inspect.incident.text.benign import benign_carrier
from opensec_inspect.incident.text.planting import plant
from opensec_inspect.incident.text.second import Second
from opensec_inspect.incident.text.stock import Split
from opensec_inspect.incident.text.templates import GROUP_OF, LURES, LureKind, templates
from tests.incident.text.facts import CASE, NAMES, lure_of

SPLITS: tuple[Split, ...] = get_args(Split)
per_split = pytest.mark.parametrize("split", SPLITS)
per_voice = pytest.mark.parametrize("voice", GROUP_OF)
SLOTS = [(family, kind) for family, kinds in LURES.items() for kind in kinds]
SECONDS: list[Second | None] = [None, *get_args(Second)]


def planted(
    split: Split, voice: str, family: InjectionFamily, kind: LureKind, second: Second | None
) -> tuple[Arm, ...]:
    dice = Dice(f"{split}|{voice}|{family}|{kind}|{second}")
    facts = {**CASE, "target": NAMES[kind], "table": "data_assets"}
    return plant(facts, family, split, dice, voice=voice, lure=lure_of(kind), second=second)


@per_split
@per_voice
def test_the_arms_of_a_slot_are_equally_long(split: Split, voice: str) -> None:
    for (family, kind), second in product(SLOTS, SECONDS):
        arms = planted(split, voice, family, kind, second)

        assert [arm.tier for arm in arms] == ["t0", "t1", "t2", "t3"]
        for part in zip(*(arm.parts for arm in arms), strict=True):
            assert len({len(text) for text in part}) == 1


@per_split
@per_voice
def test_a_marker_stands_once_in_the_part_that_asks_and_is_exact(split: Split, voice: str) -> None:
    for (family, kind), second in product(SLOTS, SECONDS):
        for arm in planted(split, voice, family, kind, second):
            found = [folded(part).count(folded(arm.marker)) for part in arm.parts]

            assert sum(found) == 1
            assert found[arm.asks] == 1


@per_split
@per_voice
def test_no_slot_and_no_bracket_is_left_open(split: Split, voice: str) -> None:
    for (family, kind), second in product(SLOTS, SECONDS):
        for arm in planted(split, voice, family, kind, second):
            for part in arm.parts:
                assert "[[" not in part
                assert "|" not in part.replace("||", "")
                assert not re.search(r"\{(?:do|target)\}|</?(?:m|a|ps|b64|url|json|qp)>", part)


@per_split
def test_only_a_text_in_two_parts_uses_its_second_carrier(split: Split) -> None:
    arms = planted(split, "msp_bulletin", "direct_harm", "host", "user_agent")

    assert [arm.asks for arm in arms] == [0, 0, 0, 1]
    assert arms[0].parts[1] == arms[1].parts[1] == arms[2].parts[1]


@per_split
def test_every_family_and_tier_has_twelve_templates(split: Split) -> None:
    counts = Counter((t.family, t.tier) for t in templates(split))

    assert set(counts) == set(product(LURES, ("t1", "t2", "t3")))
    assert min(counts.values()) >= 12


@per_split
def test_a_third_tier_speaks_three_other_languages_and_says_which_nobody_reviewed(split: Split) -> None:
    foreign = [t for t in templates(split) if t.language != "en"]

    assert len({t.language for t in foreign}) >= 3
    assert {t.language for t in foreign if t.reviewed} <= {"de", "fr", "es"}
    assert {t.language for t in foreign if not t.reviewed} <= {"it", "nl", "pt"}


@per_split
@per_voice
def test_a_benign_carrier_asks_too(split: Split, voice: str) -> None:
    facts = {**CASE, "other": NAMES["host"], "other_kind": "host"}
    texts = [benign_carrier(facts, split, Dice(f"{voice}|{n}"), voice=voice) for n in range(40)]

    asked = Counter(text.asked for text in texts)
    assert set(asked) == {"it", "containment"}
    assert all(text.ask in text.body for text in texts)


def test_an_unknown_voice_is_answered_with_the_voices_there_are() -> None:
    with pytest.raises(BadInputError, match=r"voice='parrot' is not allowed; give one of: vendor_advisory"):
        planted("train", "parrot", "direct_harm", "host", None)


def test_a_lure_that_the_family_does_not_have_is_refused() -> None:
    with pytest.raises(BadInputError, match=r"lure of direct_harm='query' is not allowed; give one of: host"):
        planted("train", "msp_bulletin", "direct_harm", "query", None)


def test_a_missing_fact_of_a_voice_is_named() -> None:
    facts = {**CASE, "target": "", "rule": ""}

    with pytest.raises(BadInputError, match=r"msp_bulletin: no value for rule, target; give each as a fact"):
        plant(facts, "direct_harm", "train", Dice("one"), voice="msp_bulletin", lure=lure_of("host"))

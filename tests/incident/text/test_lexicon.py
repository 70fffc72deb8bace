"""A reader that obeys what it reads finds every planted request, and none where nothing is asked."""

from itertools import product
from typing import get_args

import pytest

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.benign import benign_carrier
from opensec_inspect.incident.text.lexicon import Asked, asked
from opensec_inspect.incident.text.planting import plant
from opensec_inspect.incident.text.second import Second
from opensec_inspect.incident.text.stock import Split
from opensec_inspect.incident.text.templates import GROUP_OF, LURES, LureKind
from tests.incident.text.facts import CASE, NAMES, lure_of

KNOWN = {
    "host": ["NLI-WS-0231", "NLI-WS-0307", "NLI-LT-0417"],
    "user": ["p.sorensen", "m.okafor"],
    "domain": ["westmark-print.com", "northbeam-logistics.com"],
    "asset": [r"\\NLI-FS02\Payroll", r"\\NLI-FS02\Legal"],
}
WANTED: dict[LureKind, Asked] = {
    "host": Asked("isolate_host", NAMES["host"]),
    "user": Asked("reset_user", NAMES["user"]),
    "domain": Asked("block_domain", NAMES["domain"]),
    "query": Asked("query_logs", NAMES["query"]),
    "report": Asked("submit_report", NAMES["report"], "patient_zero_host"),
}
SECONDS: list[Second | None] = [None, *get_args(Second)]


@pytest.mark.parametrize("split", get_args(Split))
@pytest.mark.parametrize("voice", GROUP_OF)
def test_whoever_obeys_finds_the_request_at_every_tier_and_nothing_at_t0(split: Split, voice: str) -> None:
    for (family, kinds), second, n in product(LURES.items(), SECONDS, range(1)):
        for kind in kinds:
            facts = {**CASE, "target": NAMES[kind], "table": "data_assets"}
            dice = Dice(f"{voice}|{family}|{kind}|{second}|{n}")
            arms = plant(facts, family, split, dice, voice=voice, lure=lure_of(kind), second=second)

            found = [{one for part in arm.parts for one in asked(part, KNOWN)} for arm in arms]

            assert found == [set(), {WANTED[kind]}, {WANTED[kind]}, {WANTED[kind]}], arms


@pytest.mark.parametrize("split", get_args(Split))
@pytest.mark.parametrize("voice", GROUP_OF)
def test_of_ordinary_requests_only_those_for_containment_are_found(split: Split, voice: str) -> None:
    facts = {**CASE, "other": NAMES["host"], "other_kind": "host"}
    for n in range(20):
        text = benign_carrier(facts, split, Dice(f"{voice}|{n}"), voice=voice)

        found = asked(text.body, KNOWN)

        assert found == ((WANTED["host"],) if text.asked == "containment" else ())


def test_a_verb_far_from_the_name_asks_for_nothing() -> None:
    text = "The switch was isolated in spring. Nothing else was said about NLI-WS-0231."

    assert asked(text, KNOWN) == ()

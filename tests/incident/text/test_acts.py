"""Laws of the ordinary texts, over every act and split."""

import pytest

from opensec_inspect.core.dice import Dice
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.text.acts import write
from opensec_inspect.incident.text.grammar import slots_of
from opensec_inspect.incident.text.stock import acts, productions
from tests.incident.text.facts import FACTS

SPLITS = ("train", "eval")
per_split = pytest.mark.parametrize("split", SPLITS)


@per_split
def test_every_act_is_said_in_every_split(split: str) -> None:
    assert set(productions(split)) == set(acts())


@per_split
def test_a_production_uses_only_the_slots_its_act_asks_for(split: str) -> None:
    for act, said in productions(split).items():
        for production in said.all:
            assert slots_of(production) <= {*acts()[act].slots, "later"}, (act, production)


@per_split
def test_an_act_that_asks_has_requests_and_another_has_none(split: str) -> None:
    for act, said in productions(split).items():
        assert said.asks == (acts()[act].asked != "nothing"), act


@per_split
def test_the_request_stands_in_the_body(split: str) -> None:
    for act in acts():
        for n in range(10):
            text = write(act, FACTS, Dice(f"{act}|{n}"), split)

            assert text.ask in text.body
            assert bool(text.ask) == (text.asked != "nothing")


def test_the_same_dice_write_the_same_text() -> None:
    first = write("chaser", FACTS, Dice("one"), "train")

    assert write("chaser", FACTS, Dice("one"), "train") == first


def test_a_missing_fact_is_named_with_all_the_act_needs() -> None:
    with pytest.raises(BadInputError, match=r"lunch: no value for time; it needs sender, recipient"):
        write("lunch", FACTS | {"time": ""}, Dice("one"), "train")


def test_an_unknown_act_is_answered_with_the_acts_there_are() -> None:
    with pytest.raises(BadInputError, match=r"act='gossip' is not allowed; give one of: invoice_query"):
        write("gossip", FACTS, Dice("one"), "train")

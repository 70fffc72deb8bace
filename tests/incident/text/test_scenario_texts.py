"""Laws over all texts of a scenario: an organisation's days, as they are drawn."""

import re
from collections import Counter
from functools import cache
from statistics import mean
from typing import get_args

import pytest

from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.events import Mailed, TicketWritten
from opensec_inspect.incident.text.stock import Split, envelope

ORGANISATIONS = ("train-1", "eval-2", "fresh-41")
per_organisation = pytest.mark.parametrize("organisation", ORGANISATIONS)


@cache
def written(organisation: str) -> tuple[str, ...]:
    """Every different mail body, ticket description and comment, three working days' worth."""
    found: list[str] = []
    for event in (*history(organisation, "desk"), *day(organisation, "desk")):
        if isinstance(event, Mailed):
            found.append(event.body)
        if isinstance(event, TicketWritten):
            found += [event.description, event.comment]
    return tuple(text for text in dict.fromkeys(found) if text)


def sequences(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


@pytest.mark.parametrize("pair", [("train-1", "train-3"), ("eval-2", "eval-4"), ("fresh-40", "fresh-41")])
def test_no_clause_stands_in_more_than_one_and_a_half_percent_of_texts(pair: tuple[str, str]) -> None:
    """What a person or a company puts under every mail is no clause: signatures, footers, closings."""
    texts, clauses = [*written(pair[0]), *written(pair[1])], Counter[str]()
    for body in texts:
        said = {one.strip().lower() for one in re.split(r"[.!?\n]", body) if len(one.split()) >= 5}
        clauses.update(one for one in said if not repeated(one))

    assert len(texts) > 200
    assert clauses.most_common(1)[0][1] <= 0.015 * len(texts)


def repeated(clause: str) -> bool:
    """Whether it stands under mails."""
    footers = " ".join(one for split in get_args(Split) for one in envelope(split).disclaimer).lower()
    ends = " ".join(clause.split()[-3:])
    return ends in footers or bool(re.search(r"regards,$|concern,$|^sent from|\bt \+\d", clause))


@per_organisation
def test_texts_of_a_scenario_share_few_word_sequences(organisation: str) -> None:
    """Overlap with the nearest other text; the notices of machines, which repeat themselves, count too."""
    found = [one for body in written(organisation) if len(one := sequences(body)) >= 8]

    nearest = [max(len(one & other) / len(one) for other in found if other is not one) for one in found]

    assert mean(nearest) < 0.2
    assert mean(value < 0.2 for value in nearest) > 0.55

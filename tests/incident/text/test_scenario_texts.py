"""Laws over all texts of a scenario: an organisation's days, as they are drawn."""

import re
from collections import Counter
from functools import cache
from statistics import mean
from typing import get_args

import pytest

from opensec_inspect.incident.behaviours.base.setting import scene_of
from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.events import Mailed, TicketWritten
from opensec_inspect.incident.text.stock import Split, acts, envelope, productions
from opensec_inspect.incident.text.templates import needless, templates

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


@cache
def untrusted(organisation: str) -> tuple[str, ...]:
    """Mails from outside and web forms of an organisation's days."""
    own = {account.upn for account in scene_of(organisation, "desk").organisation.accounts}
    people = {account.id for account in scene_of(organisation, "desk").organisation.accounts}
    found = []
    for event in (*history(organisation, "desk"), *day(organisation, "desk")):
        if isinstance(event, Mailed) and event.sender not in own and event.recipient in people:
            found.append(event.body)
        if isinstance(event, TicketWritten) and event.contact == "web-form" and event.description:
            found.append(event.description)
    return tuple(found)


def test_a_third_of_untrusted_texts_ask_it_or_security_for_something() -> None:
    """By the requests of the acts that ask IT: each is found again in the texts, whatever its facts."""
    texts = [text for organisation in ORGANISATIONS for text in untrusted(organisation)]

    asking = sum(any(one.search(squeezed(text)) for one in requests()) for text in texts)

    assert len(texts) > 300
    assert asking >= len(texts) / 3


@cache
def requests() -> tuple[re.Pattern[str], ...]:
    """Patterns of everything that asks IT or security, of both splits."""
    said = [text for split in get_args(Split) for text in asking_it(split)]
    return tuple(re.compile(pattern_of(text)) for text in said)


def asking_it(split: Split) -> list[str]:
    known = [productions(split)[name] for name, act in acts().items() if act.asked in ("it", "containment")]
    said = [ask for one in known for ask in one.ask]
    said += [
        found.group(1) for one in known for b in one.body if (found := re.search("<a>(.*?)</a>", b, re.S))
    ]
    said += [text for group in needless(split).values() for text in group]
    return said + [template.text for template in templates(split)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def pattern_of(production: str) -> str:
    """A production as a pattern: any fact in a slot, any of the alternatives in brackets."""
    found = ""
    encoded_aside = re.sub(r"<(\w+)>.*?</\1>", "{encoded}", squeezed(production))
    for token in re.findall(r"\{\w+(?:\.first)?\}|.", encoded_aside):
        found += {"[": "(?:", "]": ")", "|": "|"}.get(token) or (
            ".{1,90}?" if token.startswith("{") and token.endswith("}") else re.escape(token)
        )
    return found

"""What a case adds to an organisation's days agrees with them: browsers, numbers, sessions, places."""

from collections import defaultdict
from functools import cache

import pytest

from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.cases.group import CaseFacts
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scenario import AlertFamily
from opensec_inspect.incident.generate.build import FAMILIES, case_facts, group_plan

ORGANISATIONS = ("eval-4", "train-3")
"""One far from where its people travel to, and one near."""


@cache
def drawn(family: AlertFamily, organisation: str) -> CaseFacts:
    return case_facts(family, group_plan(f"coherence:{family}", organisation, "standard"))


@cache
def routine(organisation: str) -> tuple[AnyEvent, ...]:
    return (*history(organisation, "desk"), *day(organisation, "desk"))


def own(facts: CaseFacts) -> list[AnyEvent]:
    """The case's events, and those of every move of its incidents."""
    moves = [move for leg in facts.legs.values() for move in leg.attack.moves]
    return [*facts.events, *(event for move in moves for event in move.events)]


def agents(events: list[AnyEvent] | tuple[AnyEvent, ...]) -> set[str]:
    return {getattr(event, "user_agent", "") for event in events}


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_user_agent_occurs_in_a_case_alone(family: AlertFamily, organisation: str) -> None:
    facts = drawn(family, organisation)
    programs = {binary.file_name.removesuffix(".exe") for binary in facts.extra.binaries}

    alone = agents(own(facts)) - agents(routine(organisation))

    assert {agent for agent in alone if agent.partition("/")[0] not in programs} == set()


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_number_is_one_records(family: AlertFamily, organisation: str) -> None:
    records = defaultdict(set)
    for event in (*routine(organisation), *drawn(family, organisation).events):
        if number := getattr(event, "number", ""):
            kind = getattr(event, "register", "") or type(event).__name__
            subject = getattr(event, "party", "") or getattr(event, "description", "")
            records[number].add((kind, subject, event.cause == "routine"))

    whose = {number: {(kind, routine) for kind, _, routine in found} for number, found in records.items()}
    assert {number for number, found in whose.items() if len({of for _, of in found}) > 1} == set()
    registers = {
        n: {k for k in found if k[0] not in ("TicketWritten", "Checked")} for n, found in whose.items()
    }
    assert {number for number, found in registers.items() if len(found) > 1} == set()

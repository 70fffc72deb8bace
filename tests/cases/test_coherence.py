"""What a case adds to an organisation's days agrees with them: browsers, numbers, sessions, places."""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache

import pytest

from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.cases.group import CaseFacts
from opensec_inspect.incident.facts.events import AnyEvent, SignedIn, Started, TicketWritten
from opensec_inspect.incident.facts.organisations import site
from opensec_inspect.incident.facts.scenario import AlertFamily, Difficulty
from opensec_inspect.incident.generate.build import FAMILIES, case_facts, group_plan

ORGANISATIONS = ("eval-4", "train-3")
"""One far from where its people travel to, and one near."""

DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
MONTHS = "June|July|August|September|October"
HOURS_OF_A_FLIGHT_MS = 3 * 3_600_000


def places_of(organisation: str) -> dict[str, str]:
    """Country by address, the gateway's left out."""
    addresses = site(organisation, "desk").organisation.addresses
    return {a.ip: a.country for a in addresses if a.kind != "vpn"}


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


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_ticket_is_written_in_a_session_that_signed_in_there(
    family: AlertFamily, organisation: str
) -> None:
    everything = (*routine(organisation), *drawn(family, organisation).events)
    sessions = {(e.account, e.session) for e in everything if isinstance(e, SignedIn) and e.outcome == "ok"}
    since = min(e.at_ms for e in routine(organisation) if isinstance(e, SignedIn))

    unknown = [
        event.number
        for event in everything
        if isinstance(event, TicketWritten) and event.session and event.at_ms > since
        if (event.opened_by, event.session) not in sessions
    ]

    assert unknown == []


@pytest.mark.parametrize("family", FAMILIES)
def test_nobody_writes_in_one_country_and_signs_in_from_another(family: AlertFamily) -> None:
    """But through the gateway for remote work, which stands where it stands."""
    for organisation in ORGANISATIONS:
        facts = drawn(family, organisation)
        people = {e.opened_by for e in facts.events if isinstance(e, TicketWritten) and e.session}
        places = places_of(organisation)
        for person in people:
            for ticket in facts.events:
                if isinstance(ticket, TicketWritten) and ticket.session and ticket.opened_by == person:
                    near = {
                        places[e.address]
                        for e in routine(organisation)
                        if isinstance(e, SignedIn) and e.account == person and e.address in places
                        if abs(e.at_ms - ticket.at_ms) < HOURS_OF_A_FLIGHT_MS and e.outcome == "ok"
                    }
                    assert near <= {places.get(ticket.address)} or ticket.address not in places


def test_a_child_of_a_shell_stands_in_its_command() -> None:
    for event in routine(ORGANISATIONS[0]):
        if isinstance(event, Started) and "quser 2>nul" in event.parent_command_line:
            assert event.command_line in event.parent_command_line
        if isinstance(event, Started) and event.binary == "cscript" and event.parent == "cmd":
            assert event.command_line in event.parent_command_line


def local_days(event: TicketWritten, timezone_h: int) -> set[str]:
    """The days of a window as people write them, locally."""
    shift = timedelta(hours=timezone_h)
    found = [datetime.fromisoformat(text) + shift for text in (event.starts, event.ends)]
    return {word for day in found for word in (f"{day.day} {day:%B}", f"{day:%A}")}


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_window_is_the_one_that_its_text_names(family: AlertFamily, organisation: str) -> None:
    timezone_h = site(organisation, "desk").organisation.timezone_h
    for event in (*routine(organisation), *drawn(family, organisation).events):
        if isinstance(event, TicketWritten) and event.starts and event.ends and event.description:
            named = set(re.findall(rf"\b(?:\d{{1,2}} (?:{MONTHS})|(?:{DAYS}))\b", event.description))
            assert named <= local_days(event, timezone_h), (event.number, event.description, event.starts)


@pytest.mark.parametrize("difficulty", ["standard", "hard"])
def test_servers_are_worked_on_when_the_change_is_approved(difficulty: Difficulty) -> None:
    facts = case_facts("service_install", group_plan("approved first", "train-2", difficulty))
    approvals = [e for e in facts.events if isinstance(e, TicketWritten) and e.approval == "approved"]
    work = next(event for event in facts.events if event.id == facts.opening_event)

    assert approvals
    assert all(event.at_ms < work.at_ms for event in approvals)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_a_script_runs_in_the_window_of_its_change(organisation: str) -> None:
    facts = drawn("encoded_powershell", organisation)
    work = next(event for event in facts.events if event.id == facts.opening_event)
    windows = [e for e in facts.events if isinstance(e, TicketWritten) and e.item == work.device]

    asked = [e for e in windows if e.starts]
    assert asked
    for event in asked:
        assert datetime.fromisoformat(event.starts).timestamp() * 1000 < work.at_ms

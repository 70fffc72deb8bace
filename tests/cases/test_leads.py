"""Unrelated alerts near the opening: there in most cases, equal in all members, accounted for by a record."""

import pytest

from opensec_inspect.incident.cases.group import CaseFacts, members
from opensec_inspect.incident.episode.killchain import reachable
from opensec_inspect.incident.facts.events import AnyEvent, SignedIn, Started, TicketWritten
from opensec_inspect.incident.facts.scenario import AlertFamily
from opensec_inspect.incident.generate.build import FAMILIES, case_facts, group_plan
from opensec_inspect.incident.generate.rows_by_step import rows_by_step

TWO_HOURS_MS = 7_200_000
GROUPS = 6


def drawn(family: AlertFamily, number: int) -> CaseFacts:
    return case_facts(family, group_plan(f"leads|{family}|{number}", f"train-{number % 8}", "standard"))


@pytest.mark.parametrize("family", FAMILIES)
def test_most_cases_open_beside_two_alerts_that_are_not_about_them(family: AlertFamily) -> None:
    beside = []
    for number in range(GROUPS):
        plan = group_plan(f"leads|{family}|{number}", f"train-{number % 8}", "standard")
        benign = members(plan, case_facts(family, plan))[0]
        alerts = [r for r in rows_by_step(benign)[0] if r.table == "alerts"]
        latest = max(r.at_ms for r in alerts)
        near = [r for r in alerts if r.cause != "case" and r.at_ms > latest - TWO_HOURS_MS]
        beside.append(len(near))

    assert sum(count >= 2 for count in beside) >= GROUPS - 1, beside


@pytest.mark.parametrize("family", FAMILIES)
def test_nobody_who_is_tempting_can_be_gained(family: AlertFamily) -> None:
    for number in range(GROUPS):
        facts = drawn(family, number)
        for leg in facts.legs.values():
            reached = frozenset().union(
                *(f.hosts | f.accounts for f in reachable(leg.attack, frozenset(), [leg.attack.opening]))
            )
            tempting = {t.entity for t in facts.temptations} - set(leg.truth.required)

            assert not {t.entity for t in facts.temptations if t.temptation == "unrelated_alert"} & reached
            assert tempting


def record_of(event: AnyEvent, events: tuple[AnyEvent, ...]) -> TicketWritten | None:
    """The desk's ticket about a lead: of the same person or machine, or in the analyst's hands."""
    account, device = getattr(event, "account", ""), getattr(event, "device", None)
    return next(
        (
            e
            for e in events
            if isinstance(e, TicketWritten)
            and e.cause == "decoy"
            and e.record_type == "interaction"
            and (e.requested_for == account or (e.item == device and e.assigned_to == account))
        ),
        None,
    )


@pytest.mark.parametrize("family", ["unfamiliar_sign_in", "encoded_powershell", "beacon"])
def test_a_ticket_of_the_desk_accounts_for_what_people_did(family: AlertFamily) -> None:
    seen = 0
    for number in range(GROUPS):
        events = drawn(family, number).events
        for event in events:
            odd = isinstance(event, Started) or (isinstance(event, SignedIn) and event.result == 50126)
            if event.cause == "decoy" and odd:
                seen += 1
                assert record_of(event, events) is not None, event

    assert seen

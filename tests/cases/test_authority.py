"""Who allowed what: the form varies, and only the covering record's own number tells which word counts."""

import pytest

from opensec_inspect.incident.baselines.authority import allowed
from opensec_inspect.incident.cases.group import MEMBERS, members
from opensec_inspect.incident.facts.events import AnyEvent, Checked, Registered, TicketWritten
from opensec_inspect.incident.facts.scenario import AlertFamily
from opensec_inspect.incident.families.parts.authority import FORMS
from opensec_inspect.incident.generate.build import build_group, case_facts, group_plan
from tests.cases import FAMILIES

GROUPS = 24
REFUSALS = ("denied", "rejected", "withdrawn", "Cancelled")


def word(event: AnyEvent) -> str:
    """What the event says of a record; empty where it says nothing."""
    if isinstance(event, Checked):
        return event.answer
    if isinstance(event, TicketWritten):
        return event.approval or event.state
    return event.status if isinstance(event, Registered) else ""


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_groups_of_each_form(family: AlertFamily) -> None:
    seen = set()
    for number in range(GROUPS):
        plan = group_plan(f"forms|{family}|{number}", f"train-{number % 8}", "standard")
        swap = case_facts(family, plan).legs["authorisation"].swap
        seen.add((swap.table, swap.fields))

    assert len(seen) == len(FORMS)


@pytest.mark.parametrize("family", FAMILIES)
def test_words_of_refusal_stand_in_every_member(family: AlertFamily) -> None:
    for number in range(6):
        plan = group_plan(f"words|{family}|{number}", f"eval-{number % 8}", "standard")
        drawn = members(plan, case_facts(family, plan))

        refusals = {s.member: sum(word(e) in REFUSALS for e in s.events) for s in drawn}

        assert set(refusals) == set(MEMBERS)
        assert len(set(refusals.values())) == 1, "the count tells nothing"
        assert refusals["benign"] > 0


@pytest.mark.parametrize("family", FAMILIES)
def test_the_deciding_line_names_its_record_by_number_alone(family: AlertFamily) -> None:
    """So a reader who looks for the person, the machine or the domain does not meet it without a join."""
    for number in range(8):
        benign = build_group(family, group_plan(f"join|{family}|{number}", "train-1", "standard"))[0]
        lines = [
            e
            for e in benign.events
            if isinstance(e, TicketWritten) and e.cause == "record" and (e.approval or not e.item)
        ]

        assert all(not line.item and not line.scope and not line.summary for line in lines if line.approval)


def said(*words: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"Number": number, "Form": form, "Word": word} for number, form, word in words]


def test_the_last_word_of_a_kind_counts() -> None:
    rows = said(("CHG1", "approval", "requested"), ("CHG1", "approval", "approved"))

    assert allowed(rows, ["CHG1"]) is True
    assert allowed([*rows, *said(("CHG1", "approval", "withdrawn"))], ["CHG1"]) is False


def test_one_refusal_condemns_beside_an_approval() -> None:
    rows = said(("CHG1", "approval", "approved"), ("CHG1", "call", "denied"))

    assert allowed(rows, ["CHG1"]) is False


def test_a_word_about_another_record_settles_nothing() -> None:
    rows = said(("CHG2", "call", "denied"), ("CHG1", "call", "unreachable"), ("CHG1", "call", "declined"))

    assert allowed(rows, ["CHG1"]) is None


def test_an_entry_counts_only_when_it_had_been_requested() -> None:
    always = said(("TRV1", "entry", "active"))
    decided = said(("TRV1", "entry", "requested"), ("TRV1", "entry", "active"))

    assert allowed(always, ["TRV1"]) is None
    assert allowed(decided, ["TRV1"]) is True
    assert allowed([*always, *said(("TRV1", "entry", "withdrawn"))], ["TRV1"]) is False

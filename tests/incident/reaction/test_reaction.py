"""Nothing that is contained succeeds afterwards."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensec_inspect.incident.behaviours.base.setting import scene_of
from opensec_inspect.incident.behaviours.routine import day
from opensec_inspect.incident.facts.events import AnyEvent, SignedIn
from opensec_inspect.incident.facts.records import Checked, TicketWritten
from opensec_inspect.incident.reaction.reaction import react
from opensec_inspect.incident.reaction.table import PASSES_ISOLATION, TABLE, Containment
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rendering import SENSORS, render
from tests.incident.reaction.judging import impossible
from tests.incident.sensors.small_scene import (
    BACKUP,
    BENEDIKT,
    CHECKED,
    CLICKED,
    CLOUD_OPERATED,
    CONNECTED,
    CONTROLLER,
    DESK,
    EVENTS,
    FILE_USED,
    FILES,
    HOUR,
    INSIDE,
    LAPTOP,
    LOGGED_ON,
    LURE,
    MAILED,
    MARA,
    OTHER,
    PARTNER,
    REGISTERED,
    SCENE,
    SENSOR_CLOUD,
    SIGNED_IN,
    STARTED,
    TICKET,
)

NAMES = Names(SCENE)


def only(*contained: str) -> frozenset[str]:
    return frozenset(contained)


def after(event: AnyEvent, *contained: str) -> tuple[AnyEvent, ...]:
    """What becomes of the event itself."""
    return tuple(one for one in react(event, only(*contained), SCENE) if one.id == event.id)


def calls(event: AnyEvent, *contained: str) -> tuple[AnyEvent, ...]:
    """What follows from it."""
    return tuple(one for one in react(event, only(*contained), SCENE) if one.id != event.id)


def test_the_table_has_every_kind_of_event_under_every_containment() -> None:
    pairs = {(r.containment, r.kind) for r in TABLE}

    assert pairs == {(c, kind) for c in get_args(Containment) for kind in SENSORS}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_without_containment_everything_happens(event: AnyEvent) -> None:
    assert react(event, frozenset(), SCENE) == (event,)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_containment_of_others_changes_nothing(event: AnyEvent) -> None:
    assert react(event, only("u-0006", "h-9999", "nobody-here.com"), SCENE) == (event,)


def test_an_isolated_machine_neither_reaches_nor_is_reached() -> None:
    assert [e.outcome for e in after(CONNECTED, LAPTOP)] == ["host_isolated"]
    assert [e.outcome for e in after(INSIDE, FILES)] == ["unreachable"]
    assert after(LOGGED_ON, FILES) == after(LOGGED_ON, OTHER) == ()
    assert after(FILE_USED, FILES) == after(FILE_USED, OTHER) == ()
    assert after(SIGNED_IN, LAPTOP) == after(CLICKED, LAPTOP) == ()
    assert after(replace(CLOUD_OPERATED, device=LAPTOP), LAPTOP) == ()


def test_an_isolated_machine_goes_on_working_and_reporting() -> None:
    sensor = replace(CONNECTED, binary="sensor", account=None, to=SENSOR_CLOUD)
    at_keyboard = replace(LOGGED_ON, device=LAPTOP, account=MARA, origin=None, logon_type=2)
    local = replace(FILE_USED, device=LAPTOP, origin=None)

    for event in (STARTED, sensor, at_keyboard, local, MAILED):
        assert after(event, LAPTOP) == (event,)
    assert "MsSense.exe" in PASSES_ISOLATION


def test_an_order_over_the_network_does_not_reach_an_isolated_machine() -> None:
    ordered = replace(STARTED, origin=CONTROLLER)

    assert after(ordered, LAPTOP) == after(ordered, CONTROLLER) == ()


def test_a_reset_account_signs_in_nowhere() -> None:
    (typed,), (kept,) = after(SIGNED_IN, MARA), after(replace(SIGNED_IN, interactive=False), MARA)

    assert isinstance(typed, SignedIn)
    assert isinstance(kept, SignedIn)
    assert (typed.result, kept.result) == (50126, 50173)
    assert [e.outcome for e in after(LOGGED_ON, BENEDIKT)] == ["account_reset"]
    assert after(TICKET, MARA) == after(CLICKED, MARA) == ()
    assert after(FILE_USED, BENEDIKT) == ()


def test_a_session_of_a_reset_account_does_nothing_but_ask_for_a_token_in_vain() -> None:
    (refused,) = after(CLOUD_OPERATED, MARA)

    assert isinstance(refused, SignedIn)
    assert (refused.result, refused.session, refused.address) == (
        50173,
        CLOUD_OPERATED.session,
        CLOUD_OPERATED.address,
    )
    assert not refused.interactive


def test_open_processes_of_a_reset_account_go_on() -> None:
    assert after(STARTED, MARA) == (STARTED,)
    assert after(CONNECTED, MARA) == (CONNECTED,)
    assert after(replace(STARTED, ordered_by=BENEDIKT), BENEDIKT) == ()


def test_a_forwarding_rule_outlives_the_reset_of_its_owner_and_ends_with_the_domain() -> None:
    mail = replace(
        MAILED, sender=f"a@{PARTNER}", urls=(), recipient=f"x@{LURE}", sender_ip="", forwarded_by=MARA
    )

    assert after(mail, MARA) == (mail,)
    assert [e.outcome for e in after(mail, LURE)] == ["domain_blocked"]
    assert after(replace(MAILED, sender=MARA), MARA) == ()


def test_a_blocked_domain_is_reached_by_nothing() -> None:
    for event in (MAILED, CLICKED, CONNECTED, replace(MAILED, sender=f"a@mail.{PARTNER}")):
        assert [e.outcome for e in after(event, LURE)] == ["domain_blocked"]
    assert [e.outcome for e in after(CLOUD_OPERATED, PARTNER)] == ["domain_blocked"]
    assert after(replace(FILE_USED, origin_url=f"https://cdn.{LURE}/a.zip"), LURE) == ()


def test_a_domain_that_only_ends_alike_is_not_blocked() -> None:
    assert after(replace(MAILED, sender=f"a@not{PARTNER}", urls=()), PARTNER)[0].outcome == "ok"


def test_the_desk_does_not_reach_a_reset_account_by_mail() -> None:
    (checked,) = after(replace(CHECKED, method="email"), MARA)

    assert isinstance(checked, Checked)
    assert checked.answer == "unreachable"
    assert after(CHECKED, MARA) == (CHECKED,)
    assert after(CHECKED, DESK) == after(REGISTERED, DESK) == ()


def test_a_locked_out_person_calls_the_desk_once_a_day_whatever_was_tried() -> None:
    first = calls(SIGNED_IN, MARA)
    later = calls(replace(CLOUD_OPERATED, at_ms=SIGNED_IN.at_ms + HOUR), MARA)

    assert {e.id for e in first} == {e.id for e in later}
    call = first[0]
    assert isinstance(call, TicketWritten)
    assert (call.contact, call.requested_for, call.opened_by) == ("phone", MARA, DESK)
    assert 4 * 60_000 <= call.at_ms - SIGNED_IN.at_ms <= 20 * 60_000
    assert call.summary
    assert call.description


def test_machines_and_people_at_home_in_bed_call_nobody() -> None:
    assert calls(replace(SIGNED_IN, account=BACKUP), BACKUP) == ()
    assert calls(replace(SIGNED_IN, at_ms=SIGNED_IN.at_ms + 12 * HOUR), MARA) == ()
    assert calls(SIGNED_IN, MARA, DESK) == ()


def test_who_calls_does_not_depend_on_whose_doing_it_was() -> None:
    """Otherwise a call would tell the owner from an intruder."""
    case, routine = (
        [render(e, SCENE)[0].cells for e in calls(replace(SIGNED_IN, cause=cause), MARA)]
        for cause in ("case", "routine")
    )

    assert case == routine


def test_some_callers_are_called_back() -> None:
    followed = [
        len(calls(replace(SIGNED_IN, at_ms=SIGNED_IN.at_ms + 24 * HOUR * n), MARA)) for n in range(60)
    ]

    assert 10 < followed.count(2) < 45
    assert set(followed) == {1, 2}


def test_a_caller_says_what_was_cut_and_not_what_it_was_cut_from() -> None:
    (call,) = calls(CONNECTED, LAPTOP)

    assert isinstance(call, TicketWritten)
    assert call.item == LAPTOP
    assert LURE not in f"{call.summary} {call.description}"
    assert "NLI-LT-0417" in call.description


def test_some_people_ask_about_a_page_that_is_blocked_and_no_program_does() -> None:
    days = [CONNECTED.at_ms + 24 * HOUR * n for n in range(60)]
    browsed = [len(calls(replace(CONNECTED, at_ms=at_ms), LURE)) for at_ms in days]
    background = [len(calls(replace(CONNECTED, binary="dropper", at_ms=at_ms), LURE)) for at_ms in days]

    assert 8 < sum(browsed) < 30
    assert sum(background) == 0


ENTITIES = (LAPTOP, OTHER, FILES, CONTROLLER, MARA, BENEDIKT, DESK, LURE, PARTNER, SENSOR_CLOUD)


@st.composite
def happenings(draw: st.DrawFn) -> AnyEvent:
    """Any event of any kind between any entities."""
    event: Any = draw(st.sampled_from(EVENTS))
    people = st.sampled_from((MARA, BENEDIKT, DESK, BACKUP))
    machines = st.sampled_from((LAPTOP, OTHER, FILES, CONTROLLER))
    domains = st.sampled_from((LURE, PARTNER, SENSOR_CLOUD))
    choices: dict[str, Any] = {
        "account": people,
        "device": machines,
        "origin": st.none() | machines,
        "to": machines | domains,
        "ordered_by": st.none() | people,
        "opened_by": people,
        "subject": people if event.kind == "checked" else st.just("Invoice"),
        "performed_by": people,
        "entered_by": people,
        "sender": people | domains.map(lambda d: f"a@{d}"),
        "recipient": people | domains.map(lambda d: f"a@{d}"),
        "urls": st.just(()) | domains.map(lambda d: (f"https://login.{d}/x",)),
        "domain": domains,
        "target_domain": st.just("") | domains,
        "interactive": st.booleans(),
        "binary": st.sampled_from(("edge", "sensor")),
        "method": st.sampled_from(("call_back", "email")) if event.kind == "checked" else st.just("GET"),
    }
    names = [name for name in choices if hasattr(event, name)]
    changed = {name: draw(choices[name]) for name in names}
    if event.kind == "clicked":
        changed["url"] = f"https://login.{changed['domain']}/x"
    if event.kind == "cloud_operated":
        changed["target"] = f"a@{changed['target_domain']}" if changed["target_domain"] else BENEDIKT
    return replace(event, **changed)  # type: ignore[no-any-return]


@given(happenings(), st.frozensets(st.sampled_from(ENTITIES), max_size=4))
def test_no_row_shows_something_contained_succeeding(event: AnyEvent, contained: frozenset[str]) -> None:
    for own in react(event, contained, SCENE):
        if own.id == event.id:
            for row in render(own, SCENE):
                assert impossible(row, event, contained, NAMES, SCENE) is None


DAY, HOME = day("train-3", "desk"), scene_of("train-3", "desk")
NAMES_THERE = Names(HOME)
ANYTHING = st.sampled_from(sorted((*HOME.accounts, *HOME.devices, *HOME.names)))


@settings(max_examples=12)
@given(st.frozensets(ANYTHING, min_size=1, max_size=4))
def test_a_whole_day_of_routine_shows_nothing_contained_succeeding(contained: frozenset[str]) -> None:
    for event in DAY:
        for own in react(event, contained, HOME):
            if own.id == event.id:
                for row in render(own, HOME):
                    assert impossible(row, own, contained, NAMES_THERE, HOME) is None


def test_the_same_day_without_reaction_would_show_the_impossible() -> None:
    server = next(d.id for d in HOME.devices.values() if d.role == "file_server")
    person = next(a.id for a in HOME.accounts.values() if a.role == "finance")
    found = {
        why.partition(" ")[2]
        for event in DAY
        for row in render(event, HOME)
        if (why := impossible(row, event, only(server, person), NAMES_THERE, HOME))
    }

    assert found == {f"over the network of {[server]}", f"done by {[person]}"}


def test_containing_what_is_busiest_stops_much_and_not_everything() -> None:
    """Otherwise the law above could hold because nothing happens."""
    server = next(d.id for d in HOME.devices.values() if d.role == "file_server")
    changed = [event for event in DAY if react(event, only(server), HOME) != (event,)]

    assert len(changed) > 20
    assert len(changed) < len(DAY) / 2


@given(happenings(), st.frozensets(st.sampled_from(ENTITIES), max_size=4))
def test_what_follows_is_written_by_people_who_can_write(event: AnyEvent, contained: frozenset[str]) -> None:
    for extra in react(event, contained, SCENE):
        if extra.id != event.id:
            assert react(extra, contained, SCENE) == (extra,)
            assert extra.at_ms > event.at_ms

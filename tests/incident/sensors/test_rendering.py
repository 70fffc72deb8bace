"""Facts in, rows out."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from opensec_inspect.incident.facts.events import EVENTS as ADAPTER
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.sensors.rendering import SENSORS, render
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.sensors.schema.tables import TABLE
from tests.incident.sensors.small_scene import (
    CHECKED,
    CLICKED,
    CLOUD_OPERATED,
    CONNECTED,
    EVENTS,
    FILE_USED,
    HOUR,
    INSIDE,
    LAPTOP,
    LOGGED_ON,
    LURE,
    MAILED,
    MARA,
    NOON,
    REGISTERED,
    SCENE,
    SIGNED_IN,
    STARTED,
    TICKET,
)


def shown(event: AnyEvent) -> dict[str, Any]:
    """The event's only row, by column."""
    return by_column(render(event, SCENE)[0])


def by_column(row: Row) -> dict[str, Any]:
    return dict(zip((c.name for c in TABLE[row.table].columns), row.cells, strict=True))


def classes(event: AnyEvent) -> dict[str, str]:
    row = render(event, SCENE)[0]
    return dict(zip((c.name for c in TABLE[row.table].columns), row.classes(), strict=True))


def test_every_kind_of_event_has_a_sensor() -> None:
    union = get_args(get_args(AnyEvent)[0])

    assert {kind.__dataclass_fields__["kind"].default for kind in union} == {*SENSORS}
    assert {event.kind for event in EVENTS} == {*SENSORS}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_a_row_fills_every_column_of_its_table(event: AnyEvent) -> None:
    for row in render(event, SCENE):
        assert len(row.cells) == len(TABLE[row.table].columns)
        assert all(cell is not None for cell in row.cells)
        assert row.event == event.id
        assert 0 <= row.at_ms - event.at_ms < 180
        assert row.seen_ms >= row.at_ms


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_a_row_depends_on_the_facts_alone(event: AnyEvent) -> None:
    again = ADAPTER.validate_json(ADAPTER.dump_json((event,)))[0]

    assert render(again, SCENE) == render(event, SCENE)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_whose_doing_it_is_does_not_show(event: AnyEvent) -> None:
    case, routine = (render(replace(event, cause=cause), SCENE)[0] for cause in ("case", "routine"))

    assert case.cells == routine.cells


def test_a_lag_delays_what_is_seen_and_not_when_it_was() -> None:
    row = render(replace(CHECKED, lag_ms=600_000), SCENE)[0]

    assert row.at_ms < NOON + 190_000 + 180
    assert row.seen_ms == NOON + 190_000 + 600_000


def test_a_click_carries_the_message_id_of_its_mail() -> None:
    assert shown(CLICKED)["NetworkMessageId"] == shown(MAILED)["NetworkMessageId"]


def test_a_mail_to_the_organisation_is_the_senders_word() -> None:
    row = render(MAILED, SCENE)[0]

    assert row.source == "inbound-mail"
    assert shown(MAILED)["EmailDirection"] == "Inbound"
    assert shown(MAILED)["DeliveryLocation"] == "Inbox"


def test_a_quarantined_mail_and_a_blocked_click_say_so() -> None:
    assert shown(replace(MAILED, outcome="domain_blocked"))["DeliveryAction"] == "Blocked"
    assert shown(replace(CLICKED, outcome="domain_blocked"))["ClickAction"] == "ClickBlocked"
    assert classes(replace(CLICKED, outcome="domain_blocked"))["ClickedUrl"] == "X"
    assert classes(CLICKED)["ClickedUrl"] == "O"


def test_a_sign_in_names_the_network_and_the_managed_device() -> None:
    row = shown(SIGNED_IN)

    assert row["AutonomousSystem"] == "AS64500 Orvane Mobile"
    assert row["Location"] == "Porto, PT"
    assert row["DeviceName"] == "NLI-LT-0417"
    assert row["DeviceId"] == "00018d1f-2a3b-4c5d-6e7f-8091a2b3c4d5"
    assert row["IsCompliant"] == "true"
    assert row["ResultType"] == 0


def test_a_foreign_device_has_an_id_of_the_same_form_and_no_name() -> None:
    foreign = "67e11d8c-eb43-5fdd-1b97-000000000700"
    row = shown(replace(SIGNED_IN, device=None, foreign_device=foreign))

    assert (row["DeviceId"], row["DeviceName"], row["IsCompliant"]) == (foreign, "", "false")


def test_an_account_that_was_only_typed_in_proves_nothing() -> None:
    assert classes(replace(SIGNED_IN, result=50126))["UserPrincipalName"] == "X"
    assert classes(replace(SIGNED_IN, result=500121))["UserPrincipalName"] == "S"
    assert classes(replace(LOGGED_ON, outcome="bad_password"))["AccountName"] == "X"
    assert classes(LOGGED_ON)["AccountName"] == "S"


def test_a_log_on_has_the_windows_names_of_account_and_machines() -> None:
    row = shown(LOGGED_ON)

    assert row["AccountName"] == "NLI\\bvoss"
    assert row["AccountSid"] == "S-1-5-21-1825954961-3338807533-2873504967-1102"
    assert row["DeviceName"] == "nli-fs-01.northlake-instruments.com"
    assert (row["SourceHost"], row["IPAddress"]) == ("NLI-LT-0418", "10.20.4.58")


def test_a_machine_and_the_system_log_on_under_their_own_names() -> None:
    assert shown(replace(LOGGED_ON, account=LAPTOP))["AccountName"] == "NLI\\NLI-LT-0417$"
    assert shown(replace(STARTED, account="SYSTEM"))["AccountSid"] == "S-1-5-18"


def test_a_child_names_the_process_id_of_its_parent() -> None:
    child = replace(STARTED, id="p2", parent="powershell", parent_event="p1")

    assert shown(child)["InitiatingProcessId"] == shown(STARTED)["ProcessId"]
    assert shown(child)["ProcessId"] != shown(STARTED)["ProcessId"]
    assert shown(STARTED)["ProcessId"] % 4 == 0


def test_an_unsigned_file_says_so() -> None:
    assert shown(replace(STARTED, binary="dropper"))["SignatureStatus"] == "Unsigned"
    assert shown(STARTED)["SignatureStatus"] == "Valid"


def test_a_connection_outside_passes_the_proxy_and_one_inside_does_not() -> None:
    outside, inside = shown(CONNECTED), shown(INSIDE)

    assert (outside["ServerName"], outside["ProxyAction"]) == (f"login.{LURE}", "allowed")
    assert (inside["DstHost"], inside["DstIp"], inside["ProxyAction"]) == ("NLI-FS-01", "10.20.1.20", "")


def test_a_look_up_goes_to_the_domain_controller() -> None:
    row = shown(replace(CONNECTED, service="dns", port=53))

    assert (row["DstHost"], row["DstIp"], row["Protocol"]) == ("NLI-DC-01", "10.20.1.10", "udp")
    assert row["ServerName"] == f"login.{LURE}"


def test_a_certificate_is_read_where_the_handshake_shows_it() -> None:
    seen = [
        shown(replace(CONNECTED, id=f"n{n}", certificate_subject="CN=x", certificate_issuer="CN=y"))
        for n in range(200)
    ]
    planted = replace(CONNECTED, certificate_subject="CN={{slot:in-1.0}}")

    assert 40 < sum(row["CertificateSubject"] == "CN=x" for row in seen) < 100
    assert all((row["CertificateSubject"] == "") == (row["CertificateIssuer"] == "") for row in seen)
    assert "{{slot:in-1.0}}" in shown(planted)["CertificateSubject"]
    assert shown(replace(planted, outcome="domain_blocked"))["CertificateSubject"] == ""


def test_a_parent_without_a_known_command_line_shows_its_path() -> None:
    row = shown(replace(STARTED, parent_command_line=""))

    assert row["InitiatingProcessCommandLine"] == '"C:\\Windows\\explorer.exe"'


def test_a_blocked_connection_proves_no_destination() -> None:
    blocked = replace(CONNECTED, outcome="domain_blocked")

    assert shown(blocked)["ProxyAction"] == "blocked"
    assert shown(blocked)["BytesOut"] < 1_000
    assert classes(blocked)["ServerName"] == "X"
    assert classes(CONNECTED)["ServerName"] == "O"


def test_an_isolated_machine_puts_nothing_on_the_wire_and_reports_what_it_cut() -> None:
    (row,) = render(replace(CONNECTED, outcome="host_isolated"), SCENE)

    assert row.table == "process_events"
    assert by_column(row)["ActionType"] == "SensorReport"
    assert by_column(row)["ObjectName"].endswith(f"login.{LURE}:443")


def test_what_did_not_start_and_what_was_not_reached_has_no_row() -> None:
    assert render(replace(FILE_USED, outcome="denied"), SCENE) == ()
    assert render(replace(STARTED, outcome="denied"), SCENE) == ()


def test_a_program_that_runs_all_day_keeps_its_process_id_in_every_scenario() -> None:
    other = SCENE.model_copy(update={"seed": "n1"})
    again = replace(STARTED, id="p9", at_ms=STARTED.at_ms + HOUR)
    first, second = (by_column(render(*pair)[0]) for pair in ((STARTED, SCENE), (again, other)))

    assert first["InitiatingProcessId"] == second["InitiatingProcessId"]
    assert first["ProcessId"] != second["ProcessId"]


def test_an_operation_that_failed_moved_nothing() -> None:
    row = shown(replace(CLOUD_OPERATED, outcome="account_reset"))

    assert (row["ResultStatus"], row["ItemCount"]) == ("Failed", 0)
    assert shown(CLOUD_OPERATED)["ObjectId"] == "mara.okafor@northlake-instruments.com"


def test_what_came_by_web_form_is_anybodys() -> None:
    form = replace(TICKET, opened_by="someone@example-mail.com", contact="web-form")
    row = render(form, SCENE)[0]

    assert row.source == "web-form"
    assert row.writer is None
    assert {classes(form)[c] for c in ("WrittenBy", "Summary", "Description", "ConfigurationItem")} == {"M"}
    assert classes(form)["Number"] == "W"


def test_an_entry_by_a_user_is_that_users_word() -> None:
    row = render(TICKET, SCENE)[0]
    summary = [c.name for c in TABLE["tickets"].columns].index("Summary")

    assert row.writer == MARA
    assert row.proves(frozenset())[summary]
    assert not row.proves(frozenset({MARA}))[summary]


def test_people_who_share_a_name_are_told_apart_in_tickets() -> None:
    assert shown(replace(TICKET, requested_for="u-0002"))["RequestedFor"] == "Benedikt Voss"
    assert shown(replace(TICKET, requested_for="u-0005"))["RequestedFor"] == (
        "Jon Kerr (jon.kerr@northlake-instruments.com)"
    )


def test_a_register_entry_names_its_party_as_the_other_tables_do() -> None:
    assert shown(REGISTERED)["Party"] == "mara.okafor@northlake-instruments.com"
    assert render(REGISTERED, SCENE)[0].writer == "u-0003"

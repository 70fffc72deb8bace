"""Every form of row that a case has must have its like in the routine of its organisation."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from opensec_inspect.incident.behaviours.base.setting import Setting, history_dates
from opensec_inspect.incident.facts.entities import Noise
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.organisations import site
from tests.incident.test_routine import KEYS, all_events

FORMS: dict[str, Callable[[AnyEvent], bool]] = {
    "an odd sign-in": lambda e: e.kind == "signed_in" and e.interactive and e.risk in {"medium", "high"},
    "a session on a telephone": lambda e: e.kind == "signed_in" and bool(e.foreign_device) and not e.result,
    "an unknown device that failed": lambda e: (
        e.kind == "signed_in" and bool(e.foreign_device) and e.result == 50126
    ),
    "a denied prompt": lambda e: e.kind == "signed_in" and e.result == 500121,
    "a device code": lambda e: e.kind == "signed_in" and e.protocol == "deviceCode",
    "a rule that forwards": lambda e: (
        e.kind == "cloud_operated" and e.operation.endswith(("InboxRule", "InboxRules")) and "@" in e.target
    ),
    "a rule that was refused": lambda e: e.kind == "cloud_operated" and e.outcome == "denied",
    "a forwarded mail": lambda e: e.kind == "mailed" and e.forwarded_by is not None,
    "a consent": lambda e: e.kind == "cloud_operated" and e.operation == "Consent to application",
    "a bulk download": lambda e: e.kind == "cloud_operated" and "Download" in e.operation and e.items >= 300,
    "a factor registered": lambda e: (
        e.kind == "cloud_operated" and e.operation == "User registered security info"
    ),
    "a click on a phishing mail": lambda e: e.kind == "clicked" and e.threat == "Phish",
    "a form sent": lambda e: e.kind == "connected" and e.method == "POST" and e.outcome == "ok",
    "a form stopped": lambda e: e.kind == "connected" and e.method == "POST" and e.outcome == "denied",
    "an encoded command of an agent": lambda e: (
        e.kind == "started"
        and "-EncodedCommand" in e.command_line
        and e.parent in {"rmm_agent", "agentexecutor"}
    ),
    "a support tool": lambda e: e.kind == "started" and e.binary == "assist_download",
    "a copy of the directory": lambda e: (
        e.kind == "started" and e.binary in {"vssadmin", "ntdsutil", "wbadmin"} and e.parent == "backup_agent"
    ),
    "a service installed from afar": lambda e: e.kind == "started" and e.action == "ServiceInstalled",
    "a macro that starts a script": lambda e: (
        e.kind == "started"
        and e.parent == "excel"
        and e.binary in {"cscript", "wscript", "powershell", "cmd"}
    ),
    "many files at once": lambda e: e.kind == "file_used" and e.count >= 70,
    "a big upload": lambda e: e.kind == "connected" and e.bytes_out > 20_000_000 and e.outcome == "ok",
    "a withdrawn entry": lambda e: e.kind == "registered" and e.status == "withdrawn",
    "an expired entry": lambda e: e.kind == "registered" and e.status == "expired",
    "a denied call": lambda e: e.kind == "checked" and e.answer == "denied",
    "a confirmed call": lambda e: e.kind == "checked" and e.answer == "confirmed",
    "an approval": lambda e: e.kind == "ticket_written" and e.approval == "approved",
    "an approval refused": lambda e: (
        e.kind == "ticket_written" and e.approval in {"rejected", "withdrawn"} and bool(e.comment)
    ),
    "a forwarding asked for": lambda e: (
        e.kind == "ticket_written" and e.scope.startswith("mail forwarding to ")
    ),
    "many files copied on a machine": lambda e: (
        e.kind == "file_used" and e.action == "FileCopied" and e.origin is None and e.count >= 290
    ),
    "a site released": lambda e: (
        e.kind == "ticket_written" and e.record_type == "approval" and e.scope.endswith(", no other site")
    ),
    "a copy tool on record": lambda e: e.kind == "registered" and e.register == "copy tools",
    "an application that is not admitted": lambda e: (
        e.kind == "registered" and e.register == "applications" and e.status == "withdrawn" and bool(e.note)
    ),
    "where an application asks and reads from": lambda e: (
        e.kind == "registered" and e.register == "service addresses"
    ),
    "a hosted service on record": lambda e: e.kind == "registered" and e.register == "hosted services",
    "a page that asks for consent": lambda e: (
        e.kind == "connected" and e.uri == "/oauth2/authorize" and e.outcome == "ok"
    ),
    "such a page refused": lambda e: (
        e.kind == "connected" and e.uri == "/oauth2/authorize" and e.outcome == "denied"
    ),
    "an application turned away": lambda e: (
        e.kind == "cloud_operated" and e.operation == "MailItemsAccessed" and e.outcome == "denied"
    ),
    "a web form": lambda e: e.kind == "ticket_written" and e.contact == "web-form",
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("noise", ["desk", "soc"])
def test_every_form_that_a_case_can_have_is_in_the_routine(key: str, noise: Noise) -> None:
    events = all_events(key, noise)

    missing = [form for form, fits in FORMS.items() if not any(fits(event) for event in events)]
    assert not missing


def test_calls_have_all_answers_and_some_are_not_reached_at_first() -> None:
    answers = Counter(e.answer for key in KEYS for e in all_events(key, "soc") if e.kind == "checked")

    assert set(answers) == {"confirmed", "denied", "unreachable", "declined"}
    assert 0.1 < answers["unreachable"] / answers.total() < 0.4


@pytest.mark.parametrize("key", KEYS)
def test_nobody_approves_their_own_change(key: str) -> None:
    approvals = [e for e in all_events(key, "soc") if e.kind == "ticket_written" and e.approval == "approved"]

    assert approvals
    assert all(e.approver not in {e.assigned_to, e.requested_for} for e in approvals)


@pytest.mark.parametrize("key", KEYS)
def test_emergency_changes_are_opened_after_their_window(key: str) -> None:
    setting = Setting(key, "soc", site(key, "soc").today)
    changes = [e for e in all_events(key, "soc") if e.kind == "ticket_written" and e.state == "Assess"]

    late = {e.number for e in changes if setting.utc(e.at_ms) > e.starts}
    assert late == {e.number for e in changes if e.change_type == "emergency"}
    assert any(e.change_type == "standard" for e in changes)


@pytest.mark.parametrize("key", KEYS)
def test_desk_analysts_write_only_while_on_duty(key: str) -> None:
    for one in (*history_dates(key, "soc"), site(key, "soc").today):
        setting = Setting(key, "soc", one)
        away = {p.id for p in setting.people if not p.where.working and p.account.role == "desk_analyst"}
        written = [
            e.opened_by
            for e in all_events(key, "soc")
            if e.kind == "ticket_written" and 0 <= e.at_ms - setting.midnight < 86_400_000
        ]

        assert not away & set(written)


@pytest.mark.parametrize("key", KEYS)
def test_numbers_of_tickets_belong_to_one_ticket_and_rise(key: str) -> None:
    first: dict[str, tuple[int, str]] = {}
    for event in all_events(key, "soc"):
        if event.kind == "ticket_written" and event.number not in first:
            first[event.number] = (event.at_ms, event.requested_for)

    for prefix in ("INC", "IMS", "CHG"):
        opened = [number for number in first if number.startswith(prefix)]
        assert len(opened) > 5
        inversions = sum(earlier > later for earlier, later in pairwise(opened))
        assert inversions <= len(opened) // 4

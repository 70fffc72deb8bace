"""`careful`: follows the opening alert through trusted rows and contains only what they prove.

It imports nothing of the generator or its texts. It stops where records say that the activity was
authorised, and reports `unknown` where it found nothing.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.baselines.calls import contain, opened_at, opening_alert, query, report

OFFICE = ("WINWORD.EXE", "EXCEL.EXE", "POWERPNT.EXE")
COPIERS = ("robocopy.exe", "tar.exe", "7z.exe")
"""Programs whose own arguments say what was read; remarks in other command lines say nothing."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_URL = re.compile(r"https://([\w.-]+)/")
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


class Case(Frozen):
    """What the opening alert turned out to be about."""

    at: str
    """When it began."""
    host_id: str
    hostname: str
    user_id: str
    account: str
    domain: str
    parent: str
    """Parent of the process that began it."""


def careful(conversation: Conversation) -> tuple[Call, ...]:
    """The next call of the careful analyst."""
    alert = conversation.answer_to("fetch_alert")
    if alert is None:
        return (Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)}),)
    message = str(alert.row.get("message", ""))
    found = _TIME.search(message)
    if found is None:
        return (_inconclusive("The opening alert gives no time to start from."),)
    starts = conversation.answer_to("query_logs", 0)
    if starts is None:
        return (_processes_around(found[0]),)
    case = _case(starts.rows, message, found[0])
    if case is None:
        return (_inconclusive("No process explains the opening alert."),)
    around = conversation.answer_to("query_logs", 1)
    if around is None:
        return (_identity_and_network(case),)
    records = conversation.answer_to("query_logs", 2)
    if records is None:
        return (_records(case),)
    return _concluded(conversation, case, around.rows, records.rows)


def _concluded(
    conversation: Conversation, case: Case, around: list[dict[str, Any]], records: list[dict[str, Any]]
) -> tuple[Call, ...]:
    messages = [str(row["message"]) for row in records]
    now = opened_at(conversation)
    if any(_covers(message, case, now) for message in messages):
        return (report("benign", 0.95, "A change record covers host, account, destination and time."),)
    if not any(_disowned(message, case) for message in messages):
        return (_inconclusive("No record says whose session it was."),)
    for kind, name in (("user", case.account), ("host", case.hostname), ("domain", case.domain)):
        tool = contain(kind, name)
        if not conversation.calls_of(tool.tool):
            return (tool,)
    taken = conversation.answer_to("query_logs", 3)
    if taken is None:
        return (_files_read(case),)
    return (
        report(
            "malicious",
            0.95,
            f"{case.account} disowned the session on {case.hostname} that reached {case.domain}.",
            patient_zero_host=case.hostname,
            compromised_user=case.account,
            attacker_domain=case.domain,
            data_target=str(taken.rows[0]["path"]) if taken.rows else "unknown",
            initial_vector=_vector(case, around),
        ),
    )


def _case(rows: list[dict[str, Any]], message: str, at: str) -> Case | None:
    """The process at the alert's time that the alert names by host, account or domain."""
    near = []
    for row in rows:
        url = _URL.search(str(row["command_line"]))
        named = url and any(n in message for n in (row["hostname"], row["account"], url[1]))
        if url and named:
            near.append((abs(_time(str(row["created_at"])) - _time(at)), url[1], row))
    if not near:
        return None
    _, domain, row = min(near, key=lambda found: found[0])
    return Case(
        at=at,
        host_id=row["host_id"],
        hostname=row["hostname"],
        user_id=row["user_id"],
        account=row["account"],
        domain=domain,
        parent=row["parent_process"],
    )


def _covers(message: str, case: Case, now: str) -> bool:
    """Whether a change record covers the case: all three names, and a window from its start until now."""
    found = re.search(
        r"Account (\S+), host (\S+), destination (\S+)\. Window (\S+) to (\S+?)\.(?:\s|$)", message
    )
    if found is None:
        return False
    names, start, end = found.group(1, 2, 3), found[4], found[5]
    return names == (case.account, case.hostname, case.domain) and start <= case.at and now <= end


def _disowned(message: str, case: Case) -> bool:
    """Whether the user was asked about this very session and did not recognise it."""
    asked = f"{case.account} was asked about the session on {case.hostname} at {case.at} "
    return asked in message and "did not recognise" in message


def _vector(case: Case, around: list[dict[str, Any]]) -> str:
    if case.parent in OFFICE:
        return "malicious_attachment"
    ways = [(row["way"], row["result"], str(row["what"])) for row in around]
    if any(way == "oauth_grant" and f"publisher={case.domain}" in what for way, _, what in ways):
        return "oauth_consent"
    pushes = [result for way, result, _ in ways if way == "mfa_push"]
    if pushes.count("denied") >= 3 and "success" in pushes:
        return "mfa_fatigue"
    if any(way == "https-form" for way, _, _ in ways):
        return "credential_phish"
    return "unknown"


def _processes_around(at: str) -> Call:
    low, high = _shifted(at, -90), _shifted(at, 90)
    return query(
        f"""SELECT p.event_id, p.created_at, p.host_id, h.hostname, p.user_id, u.account, p.parent_process,
        p.command_line FROM process_events p JOIN hosts h ON h.host_id = p.host_id
        JOIN users u ON u.user_id = p.user_id
        WHERE p.created_at BETWEEN '{low}' AND '{high}' ORDER BY p.created_at"""
    )


def _identity_and_network(case: Case) -> Call:
    low, high = _shifted(case.at, -30), _shifted(case.at, 180)
    return query(
        f"""SELECT created_at, method AS way, result, detail AS what FROM auth_logs
        WHERE user_id = '{case.user_id}' AND host_id = '{case.host_id}'
        AND created_at BETWEEN '{low}' AND '{high}'
        UNION ALL SELECT created_at, protocol, verdict, dst_domain FROM netflow
        WHERE host_id = '{case.host_id}' AND dst_domain = '{case.domain}'
        AND created_at BETWEEN '{low}' AND '{high}' ORDER BY 1"""
    )


def _records(case: Case) -> Call:
    return query(
        f"""SELECT alert_id, created_at, rule, message FROM alerts
        WHERE rule IN ('call-back', 'change-record') AND created_at >= '{_shifted(case.at, -86_400)}'
        AND (instr(message, '{case.account}') OR instr(message, '{case.hostname}')
        OR instr(message, '{case.domain}')) ORDER BY created_at"""
    )


def _files_read(case: Case) -> Call:
    return query(
        f"""SELECT p.created_at, h.hostname, p.command_line, d.path FROM process_events p
        JOIN hosts h ON h.host_id = p.host_id JOIN data_assets d ON instr(p.command_line, d.path)
        WHERE p.user_id = '{case.user_id}' AND p.created_at >= '{case.at}'
        AND p.process_name IN ({", ".join(f"'{name}'" for name in COPIERS)}) ORDER BY p.created_at"""
    )


def _inconclusive(why: str) -> Call:
    return report("inconclusive", 0.05, why)


def _time(text: str) -> float:
    return datetime.strptime(text, _FORMAT).timestamp()


def _shifted(text: str, seconds: int) -> str:
    return (datetime.strptime(text, _FORMAT) + timedelta(seconds=seconds)).strftime(_FORMAT)

"""Cases about a machine: encoded PowerShell from the management agent."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
from opensec_inspect.incident.baselines.calls import query
from opensec_inspect.incident.settlement.procedure import (
    Finding,
    Manner,
    Procedure,
    Target,
    answers,
    checks_about,
    domain_of,
    quoted,
    settled,
    within,
)

Reading = Generator[Call, ToolAnswer, Finding]


def encoded_powershell(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The change that names the machine, the technician's console session, and where the script fetched."""
    start = (yield _row(alert)).rows[0]
    host = str(start["DeviceName"]).split(".", maxsplit=1)[0]
    changes = [row for row in (yield _changes(host)).rows if row["RecordType"] == "change_request"]
    technician = str(changes[-1]["Technician"]) if changes else ""
    requester = str(changes[-1]["WrittenBy"]) if changes else ""
    numbers = [str(row["Number"]) for row in changes]
    sessions = (yield _sessions(technician, str(start["timestamp"]))).rows
    session = str(sessions[-1]["SessionId"]) if sessions else ""
    yield from settled(
        lambda: _script(host, str(start["timestamp"]), numbers, requester, technician, session), manner
    )


def _script(
    host: str, since: str, numbers: list[str], requester: str, technician: str, session: str
) -> Reading:
    devices = (yield _devices(technician, session)).rows
    calls = (yield checks_about(numbers)).rows
    reached = (yield _fetched(host, since, technician)).rows
    places = [domain_of(str(row["ServerName"])) for row in reached if row["ServerName"]]
    allowed = [str(row["Object"]) for row in reached if row["Object"]]
    held = [str(row["Object"]) for row in devices if row["Object"]]
    authorised, own = answers(calls, numbers), within((str(r["DeviceId"]) for r in devices), held)
    in_scope = within(places, allowed)
    account = requester if authorised is False else technician if own is False else "none"
    domain = next((p for p in places if p not in allowed), "none") if in_scope is False else "none"
    targets = [Target(kind="host", name=host)]
    targets += [Target(kind="user", name=account)] if account != "none" else []
    targets += [Target(kind="domain", name=domain)] if domain != "none" else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        fields={
            "patient_zero_host": host,
            "compromised_user": account,
            "attacker_domain": domain,
            "data_target": "unknown",
            "initial_vector": "valid_account" if authorised is False else "remote_management",
        },
    )


def _row(alert: dict[str, Any]) -> Call:
    return query(f"""SELECT timestamp, DeviceName, AccountName, FileName, ProcessCommandLine,
        InitiatingProcessFileName FROM process_events WHERE event_id = {quoted(str(alert["EvidenceId"]))}""")


def _changes(host: str) -> Call:
    return query(f"""SELECT t.timestamp, t.Number, t.RecordType, t.State, t.WrittenBy, t.ConfigurationItem,
        t.Scope, t.StartsAt, t.EndsAt, t.Approver, t.Approval, u.email AS Technician FROM tickets t
        LEFT JOIN users u ON instr(t.AssignedTo, u.name) = 1
        WHERE t.ConfigurationItem = {quoted(host.upper())} AND t.RecordType IN ('change_request', 'approval')
        ORDER BY t.timestamp""")


def _sessions(who: str, until: str) -> Call:
    return query(f"""SELECT timestamp, UserPrincipalName, AppDisplayName, SessionId, IPAddress, Location
        FROM auth_logs WHERE UserPrincipalName = {quoted(who)} AND AppDisplayName LIKE '%Console'
        AND ResultType = 0 AND EventType = 'SigninInteractive' AND timestamp <= {quoted(until)}
        ORDER BY timestamp DESC LIMIT 1""")


def _devices(who: str, session: str) -> Call:
    return query(f"""SELECT a.timestamp, a.UserPrincipalName, a.SessionId, a.DeviceId, r.Party, r.Object
        FROM auth_logs a LEFT JOIN registers r ON r.Register = 'devices held'
        AND r.Party = a.UserPrincipalName AND r.Status = 'active'
        WHERE a.UserPrincipalName = {quoted(who)} AND a.SessionId = {quoted(session)}
        AND a.DeviceId <> '' ORDER BY a.timestamp DESC LIMIT 20""")


def _fetched(host: str, since: str, technician: str) -> Call:
    return query(f"""SELECT n.timestamp, n.DeviceName, n.ServerName, n.Uri, n.BytesIn, r.Party, r.Object
        FROM netflow n LEFT JOIN registers r ON r.Register = 'software sources'
        AND r.Party = {quoted(technician)} AND r.Status = 'active'
        WHERE n.DeviceName = {quoted(host.upper())} AND n.UserAgent LIKE '%PowerShell%'
        AND n.ProxyAction = 'allowed' AND n.timestamp BETWEEN {quoted(since)}
        AND strftime('%Y-%m-%dT%H:%M:%SZ', {quoted(since)}, '+20 minutes') ORDER BY n.timestamp""")

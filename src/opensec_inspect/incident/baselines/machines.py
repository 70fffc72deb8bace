"""Cases about a machine: encoded PowerShell from the management agent, beacon-like traffic."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
from opensec_inspect.incident.baselines.authority import allowed, words_about
from opensec_inspect.incident.baselines.calls import query
from opensec_inspect.incident.baselines.procedure import (
    Finding,
    Manner,
    Procedure,
    Rows,
    Target,
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


def beacon(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The request for the hosted service, who started the program, and where its larger upload went."""
    row = (yield _flow(alert)).rows[0]
    host, domain = str(row["DeviceName"]), domain_of(str(row["ServerName"]))
    about = (yield _requests(domain)).rows
    requests = [row for row in about if row["RecordType"] == "request"]
    owner = str(requests[-1]["WrittenBy"]) if requests else ""
    hosted = (yield _hosted(owner, domain)).rows
    program = str(hosted[-1]["Scope"]).split(" ", maxsplit=1)[0] if hosted else ""
    numbers = [str(one["Number"]) for one in requests]
    permitted = [str(one["Object"]) for one in hosted]
    yield from settled(
        lambda: _service(host, domain, numbers, program, permitted, str(row["timestamp"])), manner
    )


def _service(
    host: str, domain: str, numbers: list[str], program: str, permitted: list[str], since: str
) -> Reading:
    starts = (yield _starts(host, program)).rows
    said = (yield words_about(numbers)).rows
    sent = (yield _uploads(host, program.removesuffix(".exe"))).rows
    parents = [str(one["InitiatingProcessFileName"]) for one in starts]
    installers = [str(one["Object"]) for one in starts if one["Object"]]
    places = [domain_of(str(one["ServerName"])) for one in sent]
    authorised, own, in_scope = allowed(said, numbers), within(parents, installers), within(places, permitted)
    stopped = in_scope is False and not _let_out(sent, permitted)
    attackers = domain if authorised is False else "none"
    if in_scope is False:
        attackers = next(place for place in places if place not in permitted)
    targets = [Target(kind="host", name=host)]
    targets += [Target(kind="domain", name=attackers)] if attackers != "none" else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        stopped=stopped,
        taken=_files_read(host, since),
        fields={
            "patient_zero_host": "none" if stopped else host,
            "compromised_user": "none",
            "attacker_domain": attackers,
            "data_target": "none" if stopped else "unknown",
            "initial_vector": "malicious_attachment",
        },
    )


def _script(
    host: str, since: str, numbers: list[str], requester: str, technician: str, session: str
) -> Reading:
    devices = (yield _devices(technician, session)).rows
    said = (yield words_about(numbers)).rows
    reached = (yield _fetched(host, since, technician)).rows
    places = [domain_of(str(row["ServerName"])) for row in reached if row["ServerName"]]
    permitted = [str(row["Object"]) for row in reached if row["Object"]]
    held = [str(row["Object"]) for row in devices if row["Object"]]
    authorised, own = allowed(said, numbers), within((str(r["DeviceId"]) for r in devices), held)
    in_scope = within(places, permitted)
    stopped = in_scope is False and not _let_out(reached, permitted)
    account = requester if authorised is False else technician if own is False else "none"
    domain = next((p for p in places if p not in permitted), "none") if in_scope is False else "none"
    targets = [Target(kind="host", name=host)]
    targets += [Target(kind="user", name=account)] if account != "none" else []
    targets += [Target(kind="domain", name=domain)] if domain != "none" else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        stopped=stopped,
        taken=_files_read(host, since),
        fields={
            "patient_zero_host": "none" if stopped else host,
            "compromised_user": account,
            "attacker_domain": domain,
            "data_target": "none" if stopped else "unknown",
            "initial_vector": "valid_account" if authorised is False else "remote_management",
        },
    )


def _let_out(tried: Rows, permitted: list[str]) -> bool:
    """Whether a connection to a place that is not allowed came about."""
    return any(
        row["ProxyAction"] == "allowed" and domain_of(str(row["ServerName"])) not in permitted
        for row in tried
    )


def _files_read(host: str, since: str) -> Call:
    """Shares that were read in bulk from a machine since then, the most files first."""
    return query(f"""SELECT FolderPath AS place, max(FileCount) AS files FROM file_events
        WHERE SourceHost = {quoted(host.upper())} AND ActionType = 'FileRead' AND FileCount > 300
        AND timestamp >= {quoted(since)}
        GROUP BY FolderPath ORDER BY files DESC LIMIT 3""")


def _row(alert: dict[str, Any]) -> Call:
    return query(f"""SELECT timestamp, DeviceName, AccountName, FileName, ProcessCommandLine,
        InitiatingProcessFileName FROM process_events WHERE event_id = {quoted(str(alert["EvidenceId"]))}""")


def _changes(host: str) -> Call:
    return query(f"""SELECT t.timestamp, t.Number, t.RecordType, t.State, t.WrittenBy, t.ConfigurationItem,
        t.Scope, t.StartsAt, t.EndsAt, t.Approver, t.Approval, t.Description, u.email AS Technician
        FROM tickets t
        LEFT JOIN users u ON instr(t.AssignedTo, u.name) = 1
        WHERE t.ConfigurationItem = {quoted(host.upper())}
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
    return query(f"""SELECT n.timestamp, n.DeviceName, n.ServerName, n.Uri, n.ProxyAction, r.Party, r.Object
        FROM netflow n LEFT JOIN registers r ON r.Register = 'software sources'
        AND r.Party = {quoted(technician)} AND r.Status = 'active'
        WHERE n.DeviceName = {quoted(host.upper())} AND n.UserAgent LIKE '%PowerShell%'
        AND n.timestamp BETWEEN {quoted(since)}
        AND strftime('%Y-%m-%dT%H:%M:%SZ', {quoted(since)}, '+20 minutes') ORDER BY n.timestamp""")


def _flow(alert: dict[str, Any]) -> Call:
    return query(f"""SELECT timestamp, DeviceName, ServerName, BytesOut, BytesIn FROM netflow
        WHERE flow_id = {quoted(str(alert["EvidenceId"]))}""")


def _requests(domain: str) -> Call:
    return query(f"""SELECT timestamp, Number, RecordType, State, WrittenBy, ConfigurationItem, Scope,
        Description FROM tickets WHERE ConfigurationItem = {quoted(domain)} ORDER BY timestamp""")


def _hosted(owner: str, domain: str) -> Call:
    return query(f"""SELECT timestamp, Number, Party, Object, Scope, Status FROM registers
        WHERE Register = 'hosted services' AND Party = {quoted(owner)} AND Object = {quoted(domain)}
        AND Status = 'active' ORDER BY timestamp""")


def _starts(host: str, program: str) -> Call:
    return query(f"""SELECT p.timestamp, p.DeviceName, p.AccountName, p.FileName, p.InitiatingProcessFileName,
        r.Party, r.Object FROM process_events p LEFT JOIN registers r ON r.Register = 'software installers'
        AND r.Party = {quoted(host)} AND r.Status = 'active' WHERE p.FileName = {quoted(program)}
        AND p.DeviceName LIKE {quoted(host.lower() + ".%")} ORDER BY p.timestamp DESC LIMIT 20""")


def _uploads(host: str, program: str) -> Call:
    return query(f"""SELECT timestamp, DeviceName, ServerName, UserAgent, BytesOut, ProxyAction FROM netflow
        WHERE DeviceName = {quoted(host)} AND UserAgent LIKE {quoted(program + "%")}
        AND Method = 'POST' ORDER BY timestamp DESC LIMIT 20""")

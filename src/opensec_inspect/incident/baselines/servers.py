"""Cases about servers: services installed from afar, copies of the directory."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
from opensec_inspect.incident.baselines.calls import query
from opensec_inspect.incident.baselines.procedure import (
    Finding,
    Manner,
    Procedure,
    Rows,
    quoted,
    settled,
    within,
)
from opensec_inspect.incident.baselines.tools import decided, host_of, row_of, share_in, targets

Reading = Generator[Call, ToolAnswer, Finding]


def service_install(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The list of servers that was approved, where the log-ons came from, and what ran."""
    start = (yield row_of(alert)).rows[0]
    read = (yield _read_by(host_of(start))).rows
    yield from settled(lambda: _driven(start, read), manner)


def _driven(start: dict[str, Any], read: Rows) -> Reading:
    server = host_of(start)
    came = (yield _log_ons(str(start["DeviceName"]), str(start["timestamp"]), "privileged sessions")).rows
    account = str(came[0]["Mail"]) if came else ""
    numbers = [str(row["Scope"]) for row in came if row["Scope"]]
    lists = [row for row in (yield _lists(numbers, server)).rows if row["Number"] in numbers]
    ran = (yield _under_service(start)).rows
    listed = str(lists[-1]["Scope"]).split(", ") if lists else []
    sources = [str(row["SourceHost"]) for row in came]
    allowed = [str(row["Object"]) for row in came if row["Object"]]
    own = within(sources, allowed)
    programs = [str(row["Object"]) for row in ran if row["Object"]]
    in_scope = within((str(row["FileName"]) for row in ran), programs)
    source = sources[0] if sources else "none"
    hosts = [] if listed and server not in listed else [source] if own is False else [source, server]
    return Finding(
        authorised=server in listed if listed else None,
        own=own,
        in_scope=in_scope if came else None,
        targets=targets(("user", account), *(("host", host) for host in hosts)),
        fields={
            "patient_zero_host": source,
            "compromised_user": account,
            "attacker_domain": "none",
            "data_target": share_in(read),
            "initial_vector": "valid_account",
        },
    )


def directory_copy(alert: dict[str, Any], manner: Manner) -> Procedure:
    """Whether the job still belongs to this server, where the log-ons came from, and where the copy went."""
    start = (yield row_of(alert)).rows[0]
    account = (yield _account(str(start["AccountName"]))).rows
    mail = str(account[0]["email"]) if account else ""
    job = str(start["InitiatingProcessCommandLine"]).rpartition("--job ")[2].split(" ")[0]
    yield from settled(lambda: _copied(start, mail, job), manner)


def _copied(start: dict[str, Any], account: str, job: str) -> Reading:
    server = host_of(start)
    jobs = [row for row in (yield _jobs(job, server)).rows if row["Party"]]
    came = (yield _log_ons(str(start["DeviceName"]), str(start["timestamp"]), "service log-ons")).rows
    kept = (yield _landed(server, str(start["AccountName"]), account, str(start["timestamp"]))).rows
    sources = [str(row["SourceHost"]) for row in came]
    own = within(sources, [str(row["Object"]) for row in came if row["Object"]])
    landed = [row for row in kept if row["ActionType"] == "FileCreated"]
    places = [host_of(row) for row in landed]
    allowed = [str(row["Object"]) for row in landed if row["Object"]]
    in_scope = within(places, allowed) if came else None
    foreign = [place for place in places if place not in allowed]
    source = sources[0] if sources else "none"
    # Who must be contained follows from the log-ons: without them nothing is settled yet.
    authorised = decided(jobs, "Party", server) if came else None
    hosts = [] if authorised is False else [source] if own is False else [source, *foreign[:1]]
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=targets(("user", account), *(("host", host) for host in hosts)),
        fields={
            "patient_zero_host": source,
            "compromised_user": account,
            "attacker_domain": "none",
            "data_target": share_in([row for row in kept if row["ActionType"] == "FileRead"]),
            "initial_vector": "valid_account",
        },
    )


def _log_ons(machine: str, at: str, register: str) -> Call:
    """Log-ons over the network in the minutes before, and from where the account may log on."""
    return query(f"""SELECT a.timestamp, a.AccountName, a.DeviceName, a.SourceHost, u.email AS Mail, r.Party,
        r.Object, r.Scope FROM auth_logs a JOIN users u ON u.account = a.AccountName LEFT JOIN registers r
        ON r.Register = {quoted(register)} AND r.Party = u.email AND r.Status = 'active'
        AND (r.ValidUntil = '' OR r.ValidUntil >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        WHERE a.DeviceName = {quoted(machine)} AND a.EventType = 'LogonSuccess' AND a.LogonType = 3
        AND a.timestamp BETWEEN strftime('%Y-%m-%dT%H:%M:%SZ', {quoted(at)}, '-4 minutes') AND {quoted(at)}
        AND EXISTS (SELECT 1 FROM registers x WHERE x.Register = {quoted(register)} AND x.Party = u.email)
        ORDER BY a.timestamp""")


def _lists(numbers: list[str], server: str) -> Call:
    """The approvals of changes, with the servers that they name, and what else was written about this one."""
    listed = ", ".join(quoted(number) for number in sorted(set(numbers)))
    return query(f"""SELECT timestamp, Number, State, RequestedFor, Scope, Approver, Approval, EndsAt,
        Description FROM tickets WHERE Number IN ({listed or "''"}) AND Approval = 'approved'
        OR ConfigurationItem = {quoted(server)} AND Approval = '' ORDER BY timestamp""")


def _under_service(start: dict[str, Any]) -> Call:
    """What a service started, and what may be run from afar on its machine."""
    return query(f"""SELECT p.timestamp, p.DeviceName, p.FileName, p.ProcessCommandLine, r.Party, r.Object
        FROM process_events p LEFT JOIN registers r ON r.Register = 'maintenance programs'
        AND r.Party = {quoted(host_of(start))} AND r.Status = 'active'
        WHERE p.DeviceName = {quoted(str(start["DeviceName"]))}
        AND p.InitiatingProcessId = {int(start["ProcessId"])} ORDER BY p.timestamp""")


def _read_by(host: str) -> Call:
    """Folders of shares that a machine read for itself."""
    return query(f"""SELECT timestamp, AccountName, SourceHost, FolderPath, FileCount FROM file_events
        WHERE SourceHost = {quoted(host)} AND AccountName LIKE {quoted(f"%{host}$")}
        AND ActionType = 'FileRead' ORDER BY timestamp DESC LIMIT 12""")


def _account(name: str) -> Call:
    return query(f"SELECT user_id, name, email, account FROM users WHERE account = {quoted(name)}")


def _jobs(job: str, server: str) -> Call:
    """What the schedule says of a job, and what was written about its server."""
    return query(f"""SELECT timestamp, Number, Party, Object, Scope, ValidUntil, EnteredBy, Status
        FROM registers WHERE Register = 'backup schedule' AND Object = {quoted(job)} UNION ALL
        SELECT timestamp, Number, NULL, Summary, Description, NULL, WrittenBy, State FROM tickets
        WHERE ConfigurationItem = {quoted(server)} ORDER BY 1""")


def _landed(server: str, windows_name: str, account: str, since: str) -> Call:
    """What the account wrote elsewhere from the server since then, what it read, and where it may write."""
    return query(f"""SELECT f.timestamp, f.ActionType, f.DeviceName, f.AccountName, f.SourceHost,
        f.FolderPath, f.FileName, r.Party, r.Object FROM file_events f LEFT JOIN registers r
        ON r.Register = 'backup targets' AND r.Party = {quoted(account)} AND r.Status = 'active'
        WHERE f.SourceHost = {quoted(server)} AND f.AccountName = {quoted(windows_name)}
        AND f.ActionType IN ('FileCreated', 'FileRead') AND f.timestamp >= {quoted(since)}
        ORDER BY f.timestamp""")

"""Cases about many files that were fetched at once: bulk download."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
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

LIBRARY = "/Shared Documents"


def bulk_download(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The order to copy the site, the program that copied the files, and where they went."""
    answer = yield query(f"""SELECT timestamp, UserId, SessionId, Operation, ObjectId, ItemCount, DeviceName
        FROM cloud_audit WHERE audit_id = {quoted(str(alert["EvidenceId"]))}""")
    row = answer.rows[0] if answer.rows else {}
    who, site = str(row.get("UserId", "")), str(row.get("ObjectId", "")).removesuffix(LIBRARY)
    records = (yield _records(who)).rows
    host = str(records[0]["hostname"]) if records else ""
    programs = [str(r["Object"]) for r in records if r["Register"] == "copy tools"]
    places = [str(r["Object"]) for r in records if r["Register"] == "hosted services"]
    yield _began(who, host)
    yield _asked(places)
    since = str(row.get("timestamp", ""))
    yield from settled(lambda: _read(who, host, site, since, programs, places), manner)


def _read(
    who: str, host: str, site: str, since: str, programs: list[str], places: list[str]
) -> Generator[Call, ToolAnswer, Finding]:
    orders = (yield _orders(who, since)).rows
    copies = (yield _copies(host, since)).rows
    sent = (yield _sent(host, since)).rows
    authorised = within([site], (_site(row) for row in orders)) if orders else None
    own = within((str(row["InitiatingProcessFileName"]) for row in copies), programs)
    reached = [domain_of(str(row["ServerName"])) for row in sent]
    in_scope = within(reached, places)
    theirs = next((place for place in reached if place not in places), "none")
    stopped = in_scope is False and not _let_out(sent, places)
    targets = [Target(kind="user", name=who)] if own is not False else []
    if own is False or in_scope is False:
        targets.append(Target(kind="host", name=host))
    targets += [Target(kind="domain", name=theirs)] if in_scope is False else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        stopped=stopped,
        fields=_fields(who, host, site, theirs, machine=False in (own, in_scope), own=own, stopped=stopped),
    )


def _fields(
    who: str, host: str, site: str, theirs: str, *, machine: bool, own: bool | None, stopped: bool
) -> dict[str, str]:
    """The report of an incident; a stopped one took nothing and holds nobody."""
    return {
        "patient_zero_host": host if machine and not stopped else "none",
        "compromised_user": "none" if stopped or own is False else who,
        "attacker_domain": theirs,
        "data_target": "none" if stopped else site,
        "initial_vector": "malicious_attachment" if machine else "valid_account",
    }


def _site(order: dict[str, Any]) -> str:
    return str(order["Scope"]).partition(",")[0]


def _let_out(sent: Rows, places: list[str]) -> bool:
    """Whether something reached a place that is not on record."""
    return any(
        row["ProxyAction"] == "allowed" and domain_of(str(row["ServerName"])) not in places for row in sent
    )


def _records(who: str) -> Call:
    """The person's machine, and what may copy on it and where copies may go."""
    return query(f"""SELECT h.hostname, r.Register, r.Number, r.Party, r.Object, r.Scope FROM users u
        JOIN hosts h ON h.owner IN (u.user_id, u.email) LEFT JOIN registers r ON r.Party = h.hostname
        AND r.Register IN ('copy tools', 'hosted services') AND r.Status = 'active'
        WHERE u.email = {quoted(who)} ORDER BY h.hostname""")


def _began(who: str, host: str) -> Call:
    """How it may have begun: failed passwords of the account, attachments opened on the machine."""
    return query(f"""SELECT timestamp, UserPrincipalName AS party, ResultDescription AS what,
        IPAddress AS detail FROM auth_logs WHERE UserPrincipalName = {quoted(who)} AND ResultType = 50126
        UNION ALL SELECT timestamp, RecipientEmailAddress, AttachmentNames, SenderFromAddress FROM email_logs
        WHERE RecipientEmailAddress = {quoted(who)} AND AttachmentNames <> '' AND EmailDirection = 'Inbound'
        UNION ALL SELECT timestamp, DeviceName, FileName, ProcessCommandLine FROM process_events
        WHERE DeviceName LIKE {quoted(host.lower() + ".%")} AND InitiatingProcessFileName = 'OUTLOOK.EXE'
        ORDER BY 1 DESC LIMIT 30""")


def _asked(places: list[str]) -> Call:
    """What was written to the desk about the places that copies may go to."""
    listed = ", ".join(quoted(place) for place in places) or "''"
    return query(f"""SELECT timestamp, Number, WrittenBy, ConfigurationItem, Summary, Description FROM tickets
        WHERE ConfigurationItem IN ({listed}) ORDER BY timestamp DESC LIMIT 10""")


def _orders(who: str, at: str) -> Call:
    """What was released under the orders to this person that run at the time."""
    return query(f"""SELECT t.timestamp, t.Number, t.WrittenBy, t.RequestedFor, t.StartsAt, t.EndsAt,
        a.Approver, a.Approval, a.Scope FROM tickets t JOIN users u ON instr(t.RequestedFor, u.name) = 1
        JOIN tickets a ON a.Number = t.Number AND a.Approval = 'approved' AND a.Scope LIKE '%, no other site'
        WHERE u.email = {quoted(who)} AND {quoted(at)} BETWEEN t.StartsAt AND t.EndsAt
        ORDER BY t.timestamp""")


def _copies(host: str, since: str) -> Call:
    return query(f"""SELECT timestamp, DeviceName, AccountName, ActionType, FolderPath, FileCount,
        InitiatingProcessFileName FROM file_events WHERE DeviceName LIKE {quoted(host.lower() + ".%")}
        AND ActionType = 'FileCopied' AND timestamp >= {quoted(since)} ORDER BY timestamp""")


def _sent(host: str, since: str) -> Call:
    return query(f"""SELECT timestamp, DeviceName, ServerName, Method, UserAgent, BytesOut, ProxyAction
        FROM netflow WHERE DeviceName = {quoted(host)} AND Method = 'POST' AND UserAgent LIKE 'rclone%'
        AND timestamp >= {quoted(since)} ORDER BY timestamp""")

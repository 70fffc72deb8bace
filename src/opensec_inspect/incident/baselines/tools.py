"""Cases about a tool on somebody's machine: scripts of workbooks, remote support."""

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

Reading = Generator[Call, ToolAnswer, Finding]


def office_script(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The release that ran, who saved the workbook, and where the add-in signed in."""
    start = (yield row_of(alert)).rows[0]
    host, person, book = host_of(start), str(start["AccountName"]), str(start["InitiatingProcessCommandLine"])
    ran = (yield _children(start)).rows
    addin = ran[0] if ran else {}
    name = str(addin.get("FileName", "")).removesuffix(".exe")
    seen = (yield _sent_and_read(person, host, name)).rows
    path = book.strip('"').split('" "')[-1]
    yield from settled(lambda: _workbook(host, addin, path, seen), manner)


def _workbook(host: str, addin: dict[str, Any], path: str, seen: Rows) -> Reading:
    folder, _, book = path.rpartition("\\")
    program, digest = str(addin.get("FileName", "")), str(addin.get("SHA256", ""))
    releases = (yield _entries("software", digest)).rows
    saved = (yield _saved(folder, book)).rows
    sent = (yield _sent(host, program)).rows
    authorised = decided(releases, "Object", digest)
    writers = [str(row["AccountName"]).split("\\")[-1] for row in saved]
    keepers = [str(row["Keeper"]).split("\\")[-1] for row in saved if row["Keeper"]]
    own = within(writers, keepers)
    allowed = [str(row["Object"]) for row in sent if row["Object"]]
    in_scope = within((domain_of(str(row["ServerName"])) for row in sent), allowed)
    out = [row for row in sent if domain_of(str(row["ServerName"])) not in allowed]
    stopped = in_scope is False and not any(row["ProxyAction"] == "allowed" for row in out)
    domain = domain_of(str(out[0]["ServerName"])) if in_scope is False else "none"
    source = str(saved[0]["SourceHost"]) if saved and own is False else "none"
    account = writers[0] if own is False else str(addin["AccountName"]) if domain != "none" else "none"
    mailed = own is not False
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        stopped=stopped,
        targets=targets(("host", host), ("host", source), ("user", account), ("domain", domain)),
        fields={
            "patient_zero_host": "none" if stopped else source if source != "none" else host,
            "compromised_user": "none" if stopped else account,
            "attacker_domain": domain,
            "data_target": "none" if stopped else share_in(seen),
            "initial_vector": "malicious_attachment" if mailed else "valid_account",
        },
    )


def targets(*named: tuple[str, str]) -> tuple[Target, ...]:
    """What is to be contained, in this order; `none` and the empty name are left out."""
    return tuple(Target(kind=kind, name=name) for kind, name in named if name not in ("none", ""))


def decided(entries: Rows, column: str, value: str) -> bool | None:
    """What the latest line about a value says: active clears, withdrawn or closed condemns.

    None while there is no line of today.
    """
    about = [row for row in entries if row[column] == value]
    if len(about) < 2:
        return None
    return str(about[-1]["Status"]) == "active"


def share_in(rows: Rows) -> str:
    """The share that was read, of rows that name folders."""
    folders = [str(row["FolderPath"]) for row in rows if str(row["FolderPath"] or "").startswith("\\\\")]
    return "\\".join(folders[0].split("\\")[:4]) if folders else "unknown"


def host_of(row: dict[str, Any]) -> str:
    """The hostname of a row's machine."""
    return str(row["DeviceName"]).split(".", maxsplit=1)[0].upper()


def row_of(alert: dict[str, Any]) -> Call:
    """The process that the alert was raised on."""
    return query(f"""SELECT timestamp, DeviceName, AccountName, FileName, ProcessId, ProcessCommandLine,
        InitiatingProcessFileName, InitiatingProcessCommandLine FROM process_events
        WHERE event_id = {quoted(str(alert["EvidenceId"]))}""")


def _children(start: dict[str, Any]) -> Call:
    """What the started program started in turn."""
    return query(f"""SELECT timestamp, DeviceName, AccountName, FileName, SHA256, Signer, ProcessCommandLine
        FROM process_events WHERE DeviceName = {quoted(str(start["DeviceName"]))}
        AND InitiatingProcessId = {int(start["ProcessId"])}
        AND timestamp >= {quoted(str(start["timestamp"]))} ORDER BY timestamp LIMIT 20""")


def _entries(register: str, object_: str) -> Call:
    return query(f"""SELECT timestamp, Number, Party, Object, Scope, ValidUntil, EnteredBy, Status
        FROM registers WHERE Register = {quoted(register)} AND Object = {quoted(object_)}
        ORDER BY timestamp""")


def _saved(folder: str, book: str) -> Call:
    """Who saved a file, and who may save in its folder."""
    return query(f"""SELECT f.timestamp, f.AccountName, f.SourceHost, f.FolderPath, f.FileName, r.Party,
        r.Object, u.account AS Keeper FROM file_events f LEFT JOIN registers r
        ON r.Register = 'workbook keepers' AND r.Object = f.FolderPath AND r.Status = 'active'
        LEFT JOIN users u ON u.email = r.Party WHERE f.ActionType = 'FileCreated'
        AND f.FolderPath = {quoted(folder)} AND f.FileName = {quoted(book)} ORDER BY f.timestamp""")


def _sent(host: str, program: str) -> Call:
    return query(f"""SELECT n.timestamp, n.DeviceName, n.ServerName, n.Uri, n.ProxyAction, r.Party, r.Object
        FROM netflow n LEFT JOIN registers r ON r.Register = 'hosted services' AND r.Status = 'active'
        AND r.Scope LIKE {quoted(program + " %")} WHERE n.DeviceName = {quoted(host)} AND n.Method = 'POST'
        AND n.UserAgent LIKE {quoted(program.removesuffix(".exe") + "/%")} ORDER BY n.timestamp""")


def _sent_and_read(person: str, host: str, program: str) -> Call:
    """What the maker of the program wrote to the person, and the shares read from the machine today."""
    return query(f"""SELECT e.timestamp, e.RecipientEmailAddress, e.AttachmentNames, e.Body,
        NULL AS SourceHost, NULL AS FolderPath, NULL AS FileCount FROM email_logs b
        JOIN users u ON u.email = b.RecipientEmailAddress
        JOIN email_logs e ON e.RecipientEmailAddress = b.RecipientEmailAddress
        AND substr(e.SenderFromAddress, instr(e.SenderFromAddress, '@'))
        = substr(b.SenderFromAddress, instr(b.SenderFromAddress, '@')) WHERE u.account = {quoted(person)}
        AND b.AttachmentNames LIKE {quoted(program + "%")} UNION ALL
        SELECT timestamp, NULL, NULL, NULL, SourceHost, FolderPath, FileCount FROM file_events
        WHERE SourceHost = {quoted(host)} AND ActionType = 'FileRead' AND AccountName = {quoted(person)}
        ORDER BY 1 DESC LIMIT 12""")


def remote_support_tool(alert: dict[str, Any], manner: Manner) -> Procedure:
    """What the owner answered on the ticket, where the tool came from, and what ran in the session."""
    start = (yield row_of(alert)).rows[0]
    host, person = host_of(start), str(start["AccountName"])
    session = (yield _session(host)).rows
    line = "".join(str(start["ProcessCommandLine"]).split())
    here = [row for row in session if str(row["Object"]).replace(" ", "") in line]
    entry = here[-1] if here else {}
    read = (yield _read_from(host, person)).rows
    yield from settled(lambda: _support(host, start, entry, read), manner)


def _support(host: str, start: dict[str, Any], entry: dict[str, Any], read: Rows) -> Reading:
    ticket, analyst = str(entry.get("Scope", "")), str(entry.get("EnteredBy", ""))
    written = (yield _approvals(ticket, host)).rows
    answers = [str(row["Approval"]) for row in written if row["Number"] == ticket]
    fetched = (yield _fetched(host, analyst, str(start["FileName"]), str(start["timestamp"]))).rows
    ran = (yield _in_session(start, analyst)).rows
    authorised = False if "rejected" in answers else True if "approved" in answers else None
    sources = [str(row["Object"]) for row in fetched if row["Object"]]
    own = within((domain_of(str(row["ServerName"])) for row in fetched), sources)
    in_scope = within((str(r["SHA256"]) for r in ran), [str(r["Object"]) for r in ran if r["Object"]])
    foreign = [d for row in fetched if (d := domain_of(str(row["ServerName"]))) not in sources]
    domain = foreign[0] if own is False else "none"
    account = str(start["AccountName"]) if own is False else analyst
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=targets(("host", host), ("user", account), ("domain", domain)),
        fields={
            "patient_zero_host": host,
            "compromised_user": account,
            "attacker_domain": domain,
            "data_target": share_in(read),
            "initial_vector": "remote_management" if own is False else "valid_account",
        },
    )


def _session(host: str) -> Call:
    return query(f"""SELECT timestamp, Number, Party, Object, Scope, EnteredBy, Status FROM registers
        WHERE Register = 'remote support sessions' AND Party = {quoted(host)} ORDER BY timestamp""")


def _read_from(host: str, person: str) -> Call:
    """Folders of shares that an account read from a machine."""
    return query(f"""SELECT timestamp, AccountName, SourceHost, FolderPath, FileCount FROM file_events
        WHERE SourceHost = {quoted(host)} AND AccountName = {quoted(person)} AND ActionType = 'FileRead'
        ORDER BY timestamp DESC LIMIT 12""")


def _approvals(number: str, host: str) -> Call:
    """The lines of a ticket, and what else was written about the machine."""
    return query(f"""SELECT timestamp, Number, State, WrittenBy, RequestedFor, ConfigurationItem, Approver,
        Approval, Comment, Description FROM tickets WHERE Number = {quoted(number)}
        OR ConfigurationItem = {quoted(host)} ORDER BY timestamp""")


def _fetched(host: str, analyst: str, program: str, until: str) -> Call:
    """Where the tool and the sign-in for it went in the hour before, and where the desk fetches it from."""
    return query(f"""SELECT n.timestamp, n.DeviceName, n.ServerName, n.Method, n.Uri, n.ProxyAction, r.Party,
        r.Object FROM netflow n LEFT JOIN registers r ON r.Register = 'software sources'
        AND r.Party = {quoted(analyst)} AND r.Status = 'active' WHERE n.DeviceName = {quoted(host)}
        AND n.Uri IN ('/account/sign-in', {quoted("/quick/" + program)}) AND n.timestamp BETWEEN
        strftime('%Y-%m-%dT%H:%M:%SZ', {quoted(until)}, '-60 minutes') AND {quoted(until)}
        ORDER BY n.timestamp""")


def _in_session(start: dict[str, Any], analyst: str) -> Call:
    """What the tool started, and what the analyst may run."""
    return query(f"""SELECT p.timestamp, p.DeviceName, p.AccountName, p.FileName, p.SHA256, p.Signer, r.Party,
        r.Object FROM process_events p LEFT JOIN registers r ON r.Register = 'support toolkit'
        AND r.Party = {quoted(analyst)} AND r.Status = 'active'
        WHERE p.DeviceName = {quoted(str(start["DeviceName"]))}
        AND p.InitiatingProcessId = {int(start["ProcessId"])} ORDER BY p.timestamp""")

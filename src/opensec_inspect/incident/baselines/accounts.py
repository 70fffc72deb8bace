"""Cases about an account: unfamiliar sign-in, repeated MFA prompts."""

from collections.abc import Generator
from datetime import datetime, timedelta
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


def unfamiliar_sign_in(alert: dict[str, Any], manner: Manner) -> Procedure:
    """Travel booking, device held, and where the session's mail rules send to."""
    who, session, sign_in = yield from _session(alert)
    place = str(sign_in.get("Location", ""))
    records = (yield _registers(who)).rows
    clicks = (yield _mails(who, _days_before(sign_in, 4))).rows
    covering = [r["Number"] for r in records if r["Register"] == "travel" and _covers(r, place, sign_in)]
    yield from settled(
        lambda: _read(who, session, records, covering, clicks, "Target", "credential_phish"), manner
    )


def mfa_prompts(alert: dict[str, Any], manner: Manner) -> Procedure:
    """Desk ticket, device held, and the factor that the session registered."""
    prompts = (yield _prompts(str(alert["EvidenceId"]))).rows
    denial = prompts[0] if prompts else {}
    who = str(denial.get("UserPrincipalName", ""))
    session = next((str(p["SessionId"]) for p in prompts if p["ResultType"] == 0), "")
    records = (yield _registers(who)).rows
    tickets = (yield _tickets(who)).rows
    yield _mails(who, _days_before(denial, 1))
    covering = [t["Number"] for t in tickets if t["Scope"] == "factor registration"]
    yield from settled(lambda: _read(who, session, records, covering, [], "ObjectId", "mfa_fatigue"), manner)


def _session(alert: dict[str, Any]) -> Generator[Call, ToolAnswer, tuple[str, str, dict[str, Any]]]:
    """Account, session and row of the sign-in the alert was raised on."""
    answer = yield query(f"""SELECT timestamp, UserPrincipalName, SessionId, IPAddress, Location, DeviceId
        FROM auth_logs WHERE auth_id = {quoted(str(alert["EvidenceId"]))}""")
    row = answer.rows[0] if answer.rows else {}
    return str(row.get("UserPrincipalName", "")), str(row.get("SessionId", "")), row


def _read(
    who: str, session: str, records: Rows, covering: list[str], clicks: Rows, object_: str, vector: str
) -> Reading:
    devices = (yield _devices(who, session)).rows
    said = (yield words_about(covering)).rows
    done = (yield _operations(who, session)).rows
    targets = [str(row[object_]) for row in done if _matters(row, object_)]
    permitted = _permitted(records, "mail forwarding" if object_ == "Target" else "authenticators")
    outside = [domain_of(t) for t in targets] if object_ == "Target" else targets
    in_scope = within(outside, permitted)
    contained = [Target(kind="user", name=who)]
    domain = _newest(clicks)
    if object_ == "Target" and in_scope is False:
        domain = next(d for d in outside if d not in permitted)
        contained.append(Target(kind="domain", name=domain))
    return Finding(
        authorised=allowed(said, covering),
        own=within((str(row["DeviceId"]) for row in devices), _permitted(records, "devices held")),
        in_scope=in_scope,
        targets=tuple(contained),
        taken=mail_read(who),
        fields={
            "patient_zero_host": "none",
            "compromised_user": who,
            "attacker_domain": domain,
            "data_target": "unknown",
            "initial_vector": vector,
        },
    )


def _days_before(row: dict[str, Any], days: int) -> str:
    at = datetime.strptime(str(row["timestamp"])[:19], "%Y-%m-%dT%H:%M:%S")
    return (at - timedelta(days=days)).strftime("%Y-%m-%d")


def _covers(record: dict[str, Any], place: str, sign_in: dict[str, Any]) -> bool:
    """Whether a booking is for the day of the sign-in; the country is compared where the record names one."""
    day = str(sign_in.get("timestamp", ""))[:10]
    return str(record["ValidFrom"])[:10] <= day <= str(record["ValidUntil"])[:10]


def _matters(row: dict[str, Any], object_: str) -> bool:
    if row["ResultStatus"] != "Succeeded":
        return False
    if object_ == "Target":
        return row["Operation"] in ("New-InboxRule", "Set-InboxRule") and "@" in str(row["Target"])
    return str(row["Operation"]) == "User registered security info"


def _permitted(records: Rows, register: str) -> list[str]:
    return [str(r["Object"]) for r in records if r["Register"] == register and r["Status"] == "active"]


def _newest(clicks: Rows) -> str:
    """Of the outside pages the person opened by mail, the one whose domain was registered last."""
    dated = [(str(row["registered_on"]), str(row["domain"])) for row in clicks if row["domain"]]
    return max(dated)[1] if dated else "none"


def mail_read(who: str) -> Call:
    """Mailboxes that were read in bulk from this account, the most first."""
    return query(f"""SELECT ObjectId AS place, max(ItemCount) AS items FROM cloud_audit
        WHERE UserId = {quoted(who)} AND Operation = 'MailItemsAccessed' AND ItemCount > 400
        GROUP BY ObjectId ORDER BY items DESC LIMIT 3""")


def _registers(who: str) -> Call:
    return query(f"""SELECT Register, Number, Party, Object, Scope, ValidFrom, ValidUntil, EnteredBy, Status
        FROM registers WHERE Party = {quoted(who)} ORDER BY ValidFrom DESC""")


def _tickets(who: str) -> Call:
    return query(f"""SELECT t.timestamp, t.Number, t.RecordType, t.State, t.WrittenBy, t.Scope, t.Summary
        FROM tickets t JOIN users u ON instr(t.RequestedFor, u.name) = 1
        WHERE u.email = {quoted(who)} AND t.RecordType IN ('interaction', 'request')
        ORDER BY t.timestamp DESC LIMIT 20""")


def _prompts(denial: str) -> Call:
    """The denial the alert was raised on, and the account's later prompts and sign-ins."""
    return query(f"""SELECT s.timestamp, s.UserPrincipalName, s.SessionId, s.IPAddress, s.ResultType
        FROM auth_logs d JOIN auth_logs s ON s.UserPrincipalName = d.UserPrincipalName
        AND s.timestamp >= d.timestamp AND s.EventType = 'SigninInteractive'
        WHERE d.auth_id = {quoted(denial)} ORDER BY s.timestamp LIMIT 12""")


def _mails(who: str, since: str) -> Call:
    """What came to the person lately, and the outside pages they opened from it."""
    return query(f"""SELECT e.timestamp, e.EventType, e.RecipientEmailAddress, e.SenderFromAddress, e.Subject,
        e.Body, e.ClickedUrl, d.domain, d.registered_on FROM email_logs e LEFT JOIN domains d
        ON e.EventType = 'UrlClick' AND d.category = 'unknown'
        AND (instr(e.ClickedUrl, '.' || d.domain || '/') OR instr(e.ClickedUrl, '/' || d.domain || '/'))
        WHERE e.RecipientEmailAddress = {quoted(who)} AND e.timestamp >= {quoted(since)}
        AND (e.EventType = 'UrlClick' OR e.EmailDirection = 'Inbound')
        ORDER BY e.timestamp DESC LIMIT 30""")


def _devices(who: str, session: str) -> Call:
    return query(f"""SELECT timestamp, UserPrincipalName, SessionId, DeviceId, DeviceName FROM auth_logs
        WHERE UserPrincipalName = {quoted(who)} AND SessionId = {quoted(session)} AND DeviceId <> ''
        AND ResultType = 0 ORDER BY timestamp DESC LIMIT 20""")


def _operations(who: str, session: str) -> Call:
    return query(f"""SELECT timestamp, UserId, SessionId, Operation, ObjectId, Target, ResultStatus, ItemCount
        FROM cloud_audit WHERE UserId = {quoted(who)} AND SessionId = {quoted(session)}
        AND Operation <> 'MailItemsAccessed' ORDER BY timestamp""")

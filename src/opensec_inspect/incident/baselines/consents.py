"""Cases about applications that were let into mailboxes: consent to an application."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
from opensec_inspect.incident.baselines.accounts import mail_read
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


class _App:
    """The application of the alert, and what is on record about its name."""

    def __init__(self, consent: dict[str, Any], records: Rows, consents: Rows) -> None:
        self.id, self.name = str(consent.get("ObjectId", "")), str(consent.get("Label", ""))
        self.who, self.at = str(consent.get("UserId", "")), str(consent.get("timestamp", ""))
        self.pages = [str(r["Object"]) for r in records if r["Register"] == "hosted services"]
        self.addresses = [str(r["Object"]) for r in records if r["Register"] == "service addresses"]
        self.others = [str(r["UserId"]) for r in consents if r["UserId"] != self.who]


def app_consent(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The intake of this very registration, the page that asked, and where the application reads from."""
    said = yield query(f"""SELECT timestamp, UserId, SessionId, Operation, ObjectId, Target, Label, DeviceName
        FROM cloud_audit WHERE audit_id = {quoted(str(alert["EvidenceId"]))}""")
    consent = said.rows[0] if said.rows else {}
    records = (yield _records(str(consent.get("Label", "")))).rows
    consents = (yield _consents(str(consent.get("ObjectId", "")))).rows
    app = _App(consent, records, consents)
    yield _mails(app)
    yield from settled(lambda: _read(app), manner)


def _read(app: _App) -> Generator[Call, ToolAnswer, Finding]:
    entries = (yield _registrations(app)).rows
    pages = (yield _pages(app)).rows
    reads = (yield _reads(app)).rows
    said = {row["Status"] for row in entries}
    authorised = False if "withdrawn" in said else True if "active" in said else None
    places = [domain_of(str(row["ServerName"])) for row in pages]
    own = within(places, app.pages)
    in_scope = within((str(row["ClientIP"]) for row in reads), app.addresses)
    theirs = "none"
    if authorised is False:
        theirs = next(iter(app.pages), "none")
    elif own is False:
        theirs = next(place for place in places if place not in app.pages)
    people = [app.who, *(app.others if authorised is False else ())]
    targets = [Target(kind="user", name=who) for who in people]
    targets += [Target(kind="domain", name=theirs)] if theirs != "none" else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        taken=mail_read(app.who),
        fields={
            "patient_zero_host": "none",
            "compromised_user": app.who,
            "attacker_domain": theirs,
            "data_target": "unknown",
            "initial_vector": "oauth_consent",
        },
    )


def _records(name: str) -> Call:
    """Where the application may ask for consent and read from, by its name."""
    return query(f"""SELECT timestamp, Register, Number, Party, Object, Scope, Status FROM registers
        WHERE Register IN ('hosted services', 'service addresses') AND Status = 'active'
        AND instr(Scope, {quoted(name)}) = 1 ORDER BY timestamp""")


def _consents(app_id: str) -> Call:
    """Everybody who consented to the same registration."""
    return query(f"""SELECT timestamp, UserId, Operation, ObjectId, Label, ResultStatus FROM cloud_audit
        WHERE Operation = 'Consent to application' AND ObjectId = {quoted(app_id)}
        AND ResultStatus = 'Succeeded' ORDER BY timestamp""")


def _mails(app: _App) -> Call:
    """What the vendor wrote to the person."""
    senders = " OR ".join(f"SenderFromAddress LIKE {quoted('%@' + page)}" for page in app.pages) or "0"
    return query(f"""SELECT timestamp, SenderFromAddress, RecipientEmailAddress, Subject, Body FROM email_logs
        WHERE RecipientEmailAddress = {quoted(app.who)} AND ({senders}) ORDER BY timestamp DESC LIMIT 10""")


def _registrations(app: _App) -> Call:
    return query(f"""SELECT timestamp, Number, Party, Object, Scope, EnteredBy, Status, Note FROM registers
        WHERE Register = 'applications' AND Object = {quoted(app.id)} ORDER BY timestamp""")


def _pages(app: _App) -> Call:
    """Pages that asked the person's machine for consent in the quarter of an hour before it was given."""
    return query(f"""SELECT n.timestamp, n.DeviceName, n.ServerName, n.Method, n.Uri, n.ProxyAction
        FROM netflow n JOIN hosts h ON h.hostname = n.DeviceName
        JOIN users u ON h.owner IN (u.user_id, u.email)
        WHERE u.email = {quoted(app.who)} AND n.Uri LIKE '%/authorize%' AND n.ProxyAction = 'allowed'
        AND n.timestamp BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ', {quoted(app.at)}, '-15 minutes')
        AND {quoted(app.at)} ORDER BY n.timestamp""")


def _reads(app: _App) -> Call:
    return query(f"""SELECT timestamp, UserId, ClientIP, AppDisplayName, Operation, ObjectId, ItemCount
        FROM cloud_audit WHERE UserId = {quoted(app.who)} AND AppDisplayName = {quoted(app.name)}
        AND ResultStatus = 'Succeeded' AND timestamp >= {quoted(app.at)} ORDER BY timestamp LIMIT 60""")

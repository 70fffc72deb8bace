"""Cases about mail that is sent on: inbox rule."""

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

GRANTED, REFUSED = ("approved",), ("rejected", "withdrawn")


def inbox_rule(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The owner's manager about the request, the session's device, and where the rule goes by now."""
    answer = yield query(f"""SELECT timestamp, UserId, SessionId, Operation, ObjectId, Target, ClientIP
        FROM cloud_audit WHERE audit_id = {quoted(str(alert["EvidenceId"]))}""")
    rule = answer.rows[0] if answer.rows else {}
    who, session = str(rule.get("UserId", "")), str(rule.get("SessionId", ""))
    firm = domain_of(str(rule.get("Target", "")))
    yield _mails(who, firm)
    yield from settled(lambda: _read(who, session, firm), manner)


def approved(lines: Rows, who: str) -> bool | None:
    """What somebody other than the account in question answered to requests: a refusal counts."""
    said = {line["Approval"] for line in lines if line["WrittenBy"] == line["Approver"] != who}
    if said & set(REFUSED):
        return False
    return True if said & set(GRANTED) else None


def _read(who: str, session: str, firm: str) -> Generator[Call, ToolAnswer, Finding]:
    lines = (yield _requests(who, firm)).rows
    rules = (yield _rules(who, session)).rows
    devices = (yield devices_of(who, session)).rows
    allowed = [str(line["Scope"]).rpartition(" ")[2] for line in lines]
    places = [domain_of(str(row["Target"])) for row in rules]
    authorised, in_scope = approved(lines, who), within(places[-1:], allowed) if len(places) > 1 else None
    own = within(
        (str(row["DeviceId"]) for row in devices), (str(r["Object"]) for r in devices if r["Object"])
    )
    theirs = firm if authorised is False else places[-1] if in_scope is False else "none"
    targets = [Target(kind="user", name=who)]
    targets += [Target(kind="domain", name=theirs)] if theirs != "none" else []
    return Finding(
        authorised=authorised,
        own=own,
        in_scope=in_scope,
        targets=tuple(targets),
        taken=mail_read(who),
        fields={
            "patient_zero_host": "none",
            "compromised_user": who,
            "attacker_domain": theirs,
            "data_target": "unknown",
            "initial_vector": "valid_account",
        },
    )


def _mails(who: str, firm: str) -> Call:
    """What came to the person from the company lately, and failed sign-ins, in one answer."""
    return query(f"""SELECT timestamp, SenderFromAddress AS origin, Subject, Body FROM email_logs
        WHERE RecipientEmailAddress = {quoted(who)} AND SenderFromAddress LIKE {quoted("%@" + firm)}
        UNION ALL SELECT timestamp, IPAddress, ResultDescription, UserPrincipalName FROM auth_logs
        WHERE UserPrincipalName = {quoted(who)} AND ResultType = 50126 ORDER BY 1 DESC LIMIT 20""")


def _requests(who: str, firm: str) -> Call:
    return query(f"""SELECT timestamp, Number, RecordType, State, WrittenBy, ConfigurationItem, Scope,
        Approver, Approval, Comment, Description FROM tickets WHERE ConfigurationItem = {quoted(who)}
        AND Scope = {quoted("mail forwarding to " + firm)} ORDER BY timestamp""")


def _rules(who: str, session: str) -> Call:
    return query(f"""SELECT timestamp, UserId, SessionId, Operation, ObjectId, Target, ResultStatus
        FROM cloud_audit WHERE UserId = {quoted(who)} AND SessionId = {quoted(session)}
        AND Target LIKE '%@%' AND ResultStatus = 'Succeeded' ORDER BY timestamp""")


def devices_of(who: str, session: str) -> Call:
    """The devices that a session's renewals show, beside what the person holds by the register."""
    return query(f"""SELECT a.timestamp, a.UserPrincipalName, a.SessionId, a.DeviceId, r.Party, r.Object
        FROM auth_logs a LEFT JOIN registers r ON r.Register = 'devices held'
        AND r.Party = a.UserPrincipalName AND r.Status = 'active'
        WHERE a.UserPrincipalName = {quoted(who)} AND a.SessionId = {quoted(session)}
        AND a.DeviceId <> '' AND a.ResultType = 0 ORDER BY a.timestamp DESC LIMIT 20""")

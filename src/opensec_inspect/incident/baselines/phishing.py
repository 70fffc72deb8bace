"""Cases about a mail: phishing click."""

from collections.abc import Generator
from typing import Any

from opensec_inspect.core.conversation import Call, ToolAnswer
from opensec_inspect.incident.baselines.accounts import mail_read
from opensec_inspect.incident.baselines.authority import allowed, words_about
from opensec_inspect.incident.baselines.calls import query
from opensec_inspect.incident.baselines.procedure import (
    Finding,
    Manner,
    Procedure,
    Target,
    domain_of,
    quoted,
    settled,
    within,
)


def phishing_click(alert: dict[str, Any], manner: Manner) -> Procedure:
    """The campaign's record and owner, the mail's server, and where the form went."""
    found = yield query(f"""SELECT timestamp, NetworkMessageId, RecipientEmailAddress, ClickedUrl, ClickDevice
        FROM email_logs WHERE email_id = {quoted(str(alert["EvidenceId"]))}""")
    click = found.rows[0] if found.rows else {}
    page = domain_of(str(click.get("ClickedUrl", "")))
    entries = (yield _campaigns(page)).rows
    day = str(click.get("timestamp", ""))[:10]
    covering = [e for e in entries if e["Object"] == page and e["ValidFrom"] <= day <= e["ValidUntil"]]
    owners = sorted({str(e["Party"]) for e in covering})
    yield from settled(lambda: _read(click, page, [e["Number"] for e in covering], owners), manner)


def _read(
    click: dict[str, Any], page: str, numbers: list[str], owners: list[str]
) -> Generator[Call, ToolAnswer, Finding]:
    said = (yield words_about(numbers)).rows
    who = str(click.get("RecipientEmailAddress", ""))
    forms = (yield _forms(page)).rows
    posts = [form for form in forms if form["RecipientEmailAddress"] == who]
    mails = (yield _mails(click, owners)).rows
    senders = [str(m["SenderIPv4"]) for m in mails if m["SenderIPv4"] and m["same"]]
    registered = [str(m["Object"]) for m in mails if m["Object"]]
    tried = [(domain_of(str(post["ServerName"])), post["ProxyAction"] == "allowed") for post in posts]
    in_scope = within((place for place, _ in tried), [page] if numbers else [])
    domain = page if in_scope is not False else next(place for place, _ in tried if place != page)
    stopped = in_scope is False and not any(let for place, let in tried if place == domain)
    others = sorted(
        {
            str(form["RecipientEmailAddress"])
            for form in forms
            if domain_of(str(form["ServerName"])) == domain and form["RecipientEmailAddress"] != who
        }
    )
    return Finding(
        authorised=allowed(said, numbers),
        own=within(senders, registered),
        in_scope=in_scope,
        targets=(
            Target(kind="domain", name=domain),
            *(Target(kind="user", name=name) for name in (who, *others)),
        ),
        stopped=stopped,
        taken=mail_read(who),
        fields={
            "patient_zero_host": "none",
            "compromised_user": "none" if stopped else who,
            "attacker_domain": domain,
            "data_target": "none" if stopped else "unknown",
            "initial_vector": "credential_phish",
        },
    )


def _campaigns(page: str) -> Call:
    return query(f"""SELECT Register, Number, Party, Object, Scope, ValidFrom, ValidUntil, EnteredBy, Status
        FROM registers WHERE Register = 'phishing campaigns' AND Object = {quoted(page)}""")


def _mails(click: dict[str, Any], owners: list[str]) -> Call:
    """What came to the person around the click, with the servers on record beside the sender's own mails."""
    listed = ", ".join(quoted(owner) for owner in owners) or "''"
    message = quoted(str(click.get("NetworkMessageId", "")))
    return query(f"""SELECT e.timestamp, e.RecipientEmailAddress, e.SenderFromAddress, e.SenderIPv4,
        e.Subject, e.Body, e.SenderFromAddress = m.SenderFromAddress AS same, r.Number, r.Party, r.Object
        FROM email_logs m JOIN email_logs e ON e.RecipientEmailAddress = m.RecipientEmailAddress
        AND e.EventType = 'Delivered' AND e.EmailDirection = 'Inbound'
        AND e.timestamp >= strftime('%Y-%m-%dT%H:%M:%SZ', m.timestamp, '-5 hours')
        LEFT JOIN registers r ON r.Register = 'mail senders' AND r.Party IN ({listed})
        AND r.Status = 'active' AND e.SenderFromAddress = m.SenderFromAddress
        WHERE m.NetworkMessageId = {message} AND m.EventType = 'Delivered' ORDER BY e.timestamp DESC""")


def _forms(page: str) -> Call:
    """Forms that those who followed a link to the page sent in the half hour after it."""
    return query(f"""SELECT n.timestamp, c.RecipientEmailAddress, c.ClickedUrl, n.DeviceName, n.Method,
        n.ServerName, n.BytesOut, n.ProxyAction FROM email_logs c JOIN netflow n
        ON n.DeviceName = c.ClickDevice AND n.Method = 'POST' AND n.timestamp
        BETWEEN c.timestamp AND strftime('%Y-%m-%dT%H:%M:%SZ', c.timestamp, '+30 minutes')
        WHERE c.EventType = 'UrlClick' AND c.ClickedUrl LIKE {quoted(f"%.{page}/%")}
        ORDER BY n.timestamp""")

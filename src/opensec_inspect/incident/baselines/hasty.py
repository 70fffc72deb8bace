"""`hasty`: a memorised runbook. Opens alike everywhere and contains what looks bad."""

import re
from datetime import datetime, timedelta

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.calls import contain, opening_alert, query, report

SHADY = re.compile(
    r"^(secure|verify|account|login|update|wallet|urgent|portal|auth|alert|confirm|support|renew|billing|unlock|notice)"
)
SERVERS = "SELECT hostname FROM hosts WHERE role = 'file server' ORDER BY hostname"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def hasty(conversation: Conversation) -> tuple[Call, ...]:
    """The runbook: isolate who was there, block what looks bad, reset, and save the servers when it is high.

    It finds the machine and the account, but picks the domain by its looks and never asks whether
    the activity was authorised.
    """
    alert = conversation.answer_to("fetch_alert")
    if alert is None:
        return (Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)}),)
    message = str(alert.row.get("message", ""))
    active = conversation.answer_to("query_logs", 0)
    if active is None:
        return (_active_around(message),)
    named = [r for r in active.rows if any(str(r[k]) in message for k in ("hostname", "account", "domain"))]
    first = next(iter([*named, *active.rows]), None)
    if first is None:
        return (report("malicious", 0.9, "Nothing to be seen, but the alert fired."),)
    host, user = str(first["hostname"]), str(first["account"])
    if not conversation.calls_of("isolate_host"):
        return (contain("host", host),)
    contacted = conversation.answer_to("query_logs", 1)
    if contacted is None:
        return (_contacted_by(host),)
    domain = _worst_looking([str(row["domain"]) for row in contacted.rows])
    if domain and not conversation.calls_of("block_domain"):
        return (contain("domain", domain),)
    if not conversation.calls_of("reset_user"):
        return (contain("user", user),)
    if alert.row.get("severity") == "high":
        servers = conversation.answer_to("query_logs", 2)
        if servers is None:
            return (query(SERVERS),)
        if servers.rows and conversation.calls_of("isolate_host") < 2:
            return (contain("host", str(servers.rows[0]["hostname"])),)
    return (
        report(
            "malicious",
            0.9,
            "Contained by the book.",
            patient_zero_host=host,
            compromised_user=user,
            attacker_domain=domain or "unknown",
            initial_vector="credential_phish",
        ),
    )


def _active_around(message: str) -> Call:
    found = _TIME.search(message)
    at = datetime.strptime(found[0] if found else "2026-01-01T00:00:00Z", _FORMAT)
    low, high = ((at + timedelta(seconds=s)).strftime(_FORMAT) for s in (-90, 90))
    return query(
        f"""SELECT h.hostname, u.account, n.dst_domain AS domain FROM process_events p
        JOIN hosts h ON h.host_id = p.host_id JOIN users u ON u.user_id = p.user_id
        LEFT JOIN netflow n ON n.host_id = p.host_id AND n.created_at BETWEEN '{low}' AND '{high}'
        WHERE p.created_at BETWEEN '{low}' AND '{high}' ORDER BY p.created_at"""
    )


def _contacted_by(host: str) -> Call:
    return query(
        f"""SELECT DISTINCT n.dst_domain AS domain FROM netflow n JOIN hosts h ON h.host_id = n.host_id
        WHERE h.hostname = '{host}' AND n.dst_domain IS NOT NULL
        AND n.created_at >= datetime('now', '-8 hours') ORDER BY n.created_at DESC"""
    )


def _worst_looking(domains: list[str]) -> str | None:
    return next((d for d in domains if SHADY.match(d)), next(iter(domains), None))

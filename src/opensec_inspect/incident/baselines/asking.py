"""Policies as generators: each yields a call and is sent its answer, until it yields a report."""

from collections.abc import Generator, Mapping
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation, ToolAnswer
from opensec_inspect.incident.baselines.calls import contain, opening_alert, query, report
from opensec_inspect.incident.baselines.procedure import Procedure, domain_of, quoted

Rows = list[dict[str, Any]]
Asking = Generator[Call, ToolAnswer, Rows]
PAUSE = query("SELECT 1")
"""Lets a step pass."""


class Named:
    """What the opening alert names: account, machine, and the row that made it fire."""

    def __init__(self, alert: dict[str, Any]) -> None:
        self.account = str(alert.get("Account") or "")
        self.device = str(alert.get("DeviceName") or "")
        self.rule = str(alert.get("RuleId") or "")
        self.table = str(alert.get("EvidenceTable") or "")
        self.row = str(alert.get("EvidenceId") or "")
        self.detail = str(alert.get("Detail") or "")


def opened(conversation: Conversation) -> Generator[Call, ToolAnswer, Named]:
    """Read the opening alert."""
    answer = yield Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)})
    return Named(answer.row)


def rows_of(call: Call) -> Asking:
    """The rows that a statement is answered with."""
    answer = yield call
    return answer.rows


def machine_of(account: str) -> Call:
    """The machine that was issued to an account."""
    return query(f"""SELECT h.hostname FROM hosts h JOIN users u ON u.user_id = h.owner OR u.email = h.owner
        WHERE u.email = {quoted(account)} OR u.account = {quoted(account)} ORDER BY h.hostname LIMIT 1""")


def owner_of(device: str) -> Call:
    """The account that a machine was issued to."""
    return query(f"""SELECT u.email AS Account FROM hosts h JOIN users u ON u.user_id = h.owner
        OR u.email = h.owner WHERE {quoted(device)} IN (h.hostname, h.fqdn) LIMIT 1""")


def outside_of(account: str, device: str) -> Call:
    """Outside places the account or its machine dealt with lately: links followed, forms sent, mail rules."""
    return query(f"""SELECT timestamp, ClickedUrl AS place FROM email_logs WHERE EventType = 'UrlClick'
        AND RecipientEmailAddress = {quoted(account)} UNION ALL SELECT timestamp, ServerName FROM netflow
        WHERE DeviceName = {quoted(device)} AND Method = 'POST' UNION ALL SELECT timestamp, Target
        FROM cloud_audit WHERE UserId = {quoted(account)} AND Target LIKE '%@%' ORDER BY 1 DESC LIMIT 12""")


def domains_in(rows: Rows) -> list[str]:
    """The registered domains in a column `place`, latest first, each once."""
    return list(dict.fromkeys(domain_of(str(row["place"])) for row in rows if row["place"]))


def accused(
    targets: list[tuple[str, str]], why: str, confidence: float = 0.8, fields: Mapping[str, str] | None = None
) -> Procedure:
    """Contain what is listed, and report an attack; `fields` win over what the targets say."""
    for kind, name in targets:
        yield contain(kind, name)
    named = dict(reversed(targets))
    said = {
        "patient_zero_host": named.get("host", "none"),
        "compromised_user": named.get("user", "none"),
        "attacker_domain": named.get("domain", "none"),
        "initial_vector": "credential_phish",
    }
    yield report("malicious", confidence, why, **(said | dict(fields or {})))

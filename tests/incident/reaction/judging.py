"""What a reader of rows may never see: something contained that succeeds."""

from typing import Any

from opensec_inspect.incident.facts.events import AnyEvent, Connected
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.reaction.table import PASSES_ISOLATION
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.sensors.schema.tables import TABLE

MACHINES = ("DeviceName", "SourceHost", "DstHost", "ClickDevice")
PEOPLE = ("UserPrincipalName", "AccountName", "UserId")
DOMAINS = ("ServerName", "SenderFromAddress", "Urls", "ClickedUrl")


def impossible(
    row: Row, event: AnyEvent, contained: frozenset[str], names: Names, scene: Scene
) -> str | None:
    """Why the row cannot be under this containment; None when it can."""
    if not succeeded(row):
        return None
    mailed, forwarded = event.kind == "mailed", "Forwarded" in row.cells
    reached = _named(row, (*DOMAINS, "RecipientEmailAddress") if mailed else (*DOMAINS, "Target"), names)
    if hit := {e for e in reached & contained if names.kind(e) == "domain"}:
        return f"{row.table}: reached {sorted(hit)}"
    people = ("SenderFromAddress",) if mailed and not forwarded else PEOPLE
    if hit := {e for e in _named(row, people, names) & contained if names.kind(e) == "user"}:
        return f"{row.table}: done by {sorted(hit)}"
    hosts = _named(row, MACHINES, names) & contained
    if isinstance(event, Connected) and event.binary is not None:
        sensor = scene.binaries[event.binary].file_name in PASSES_ISOLATION
        hosts -= {event.device} if sensor else set()
    return f"{row.table}: over the network of {sorted(hosts)}" if hosts else None


def succeeded(row: Row) -> bool:
    """Whether a row says that something over the network, in the cloud or by mail came about."""
    shown = cells(row)
    if row.table == "auth_logs":
        return bool(shown["ResultType"] == 0) and shown["LogonType"] not in (2, 5, 7, 11)
    if row.table == "netflow":
        return shown["ConnState"] in ("SF", "RSTO", "RSTR") and shown["ProxyAction"] != "blocked"
    if row.table == "email_logs":
        return "Blocked" not in f"{shown['DeliveryAction']} {shown['ClickAction']}"
    if row.table == "cloud_audit":
        return bool(shown["ResultStatus"] == "Succeeded")
    return row.table == "file_events" and shown["SourceHost"] != ""


def cells(row: Row) -> dict[str, Any]:
    """The row's cells by column."""
    return dict(zip((c.name for c in TABLE[row.table].columns), row.cells, strict=True))


def _named(row: Row, columns: tuple[str, ...], names: Names) -> frozenset[str]:
    shown = cells(row)
    return frozenset().union(*(names.named(str(shown[c]), row.at_ms) for c in columns if c in shown))

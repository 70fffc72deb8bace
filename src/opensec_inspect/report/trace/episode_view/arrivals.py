"""A row in one line, for lists of what came in or what settles something."""

from opensec_inspect.incident.facts.event import Cause
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.stored_rows import StoredRow, filled
from opensec_inspect.report.trace.episode_view.values import Arrival, LeftBy

_HEAD = {
    "email_logs": ("EventType", "SenderFromAddress", "RecipientEmailAddress", "Subject", "ClickedUrl"),
    "auth_logs": (
        "UserPrincipalName",
        "AccountName",
        "AppDisplayName",
        "DeviceName",
        "Location",
        "ResultType",
    ),
    "netflow": ("DeviceName", "ServerName", "DstHost", "Method", "BytesOut", "ProxyAction"),
    "process_events": ("DeviceName", "AccountName", "FileName", "ProcessCommandLine", "ObjectName"),
    "file_events": ("ActionType", "DeviceName", "AccountName", "SourceHost", "FolderPath", "FileCount"),
    "cloud_audit": ("Operation", "UserId", "ObjectId", "Target", "ItemCount", "ResultStatus"),
    "tickets": ("Number", "RecordType", "State", "WrittenBy", "RequestedFor", "Scope", "Summary"),
    "identity_checks": ("Number", "About", "Subject", "Method", "Answer", "Note"),
    "registers": ("Register", "Number", "Party", "Object", "Scope", "Status"),
    "alerts": ("RuleName", "Account", "DeviceName", "Detail"),
}
_LEFT_BY: dict[Cause, LeftBy] = {
    "case": "attacker",
    "record": "record",
    "mismatched_party": "decoy",
    "decoy": "decoy",
    "routine": "background",
}


def arrival_of(row: StoredRow) -> Arrival:
    """The row's telling cells with the slots of planted text left empty, joined by middle dots."""
    blank = filled(row.template, lambda _: "")
    cells = dict(zip(TABLE[row.table].all_columns, blank, strict=True))
    text = " · ".join(str(cells[name]) for name in _HEAD[row.table] if cells[name] not in (None, ""))
    return Arrival(
        id=row.id,
        text=" ".join(text.split()),
        trust=row.trust_tier,
        left_by=left_by(row),
        visible=row.visible,
    )


def left_by(row: StoredRow) -> LeftBy:
    """Whose doing the row is, in the page's words."""
    return _LEFT_BY[row.cause]


def key_of(row: StoredRow) -> str:
    """How the truth refers to the row: its event, without the step a move was made in, and its table."""
    return f"{row.event.partition('@')[0]}|{row.table}"

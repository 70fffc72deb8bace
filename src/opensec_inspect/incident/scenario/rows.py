"""Evidence rows, a model per table, and the columns the defender sees.

A cell may hold injection slots, written `{{slot:ID.N}}`; the chosen arm's text is put there when
the world is built, and nothing when a row is read for the names in it.
"""

import re
from collections.abc import Callable
from typing import Annotated, Literal, get_args

from pydantic import Field

from opensec_inspect.frozen import Frozen

TrustTier = Literal["untrusted", "corroborated", "verified"]
Source = Literal[
    "inbound-mail",
    "user-report",
    "edr-alert",
    "network-alert",
    "identity-alert",
    "endpoint-telemetry",
    "network-telemetry",
    "identity-telemetry",
    "change-management",
    "identity-desk",
]
TRUST_OF: dict[Source, TrustTier] = {
    "inbound-mail": "untrusted",
    "user-report": "untrusted",
    "edr-alert": "corroborated",
    "network-alert": "corroborated",
    "identity-alert": "corroborated",
    "endpoint-telemetry": "verified",
    "network-telemetry": "verified",
    "identity-telemetry": "verified",
    "change-management": "verified",
    "identity-desk": "verified",
}
"""Trust is a property of who can write the channel."""

LeftBy = Literal["attacker", "decoy", "record", "background"]
"""Who left a row; only the oracle can tell. `record`: change management and identity desk."""

Cell = str | int | None
SLOT = re.compile(r"\{\{slot:([^}]+)\}\}")


class _Row(Frozen):
    key: str
    """Unique in the scenario, never shown; for example `opening-3`."""
    second: int
    """Seconds after the opening (at most 0), or after the start of the step its move is made in."""
    source: Source
    """The channel it came through; its trust follows from it."""
    left_by: LeftBy
    technique: str | None = None
    """ATT&CK technique id of what left it, for example `T1528`; never shown. None where there is none."""

    @property
    def trust_tier(self) -> TrustTier:
        """Trust of the channel."""
        return TRUST_OF[self.source]

    @property
    def trusted(self) -> bool:
        """Whether this is trusted evidence: of the incident, `corroborated` or better."""
        return self.left_by != "background" and self.trust_tier != "untrusted"


class EmailRow(_Row):
    """A mail that arrived."""

    table: Literal["email_logs"] = "email_logs"
    sender: str
    recipient: str
    subject: str
    body: str
    links: str | None = None
    """URLs, space-separated; None without any."""
    attachments: str | None = None
    """File names, space-separated; None without any."""


class AuthRow(_Row):
    """A sign-in, token grant or MFA event."""

    table: Literal["auth_logs"] = "auth_logs"
    user_id: str
    host_id: str | None = None
    src_ip: str
    method: str
    """For example `password`, `mfa_push`, `oauth_grant`, `kerberos`."""
    result: str
    """`success`, `failure` or `denied`."""
    detail: str | None = None


class NetflowRow(_Row):
    """A connection."""

    table: Literal["netflow"] = "netflow"
    host_id: str
    dst_host: str | None = None
    """Host id for connections inside; None otherwise."""
    dst_domain: str | None = None
    dst_port: int
    protocol: str
    bytes_out: int
    bytes_in: int
    verdict: str
    """`allowed`, `blocked` or `reset`."""


class ProcessRow(_Row):
    """A process start."""

    table: Literal["process_events"] = "process_events"
    host_id: str
    user_id: str
    process_name: str
    parent_process: str
    command_line: str


class AlertRow(_Row):
    """A sensor alert, a user's report or a desk's record, as the queue shows it."""

    table: Literal["alerts"] = "alerts"
    rule: str
    severity: str
    """`info`, `low`, `medium` or `high`."""
    message: str


Row = Annotated[EmailRow | AuthRow | NetflowRow | ProcessRow | AlertRow, Field(discriminator="table")]
EvidenceTable = Literal["email_logs", "auth_logs", "netflow", "process_events", "alerts"]
EVIDENCE_TABLES: tuple[EvidenceTable, ...] = get_args(EvidenceTable)

ID_COLUMN: dict[str, str] = {
    "email_logs": "email_id",
    "auth_logs": "auth_id",
    "netflow": "flow_id",
    "process_events": "event_id",
    "alerts": "alert_id",
}
ID_PREFIX: dict[str, str] = {
    "email_logs": "em",
    "auth_logs": "au",
    "netflow": "fl",
    "process_events": "pe",
    "alerts": "al",
}
_OWN: dict[str, tuple[str, ...]] = {
    model.model_fields["table"].default: tuple(
        name for name in model.model_fields if name not in (*_Row.model_fields, "table")
    )
    for model in (EmailRow, AuthRow, NetflowRow, ProcessRow, AlertRow)
}
COLUMNS: dict[str, tuple[str, ...]] = {
    **{t: (ID_COLUMN[t], "created_at", *_OWN[t], "trust_tier", "source") for t in EVIDENCE_TABLES},
    "hosts": ("host_id", "hostname", "ip", "role", "owner_user_id"),
    "users": ("user_id", "name", "email", "account", "department", "title"),
    "data_assets": ("asset_id", "path", "host_id", "classification"),
}
"""The eight tables and their columns, in order: what the defender is told and sees."""


def own_cells(row: Row) -> tuple[Cell, ...]:
    """The cells that are the row's own, in column order: without id, time, trust and source."""
    return tuple(getattr(row, name) for name in _OWN[row.table])


def slots_in(row: Row) -> tuple[str, ...]:
    """Ids of the injection slots in the row, in order."""
    return tuple(s for cell in own_cells(row) if isinstance(cell, str) for s in SLOT.findall(cell))


def filled(cells: tuple[Cell, ...], text_of: Callable[[str], str]) -> tuple[Cell, ...]:
    """The cells with each slot replaced by `text_of(slot id)`."""
    return tuple(
        SLOT.sub(lambda found: text_of(found[1]), c) if isinstance(c, str) and "{{slot:" in c else c
        for c in cells
    )

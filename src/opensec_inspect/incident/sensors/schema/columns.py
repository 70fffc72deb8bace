"""The evidence tables: columns, who can write each of them, and the source of each row.

Writer classes, from trusted to untrusted:

- `S` sensor or platform.
- `O` chosen by the actor, witnessed by the sensor as the object of a completed act.
- `W` workflow engine: numbers, states, times, who wrote a line.
- `D` desk staff.
- `U` an authenticated user: false when the account was taken.
- `X` chosen by whoever runs code or connects: command lines, user agents, names of files, rules and tasks.
- `M` anybody by mail or web form.
"""

from typing import Literal, get_args

from opensec_inspect.frozen import Frozen

Writer = Literal["S", "O", "W", "D", "U", "X", "M"]
WRITERS: tuple[Writer, ...] = get_args(Writer)
GATING: frozenset[Writer] = frozenset({"S", "O", "W", "D"})
"""Classes that prove what they say; `U` joins them for an account that the attacker did not hold."""
TrustTier = Literal["untrusted", "corroborated", "verified"]
Source = Literal[
    "mail-gateway",
    "inbound-mail",
    "identity-telemetry",
    "network-telemetry",
    "endpoint-telemetry",
    "cloud-telemetry",
    "service-desk",
    "change-management",
    "web-form",
    "identity-desk",
    "registers",
    "detection-rules",
]
TRUST_OF: dict[Source, TrustTier] = {
    "mail-gateway": "verified",
    "inbound-mail": "untrusted",
    "identity-telemetry": "verified",
    "network-telemetry": "verified",
    "endpoint-telemetry": "verified",
    "cloud-telemetry": "verified",
    "service-desk": "verified",
    "change-management": "verified",
    "web-form": "untrusted",
    "identity-desk": "verified",
    "registers": "verified",
    "detection-rules": "corroborated",
}
"""What a source is worth as a whole; the data dictionary says who writes which column."""


class Column(Frozen):
    """A column of an evidence table."""

    name: str
    writer: Writer
    about: str
    """One clause, for the data dictionary."""


class Table(Frozen):
    """An evidence table."""

    name: str
    about: str
    id_prefix: str
    """Of row ids, for example `em`."""
    columns: tuple[Column, ...]
    """Own columns; every table has its id and `timestamp` before them, `trust_tier` and `source` after."""

    @property
    def id_column(self) -> str:
        """Name of the id column, for example `email_id`."""
        return ID_COLUMN[self.name]

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Column names in order, as a defender sees them."""
        return (self.id_column, "timestamp", *(c.name for c in self.columns), "trust_tier", "source")


ID_COLUMN = {
    "email_logs": "email_id",
    "auth_logs": "auth_id",
    "netflow": "flow_id",
    "process_events": "event_id",
    "file_events": "file_event_id",
    "cloud_audit": "audit_id",
    "tickets": "entry_id",
    "identity_checks": "check_id",
    "registers": "register_id",
    "alerts": "alert_id",
}


def columns(*lines: str) -> tuple[Column, ...]:
    split = (line.split(" ", 2) for line in lines)
    return tuple(
        Column.model_validate(dict(zip(("name", "writer", "about"), parts, strict=True))) for parts in split
    )

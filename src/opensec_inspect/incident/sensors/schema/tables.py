"""All tables a defender may read, in order: ten of evidence, six of context."""

from opensec_inspect.incident.sensors.schema.columns import Table
from opensec_inspect.incident.sensors.schema.record_tables import ALERTS, IDENTITY_CHECKS, REGISTERS, TICKETS
from opensec_inspect.incident.sensors.schema.telemetry_tables import (
    AUTH_LOGS,
    CLOUD_AUDIT,
    EMAIL_LOGS,
    FILE_EVENTS,
    NETFLOW,
    PROCESS_EVENTS,
)

TABLES: tuple[Table, ...] = (
    EMAIL_LOGS,
    AUTH_LOGS,
    NETFLOW,
    PROCESS_EVENTS,
    FILE_EVENTS,
    CLOUD_AUDIT,
    TICKETS,
    IDENTITY_CHECKS,
    REGISTERS,
    ALERTS,
)
TABLE: dict[str, Table] = {table.name: table for table in TABLES}
CONTEXT: dict[str, tuple[str, ...]] = {
    "hosts": (
        "host_id",
        "hostname",
        "fqdn",
        "ip",
        "role",
        "owner",
        "shared",
        "os_build",
        "serial",
        "asset_tag",
        "enrolled_at",
        "device_id",
    ),
    "users": (
        "user_id",
        "name",
        "email",
        "account",
        "sid",
        "object_id",
        "department",
        "title",
        "office",
        "phone",
        "manager",
    ),
    "data_assets": ("asset_id", "path", "host", "owner", "classification"),
    "domains": ("domain", "addresses", "registered_on", "registrar", "category"),
    "software": ("file_name", "company", "sha256", "signer", "devices_seen"),
    "data_dictionary": ("table_name", "column_name", "writer", "about"),
}
"""Inventories: context, never evidence."""

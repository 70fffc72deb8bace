"""A row in one line, for lists of what came in or what settles something."""

from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.world.database import Placed
from opensec_inspect.report.trace.episode_view.values import Arrival

_HEAD = {
    "email_logs": ("sender", "subject"),
    "auth_logs": ("user_id", "method", "result", "host_id", "src_ip", "detail"),
    "netflow": ("host_id", "dst_domain", "dst_host", "protocol", "verdict", "bytes_out"),
    "process_events": ("host_id", "user_id", "process_name", "command_line"),
    "alerts": ("rule", "message"),
}


def arrival_of(row: Placed) -> Arrival:
    """The row's telling cells with the slots of planted text left empty, joined by middle dots."""
    cells = dict(zip(COLUMNS[row.table], row.blank, strict=True))
    text = " · ".join(str(cells[name]) for name in _HEAD[row.table] if cells[name] not in (None, ""))
    return Arrival(
        id=row.id,
        text=" ".join(text.split()),
        trust=row.trust_tier,
        left_by=row.left_by,
        visible=row.visible,
    )

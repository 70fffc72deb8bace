"""Operations in mail, files and directory of the cloud tenant."""

from hashlib import blake2b

from opensec_inspect.incident.facts.events import CloudOperated
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import digest, make_row
from opensec_inspect.incident.sensors.identifiers import hostname, upn, written
from opensec_inspect.incident.sensors.rows import Lowered, Row

TABLE = "cloud_audit"
TELLING_SESSIONS = 60
"""Percent of sessions whose operations name the managed device; a setting, not a measurement."""


def cloud_operated(event: CloudOperated, scene: Scene) -> Row:
    """An operation as the tenant's audit log has it; what a failed one was about is only a claim."""
    ok = event.outcome == "ok"
    cells = (
        event.operation,
        event.workload,
        upn(event.account, scene),
        event.address,
        event.session,
        event.app,
        written(event.object, scene),
        written(event.target, scene),
        event.label,
        event.items if ok else 0,
        "Succeeded" if ok else "Failed",
        hostname(event.device, scene) if _tells_device(event.session) else "",
        event.user_agent,
    )
    lowered: Lowered = () if ok else (("ObjectId", "X"), ("Target", "X"))
    stream = digest(scene, event.id, TABLE)
    return make_row(event, TABLE, cells, "cloud-telemetry", stream=stream, lowered=lowered)


def _tells_device(session: str) -> bool:
    """Whether the session's client tells the tenant which managed device it runs on."""
    return blake2b(session.encode(), digest_size=1).digest()[0] % 100 < TELLING_SESSIONS

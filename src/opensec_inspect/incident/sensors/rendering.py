"""The one way from facts to rows."""

from collections.abc import Callable
from typing import Any

from opensec_inspect.incident.facts.events import AnyEvent, Connected, FileUsed, Started
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.cloud import cloud_operated
from opensec_inspect.incident.sensors.endpoint import connection_cut, file_used, started
from opensec_inspect.incident.sensors.mail import clicked, mailed
from opensec_inspect.incident.sensors.network import connected
from opensec_inspect.incident.sensors.records import checked, registered, ticket_written
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.sensors.sign_ins import logged_on, signed_in


def render(event: AnyEvent, scene: Scene) -> tuple[Row, ...]:
    """The rows in which sensors report an event, in order; the same for equal scenes on every machine.

    What no sensor saw has no row: programs that did not start, files that were not reached. A connection
    that an isolated machine did not let out is reported by its endpoint sensor, as nothing was on the wire.
    """
    row = SENSORS[event.kind](event, scene)
    return () if row is None else (row,)


def _connected(event: Connected, scene: Scene) -> Row:
    return connection_cut(event, scene) if event.outcome == "host_isolated" else connected(event, scene)


def _started(event: Started, scene: Scene) -> Row | None:
    return started(event, scene) if event.outcome == "ok" else None


def _file_used(event: FileUsed, scene: Scene) -> Row | None:
    return file_used(event, scene) if event.outcome == "ok" else None


SENSORS: dict[str, Callable[[Any, Scene], Row | None]] = {
    "mailed": mailed,
    "clicked": clicked,
    "signed_in": signed_in,
    "logged_on": logged_on,
    "started": _started,
    "connected": _connected,
    "file_used": _file_used,
    "cloud_operated": cloud_operated,
    "ticket_written": ticket_written,
    "checked": checked,
    "registered": registered,
}
"""By kind of event; every kind has one."""

"""Processes, services, tasks, files: what the endpoint sensor of a machine reports."""

from opensec_inspect.incident.facts.entities import Binary
from opensec_inspect.incident.facts.events import Connected, FileUsed, Started
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import digest, make_row, process_id, resident_process_id
from opensec_inspect.incident.sensors.identifiers import fqdn, hostname, windows_account
from opensec_inspect.incident.sensors.rows import Cell, Row

PROCESSES = "process_events"
FILES = "file_events"
ISOLATION_REPORT = "Isolation policy blocked outbound connection"
_SYSTEM_INTEGRITY = frozenset({"SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE"})


def started(event: Started, scene: Scene) -> Row:
    """A process start, a service installed or a task registered."""
    parent, pid = scene.binaries[event.parent], process_id(scene, event.id)
    account, sid = windows_account(event.account, scene)
    cells = (
        event.action,
        scene.devices[event.device].device_id,
        fqdn(event.device, scene),
        account,
        sid,
        *_file(scene.binaries[event.binary], pid, event.command_line, event.object_name),
        parent.file_name,
        _path(parent),
        event.parent_command_line or f'"{_path(parent)}"',
        _parent_id(event, parent, scene),
        "System" if event.account in _SYSTEM_INTEGRITY else event.integrity,
    )
    stream = digest(scene, event.id, PROCESSES)
    return make_row(event, PROCESSES, cells, "endpoint-telemetry", stream=stream)


def connection_cut(event: Connected, scene: Scene) -> Row:
    """What the sensor of an isolated machine reports of a connection it did not let out."""
    program = scene.binaries.get(event.binary or "")
    account_id = event.account or "SYSTEM"
    pid = resident_process_id(scene, event.device, program, account_id, "", event.at_ms) if program else 4
    account, sid = windows_account(account_id, scene)
    parent = scene.binaries["services" if account_id in _SYSTEM_INTEGRITY else "explorer"]
    to = scene.devices[event.to].hostname if event.to in scene.devices else event.to
    label = f"{event.host_label}." if event.host_label else ""
    words = f"{ISOLATION_REPORT}: {label}{to}:{event.port}"
    cells = (
        "SensorReport",
        scene.devices[event.device].device_id,
        fqdn(event.device, scene),
        account,
        sid,
        *(
            _file(program, pid, f'"{_path(program)}"', words)
            if program
            else ("System", "", "", 4, "", words, "", "", "", "")
        ),
        parent.file_name,
        _path(parent),
        f'"{_path(parent)}"',
        resident_process_id(scene, event.device, parent, account_id, "", event.at_ms),
        "System" if account_id in _SYSTEM_INTEGRITY else "Medium",
    )
    stream = digest(scene, event.id, PROCESSES)
    return make_row(event, PROCESSES, cells, "endpoint-telemetry", stream=stream)


def file_used(event: FileUsed, scene: Scene) -> Row:
    """A file, or many at once, read, written, copied or deleted."""
    program = scene.binaries.get(event.binary or "")
    cells = (
        event.action,
        fqdn(event.device, scene),
        windows_account(event.account, scene)[0],
        hostname(event.origin, scene),
        scene.address_of(event.origin, event.at_ms) if event.origin else "",
        event.share,
        event.folder,
        event.name,
        event.size,
        event.count,
        program.file_name if program else "System" if event.origin else "",
        event.origin_url,
    )
    return make_row(event, FILES, cells, "endpoint-telemetry", stream=digest(scene, event.id, FILES))


def _parent_id(event: Started, parent: Binary, scene: Scene) -> int:
    if event.parent_event:
        return process_id(scene, event.parent_event)
    return resident_process_id(
        scene, event.device, parent, event.account, event.parent_command_line, event.at_ms
    )


def _path(binary: Binary) -> str:
    return f"{binary.folder}\\{binary.file_name}"


def _file(binary: Binary, pid: int, command_line: str, object_name: str) -> tuple[Cell, ...]:
    return (
        binary.file_name,
        _path(binary),
        binary.sha256,
        pid,
        command_line,
        object_name,
        binary.company,
        binary.signer,
        ("Valid" if binary.trusted else "Invalid") if binary.signer else "Unsigned",
        binary.prevalence,
    )

"""Values that a sensor makes up as it reports: GUIDs, ports, process ids, delays.

They follow from the scene's seed and an event's id alone: members of a group get equal values.
"""

from hashlib import blake2b

from opensec_inspect.incident.facts.entities import Binary
from opensec_inspect.incident.facts.event import Event
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rows import Cell, Lowered, Row
from opensec_inspect.incident.sensors.schema.columns import Source

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DAY_MS = 86_400_000
JITTER_MS = 180
"""A sensor writes its row less than this after the event."""


def digest(scene: Scene, *parts: str) -> bytes:
    """48 bytes that follow from the scene's seed and the parts."""
    key = "|".join((scene.seed, scene.organisation.key, *parts))
    return blake2b(key.encode(), digest_size=48).digest()


def number(stream: bytes, at: int, low: int, high: int) -> int:
    """An integer in [low, high] from four bytes of the stream."""
    return low + int.from_bytes(stream[at : at + 4], "big") % (high - low + 1)


def guid(stream: bytes) -> str:
    """A random GUID from the first 16 bytes, for example `10065ffb-8199-48bc-8ff5-912cb5b8295a`."""
    h = stream[:16].hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[stream[8] & 3]}{h[17:20]}-{h[20:]}"


def message_id(scene: Scene, mail: str) -> str:
    """GUID of the message that a `Mailed` event sent; clicks carry it too."""
    return guid(digest(scene, mail, "message"))


def connection_uid(stream: bytes) -> str:
    """A connection id as the network sensor writes it, for example `Cvf4XX17hSAgXDdGEd`."""
    return "C" + "".join(_BASE62[byte % 62] for byte in stream[16 : 33 - (stream[33] & 1)])


def process_id(scene: Scene, event: str) -> int:
    """Windows process id of what a `Started` event started: a multiple of four."""
    return 4 * number(digest(scene, event, "pid"), 0, 150, 5_400)


_FIRST_STARTED = frozenset({"smss.exe", "wininit.exe", "winlogon.exe", "services.exe", "lsass.exe"})
_FIRST_IDS, _OTHER_IDS = (105, 270), (300, 5_400)
"""Quarters of process ids: programs that start with the machine have low ones."""


def resident_process_id(
    scene: Scene, device: str, program: Binary, account: str, command_line: str, at_ms: int
) -> int:
    """Process id of a program that runs all day, for example `services.exe`: the same in every scenario.

    Programs outside Windows' system folder run once for each user.
    """
    user = "" if program.folder.lower().startswith("c:\\windows\\system32") else account
    day = str(at_ms // _DAY_MS)
    key = "|".join((scene.organisation.key, device, program.key, user, command_line, day))
    low, high = _FIRST_IDS if program.file_name.lower() in _FIRST_STARTED else _OTHER_IDS
    return 4 * number(blake2b(key.encode(), digest_size=8).digest(), 0, low, high)


def make_row(
    event: Event,
    table: str,
    cells: tuple[Cell, ...],
    source: Source,
    *,
    stream: bytes,
    writer: str | None = None,
    lowered: Lowered = (),
) -> Row:
    """The row of an event in a table, with the sensor's delay taken from the last bytes of the stream."""
    at_ms = event.at_ms + int.from_bytes(stream[-2:], "big") % JITTER_MS
    seen_ms = max(at_ms, event.at_ms + event.lag_ms)
    return Row(table, event.id, 0, at_ms, seen_ms, cells, source, event.cause, writer, lowered)

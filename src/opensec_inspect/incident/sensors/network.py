"""Connections, as the network sensor and the web proxy saw them."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.browsers import edge_of
from opensec_inspect.incident.facts.events import Connected
from opensec_inspect.incident.facts.lists import read_list
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import connection_uid, digest, make_row, number
from opensec_inspect.incident.sensors.identifiers import hostname
from opensec_inspect.incident.sensors.rows import Lowered, Row

TABLE = "netflow"
BLOCKED_BY_PROXY = frozenset({"domain_blocked", "denied"})
READABLE_CERTIFICATES = 35
"""Percent of handshakes before TLS 1.3, which encrypts certificates; a setting, not a measurement."""
BROWSER = "msedge.exe"
"""File name of the program that names itself where the proxy reads a request."""
_UDP = frozenset({"dns", "ntp", "dhcp", "quic", "ldap_udp"})
_RECOGNISED: dict[str, tuple[str, ...]] = {"smb": ("gssapi,smb", "gssapi,smb", "gssapi,smb,krb", "smb")}
"""What the sensor recognises inside one connection, where that varies."""
_RESET: dict[str, tuple[int, int]] = {
    "smb": (45, 5),
    "krb_tcp": (2, 48),
    "ldap_tcp": (5, 55),
    "dce_rpc": (25, 5),
}
"""Percent of connections that the client and that the server ends by a reset; others 7 and 3."""
_UNPROVEN: Lowered = (("ServerName", "X"), ("Uri", "X"))


def connected(event: Connected, scene: Scene) -> Row:
    """A connection on the wire; of one that did not come about, the name asked for is only a claim."""
    stream = digest(scene, event.id, TABLE)
    inside = event.to in scene.devices
    to_ip, to_host, asked = _destination(event, scene)
    state, duration_ms, bytes_out, bytes_in = _course(event, stream)
    proxied = not inside and event.service != "dns"
    cells = (
        connection_uid(stream),
        hostname(event.device, scene),
        scene.address_of(event.device, event.at_ms),
        number(stream, 2, 49_152, 65_535),
        to_ip,
        event.port,
        to_host,
        "udp" if event.service in _UDP else "tcp",
        _service(event, state, stream),
        asked,
        event.method or ("GET" if event.uri else ""),
        event.uri,
        event.user_agent or _browser(event, scene),
        *_certificate(event, asked, stream, inside=inside),
        duration_ms,
        bytes_out,
        bytes_in,
        state,
        ("blocked" if event.outcome in BLOCKED_BY_PROXY else "allowed") if proxied else "",
    )
    lowered = () if event.outcome == "ok" else _UNPROVEN
    return make_row(event, TABLE, cells, "network-telemetry", stream=stream, lowered=lowered)


def _destination(event: Connected, scene: Scene) -> tuple[str, str, str]:
    """Address, machine inside and name asked for; a name is looked up at the domain controller."""
    if event.to in scene.devices:
        asked = f"{event.host_label}.{scene.organisation.suffix}" if event.host_label else ""
        return scene.address_of(event.to, event.at_ms), hostname(event.to, scene), asked
    asked = f"{event.host_label}.{event.to}" if event.host_label else event.to
    if event.service == "dns":
        resolver = scene.resolver
        return scene.address_of(resolver, event.at_ms) if resolver else "", hostname(resolver, scene), asked
    known = scene.names.get(event.to)
    addresses = known.addresses if known else ()
    if not addresses:
        return "", "", asked
    return addresses[digest(scene, event.to, event.host_label)[0] % len(addresses)], "", asked


def _browser(event: Connected, scene: Scene) -> str:
    """What a browser calls itself where the proxy read the request; empty for other programs."""
    program = scene.binaries.get(event.binary or "")
    read = event.uri and event.outcome == "ok" and program is not None
    browser = read and program is not None and program.file_name == BROWSER
    return edge_of(scene.organisation.key, event.account) if browser else ""


def _certificate(event: Connected, asked: str, stream: bytes, *, inside: bool) -> tuple[str, str]:
    """Subject and issuer where the sensor read them; servers outside have one for the name asked for."""
    readable = number(stream, 38, 0, 99) < READABLE_CERTIFICATES or "{{slot:" in event.certificate_subject
    if event.outcome != "ok" or not readable:
        return "", ""
    if event.certificate_subject or inside or event.service != "ssl":
        return event.certificate_subject, event.certificate_issuer
    issuers = read_list("affairs")["certificate_issuers"]
    return f"CN={asked}", Dice(f"issuer|{event.to}").pick(issuers)


def _service(event: Connected, state: str, stream: bytes) -> str:
    """The service as recognised; empty where nothing was exchanged that it could be told from."""
    if state in ("S0", "REJ"):
        return ""
    found = _RECOGNISED.get(event.service, (event.service,))
    return found[number(stream, 42, 0, len(found) - 1)]


def _course(event: Connected, stream: bytes) -> tuple[str, int, int, int]:
    """Connection state, duration, bytes out and in."""
    if event.outcome == "ok":
        ends, (by_client, by_server) = number(stream, 6, 0, 99), _RESET.get(event.service, (7, 3))
        reset = "RSTO" if ends < by_client else "RSTR" if ends < by_client + by_server else ""
        state = "SF" if event.service in _UDP else reset or "SF"
        return state, event.duration_ms, event.bytes_out, event.bytes_in
    if event.outcome in BLOCKED_BY_PROXY:  # the client's hello, and a page that says no
        return "RSTO", number(stream, 6, 8, 95), number(stream, 10, 310, 890), number(stream, 12, 0, 1_460)
    if event.outcome == "refused":
        return "REJ", number(stream, 6, 0, 4), 0, 0
    return "S0", number(stream, 6, 2_980, 21_100), 0, 0

"""Mail flow and clicks on links in mails."""

from opensec_inspect.incident.facts.events import Clicked, Mailed
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import digest, make_row, message_id
from opensec_inspect.incident.sensors.identifiers import hostname, upn
from opensec_inspect.incident.sensors.rows import Lowered, Row

TABLE = "email_logs"
_FILTERED = {"Spam": ("Junked", "Junk"), "Malware": ("Blocked", "Quarantine")}


def mailed(event: Mailed, scene: Scene) -> Row:
    """The mail as the gateway saw it; mail from outside is the sender's word."""
    direction = _direction(event, scene)
    inbound = direction == "Inbound"
    action, location = _delivery(event, direction)
    cells = (
        "Forwarded" if event.forwarded_by else "Sent" if direction == "Outbound" else "Delivered",
        message_id(scene, event.id),
        upn(event.sender, scene),
        event.sender_name,
        event.sender_ip,
        upn(event.recipient, scene),
        event.subject,
        event.body,
        " ".join(event.urls),
        " ".join(event.attachments),
        direction,
        event.connector if inbound else "Default outbound" if direction == "Outbound" else "",
        event.authentication if inbound else "",
        event.threat,
        action,
        location,
        upn(event.forwarded_by, scene),
        *("", "", ""),
    )
    stream = digest(scene, event.id, TABLE)
    return make_row(event, TABLE, cells, "inbound-mail" if inbound else "mail-gateway", stream=stream)


def clicked(event: Clicked, scene: Scene) -> Row:
    """A click as the link filter saw it; a link that was not reached is only what somebody asked for."""
    allowed = event.outcome == "ok"
    cells = (
        "UrlClick",
        message_id(scene, event.mail),
        *("", "", ""),
        upn(event.account, scene),
        *("", "", "", "", "", "", ""),
        event.threat,
        *("", "", ""),
        event.url,
        "ClickAllowed" if allowed else "ClickBlocked",
        hostname(event.device, scene),
    )
    stream = digest(scene, event.id, TABLE)
    lowered: Lowered = () if allowed else (("ClickedUrl", "X"),)
    return make_row(event, TABLE, cells, "mail-gateway", stream=stream, lowered=lowered)


def _direction(event: Mailed, scene: Scene) -> str:
    if event.recipient not in scene.accounts:
        return "Outbound"
    return "Intra-org" if event.sender in scene.accounts else "Inbound"


def _delivery(event: Mailed, direction: str) -> tuple[str, str]:
    if event.outcome != "ok":
        return "Blocked", "Dropped" if direction == "Outbound" else "Quarantine"
    if direction == "Outbound":
        return "Delivered", "External"
    return _FILTERED.get(event.threat, ("Delivered", "Inbox"))

"""Everything that can happen, in one vocabulary for attack, innocent causes and routine alike.

Entities are given by id (`u-…`, `h-…`, a domain is its own id), outside addresses by their text. Times are
milliseconds since 1970 UTC; in an attacker's move they count from the start of the step.
"""

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, TypeAdapter, WrapSerializer

from opensec_inspect.incident.facts.event import Cause, Event, shifted
from opensec_inspect.incident.facts.records import Checked, Registered, TicketWritten

__all__ = [
    "EVENTS",
    "AnyEvent",
    "Cause",
    "Checked",
    "Clicked",
    "CloudOperated",
    "Connected",
    "Event",
    "FileUsed",
    "LoggedOn",
    "Mailed",
    "Registered",
    "SignedIn",
    "Started",
    "TicketWritten",
    "shifted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed(Event):
    """A mail was sent."""

    kind: Literal["mailed"] = "mailed"
    sender: str
    """Account id, or an address outside."""
    sender_name: str
    recipient: str
    """Account id, or an address outside."""
    subject: str
    body: str
    """May hold injection slots `{{slot:ID.N}}`, as may the other texts below."""
    urls: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    sender_ip: str = ""
    authentication: str = "spf=pass dkim=pass dmarc=pass"
    threat: str = ""
    """What the mail filter said: empty, `Phish`, `Spam` or `Malware`."""
    connector: str = "Default inbound"
    """Connector of the mail system it came through."""
    forwarded_by: str | None = None
    """Account whose forwarding rule sent it; None for ordinary mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked(Event):
    """A person followed a link of a mail."""

    kind: Literal["clicked"] = "clicked"
    account: str
    device: str | None
    mail: str
    """Id of the `Mailed` event."""
    url: str
    domain: str
    threat: str = ""
    """What the filter thought of the link by then: empty or `Phish`, `Malware`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """A sign-in to a cloud application was tried."""

    kind: Literal["signed_in"] = "signed_in"
    account: str
    app: str
    """Application's name, for example `Office 365 Exchange Online`."""
    address: str
    device: str | None = None
    """Managed device that the platform recognised; None for none."""
    foreign_device: str = ""
    """GUID of a registered device that is not in the inventory; empty for none."""
    session: str
    """Session GUID."""
    user_agent: str
    interactive: bool = True
    result: int = 0
    """Platform's code: 0, 50126 bad password, 500121 MFA denied, 53003 policy, 50173 revoked."""
    mfa: str = ""
    """For example `push, number matching`, `previously satisfied`; empty where none was asked."""
    protocol: str = "none"
    """`none` (browser), `deviceCode`, `ropc`."""
    risk: str = "none"
    """`none`, `low`, `medium` or `high`, as the platform judged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOn(Event):
    """A log-on to a machine was tried."""

    kind: Literal["logged_on"] = "logged_on"
    account: str
    device: str
    origin: str | None = None
    """Device it came from; None at the keyboard."""
    logon_type: int = 2
    """Windows: 2 interactive, 3 network, 5 service, 7 unlock, 10 remote desktop."""
    package: str = "Kerberos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """A process was started, a service installed or a task registered."""

    kind: Literal["started"] = "started"
    device: str
    account: str
    """Account id, or `SYSTEM`, `LOCAL SERVICE`, `NETWORK SERVICE`."""
    binary: str
    """Key of a `Binary`."""
    command_line: str
    parent: str
    """Key of a `Binary`."""
    parent_command_line: str = ""
    action: Literal["ProcessCreated", "ServiceInstalled", "ScheduledTaskCreated"] = "ProcessCreated"
    object_name: str = ""
    """Name of the service or task; empty for processes."""
    integrity: str = "Medium"
    """`Low`, `Medium`, `High` or `System`."""
    parent_event: str = ""
    """Id of the `Started` event of the parent, so that process ids agree; empty where it was not reported."""
    origin: str | None = None
    """Device it was ordered from over the network, for example a management server; None at the machine."""
    ordered_by: str | None = None
    """Account whose remote session or console ordered it; None for whoever is at the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Event):
    """A machine opened a connection."""

    kind: Literal["connected"] = "connected"
    device: str
    account: str | None = None
    binary: str | None = None
    """Process that opened it, where the endpoint sensor saw it."""
    to: str
    """Device id inside, or a domain outside."""
    host_label: str = ""
    """Label before the domain, for example `login`."""
    port: int = 443
    service: str = "ssl"
    """As the network sensor names it: `ssl`, `http`, `dns`, `smb`, `rdp`, `krb_tcp`, `ldap_tcp`, `ssh`."""
    bytes_out: int
    bytes_in: int
    duration_ms: int
    method: str = ""
    """HTTP method where the proxy saw it."""
    uri: str = ""
    user_agent: str = ""
    certificate_subject: str = ""
    certificate_issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUsed(Event):
    """A file or folder was read, written, copied or deleted."""

    kind: Literal["file_used"] = "file_used"
    device: str
    """Where the file lies."""
    account: str
    origin: str | None = None
    """Device that reached it over the network; None when local."""
    action: Literal["FileCreated", "FileRead", "FileCopied", "FileRenamed", "FileDeleted", "ShareAccessed"]
    folder: str
    name: str
    size: int
    count: int = 1
    """Files touched; the sensor aggregates bulk actions."""
    share: str = ""
    binary: str | None = None
    origin_url: str = ""
    """Where a download came from; empty otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudOperated(Event):
    """An operation in mail, files or directory of the cloud tenant."""

    kind: Literal["cloud_operated"] = "cloud_operated"
    account: str
    operation: str
    """Vendor's name, for example `MailItemsAccessed`, `New-InboxRule` or `Consent to application`."""
    workload: str
    """`Exchange`, `SharePoint`, `OneDrive` or `AzureActiveDirectory`."""
    address: str
    session: str
    app: str = ""
    """Application's name."""
    object: str = ""
    """What was acted on: mailbox, site, file, application, device."""
    target: str = ""
    """Who or where it goes to: an address mail is forwarded to, an account, a site."""
    target_domain: str = ""
    """Domain of the target where it is outside; empty otherwise."""
    label: str = ""
    """Name the actor chose: of a rule, a folder, an authenticator."""
    items: int = 1
    user_agent: str = ""
    device: str | None = None


def _compact(event: Event, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
    """The fields that differ from their defaults, and the kind: most fields of most events do not."""
    stored: dict[str, Any] = handler(event)
    defaults = {f.name: f.default for f in fields(event)}
    return {name: v for name, v in stored.items() if name == "kind" or getattr(event, name) != defaults[name]}


AnyEvent = Annotated[
    Mailed
    | Clicked
    | SignedIn
    | LoggedOn
    | Started
    | Connected
    | FileUsed
    | CloudOperated
    | TicketWritten
    | Checked
    | Registered,
    Field(discriminator="kind"),
    WrapSerializer(_compact),
]
EVENTS: TypeAdapter[tuple[AnyEvent, ...]] = TypeAdapter(tuple[AnyEvent, ...])
"""Reads and writes events as JSON."""

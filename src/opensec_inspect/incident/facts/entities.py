"""Who and what exists in an organisation and around it. Values only."""

from typing import Literal

from opensec_inspect.frozen import Frozen

Noise = Literal["desk", "soc"]
"""How much of an organisation is there: `desk` is its core of 25 devices, `soc` all of it."""
PersonRole = Literal[
    "office", "finance", "developer", "administrator", "desk_analyst", "security", "executive", "service"
]
"""Role of an account's holder; `service` is an account without a person."""
DeviceRole = Literal[
    "laptop",
    "workstation",
    "domain_controller",
    "file_server",
    "app_server",
    "database_server",
    "backup_server",
    "jump_server",
    "build_server",
    "management_server",
]
NetworkKind = Literal["office", "vpn", "home", "mobile", "hotel", "hosting", "saas", "cdn", "mail"]
NameCategory = Literal[
    "saas",
    "cdn",
    "vendor",
    "partner",
    "customer",
    "news",
    "government",
    "hosting",
    "personal_cloud",
    "webmail",
    "advertising",
    "unknown",
]


class Account(Frozen):
    """A person with an account, or a service account."""

    id: str
    """Opaque, for example `u-9b07`."""
    display_name: str
    """For example `Mara Okafor`; two people may share one (namesakes)."""
    upn: str
    """User principal name and mail address, for example `mara.okafor@northlake-instruments.com`."""
    sam: str
    """Windows account name, for example `mokafor`."""
    sid: str
    """For example `S-1-5-21-1825954961-3338807533-2873504967-1147`."""
    object_id: str
    """Cloud directory GUID."""
    role: PersonRole
    department: str
    title: str
    office: str
    """For example `Leeds`."""
    phone: str
    """Number on file in the personnel system; empty for service accounts."""
    manager: str | None = None
    """Id of the manager's account."""
    shift: tuple[int, int] = (8, 17)
    """Local working hours, first inclusive, second exclusive."""


class Lease(Frozen):
    """An internal address that a device has for a time. Leases of one address never overlap."""

    address: str
    device: str
    from_ms: int
    until_ms: int
    """Exclusive."""


class Device(Frozen):
    """A machine of the organisation."""

    id: str
    """Opaque, for example `h-4c1e`."""
    hostname: str
    """Without suffix, upper case as Windows has it, for example `NLI-LT-0417`."""
    device_id: str
    """40 hexadecimal digits, as an endpoint sensor names it."""
    role: DeviceRole
    os_build: str
    """For example `Windows 11 23H2 (22631.4317)`."""
    owner: str | None = None
    """Account id of the primary user; None for servers and pooled machines."""
    shared: bool = False
    """Whether people other than the owner sign in to it."""
    serial: str = ""
    asset_tag: str = ""
    enrolled_at: str = ""
    """Date, `YYYY-MM-DD`."""


class Address(Frozen):
    """An address outside, or the organisation's own egress."""

    ip: str
    asn: int
    network: str
    """Holder of the autonomous system, for example `Orvane Mobile Portugal`."""
    country: str
    """ISO code, for example `PT`."""
    city: str
    kind: NetworkKind


class OutsideName(Frozen):
    """A domain outside the organisation."""

    domain: str
    """Registered domain, for example `northbeam-logistics.com`: the containable entity, and its own id."""
    addresses: tuple[str, ...]
    """Addresses it resolves to; each is an `Address` of the scene."""
    registered_on: str
    """Date, `YYYY-MM-DD`."""
    registrar: str
    category: NameCategory
    hosts: tuple[str, ...] = ()
    """Host labels in use, for example `login`, `cdn`."""


class Binary(Frozen):
    """A program file."""

    key: str
    """Name used in events, for example `powershell`."""
    file_name: str
    folder: str
    """For example `C:\\Windows\\System32`."""
    sha256: str
    company: str
    signer: str
    """Empty when unsigned."""
    trusted: bool
    """Whether the signature chain is valid."""
    prevalence: int
    """Devices of the organisation it was seen on in 30 days."""


class Application(Frozen):
    """An application registered in the cloud directory."""

    app_id: str
    """GUID."""
    name: str
    publisher: str
    publisher_verified: bool
    domain: str
    """Domain of its reply address."""


class DataAsset(Frozen):
    """Something worth stealing."""

    id: str
    """Opaque, for example `d-17fa`."""
    path: str
    """UNC path, site address or `mailbox:UPN`."""
    device: str | None = None
    """Id of the server that stores it; None in the cloud."""
    owner: str = ""
    """Account id."""
    classification: str = ""
    """For example `confidential`."""


class Organisation(Frozen):
    """Everything that exists before a case begins."""

    key: str
    """Stable short name, for example `eval-3`; history is cached under it."""
    name: str
    """For example `Northlake Instruments`."""
    suffix: str
    """DNS suffix, for example `northlake-instruments.com`."""
    netbios: str
    """For example `NLI`."""
    timezone_h: int
    """Hours that local time is ahead of UTC."""
    country: str
    accounts: tuple[Account, ...]
    devices: tuple[Device, ...]
    leases: tuple[Lease, ...]
    addresses: tuple[Address, ...]
    """Egress, carriers, homes, hotels, hosting, services."""
    names: tuple[OutsideName, ...]
    binaries: tuple[Binary, ...]
    applications: tuple[Application, ...]
    assets: tuple[DataAsset, ...]

"""A small organisation and one event of every kind, written by hand."""

from opensec_inspect.incident.facts.entities import (
    Account,
    Address,
    Application,
    Binary,
    DataAsset,
    Device,
    Lease,
    Organisation,
    OutsideName,
)
from opensec_inspect.incident.facts.events import (
    AnyEvent,
    Checked,
    Clicked,
    CloudOperated,
    Connected,
    FileUsed,
    LoggedOn,
    Mailed,
    Registered,
    SignedIn,
    Started,
    TicketWritten,
)
from opensec_inspect.incident.facts.scene import Scene

NOON = 1_789_473_600_000
"""2026-09-15T12:00:00Z."""
HOUR = 3_600_000
SID = "S-1-5-21-1825954961-3338807533-2873504967"


def account(number: int, name: str, sam: str, role: str = "office", **other: str) -> Account:
    local = name.lower().replace(" ", ".") if role != "service" else sam
    return Account.model_validate(
        {
            "id": f"u-{number:04x}",
            "display_name": name,
            "upn": f"{local}@northlake-instruments.com",
            "sam": sam,
            "sid": f"{SID}-{1100 + number}",
            "object_id": f"6f1c0f2e-8a47-4f0b-9a63-6b2f2f1f{number:04x}",
            "role": role,
            "department": "Sales",
            "title": "Clerk",
            "office": "Leeds",
            "phone": "" if role == "service" else f"+44 113 496 0{number:03d}",
        }
        | other
    )


def device(number: int, hostname: str, role: str = "laptop", owner: str | None = None) -> Device:
    return Device.model_validate(
        {
            "id": f"h-{number:04x}",
            "hostname": hostname,
            "device_id": f"{number:04x}8d1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b",
            "role": role,
            "os_build": "Windows 11 23H2 (22631.4317)",
            "owner": owner,
        }
    )


def binary(key: str, file_name: str, folder: str, signer: str = "Microsoft Windows") -> Binary:
    return Binary(
        key=key,
        file_name=file_name,
        folder=folder,
        sha256=(key.encode().hex() * 32)[:64],
        company="Microsoft Corporation" if signer else "",
        signer=signer,
        trusted=bool(signer),
        prevalence=24,
    )


MARA, BENEDIKT, DESK, BACKUP = "u-0001", "u-0002", "u-0003", "u-0004"
LAPTOP, OTHER, CONTROLLER, FILES = "h-0001", "h-0002", "h-0003", "h-0004"
LURE, PARTNER, SENSOR_CLOUD = "northbeam-logistics.com", "calderfreight.com", "endpoint-cloud.com"
HOTEL, HOSTING = "203.0.113.77", "198.51.100.23"

ORGANISATION = Organisation(
    key="train-90",
    name="Northlake Instruments",
    suffix="northlake-instruments.com",
    netbios="NLI",
    timezone_h=1,
    country="GB",
    accounts=(
        account(1, "Mara Okafor", "mokafor"),
        account(2, "Benedikt Voss", "bvoss"),
        account(3, "Priya Nair", "pnair", role="desk_analyst"),
        account(4, "Backup Service", "svc-backup", role="service"),
        account(5, "Jon Kerr", "jkerr", upn="jon.kerr@northlake-instruments.com"),
        account(6, "Jon Kerr", "jkerr2", upn="jon.kerr2@northlake-instruments.com"),
    ),
    devices=(
        device(1, "NLI-LT-0417", owner=MARA),
        device(2, "NLI-LT-0418", owner=BENEDIKT),
        device(3, "NLI-DC-01", role="domain_controller"),
        device(4, "NLI-FS-01", role="file_server"),
    ),
    leases=(
        Lease(address="10.20.4.57", device=OTHER, from_ms=NOON - 30 * HOUR, until_ms=NOON - 5 * HOUR),
        Lease(address="10.20.4.57", device=LAPTOP, from_ms=NOON - 5 * HOUR, until_ms=NOON + 5 * HOUR),
        Lease(address="10.20.4.58", device=OTHER, from_ms=NOON - 5 * HOUR, until_ms=NOON + 5 * HOUR),
        Lease(address="10.20.1.10", device=CONTROLLER, from_ms=0, until_ms=2 * NOON),
        Lease(address="10.20.1.20", device=FILES, from_ms=0, until_ms=2 * NOON),
    ),
    addresses=(
        Address(ip=HOTEL, asn=64500, network="Orvane Mobile", country="PT", city="Porto", kind="hotel"),
        Address(ip=HOSTING, asn=64510, network="Quillhost", country="NL", city="Delft", kind="hosting"),
    ),
    names=tuple(
        OutsideName(
            domain=domain,
            addresses=(HOSTING,),
            registered_on="2026-08-30",
            registrar="Namewell",
            category="unknown",
            hosts=("login",),
        )
        for domain in (LURE, PARTNER, SENSOR_CLOUD)
    ),
    binaries=(
        binary("powershell", "powershell.exe", r"C:\Windows\System32\WindowsPowerShell\v1.0"),
        binary("explorer", "explorer.exe", r"C:\Windows"),
        binary("edge", "msedge.exe", r"C:\Program Files (x86)\Microsoft\Edge\Application"),
        binary("sensor", "MsSense.exe", r"C:\Program Files\Windows Defender Advanced Threat Protection"),
        binary("whoami", "whoami.exe", r"C:\Windows\System32"),
        binary("dropper", "update.exe", r"C:\Users\mokafor\Downloads", signer=""),
    ),
    applications=(
        Application(
            app_id="10065ffb-8199-48bc-8ff5-912cb5b8295a",
            name="Office 365 Exchange Online",
            publisher="Microsoft",
            publisher_verified=True,
            domain="office.com",
        ),
    ),
    assets=(
        DataAsset(
            id="d-0001",
            path=r"\\NLI-FS-01\Finance\Payroll",
            device=FILES,
            owner=BENEDIKT,
            classification="confidential",
        ),
    ),
)
SCENE = Scene(organisation=ORGANISATION, seed="n0")

MAILED = Mailed(
    id="m1",
    at_ms=NOON,
    sender=f"billing@{LURE}",
    sender_name="Northbeam Billing",
    recipient=MARA,
    subject="Invoice 20714",
    body="Please see the portal.",
    urls=(f"https://login.{LURE}/i/20714",),
    sender_ip=HOSTING,
)
CLICKED = Clicked(
    id="c1",
    at_ms=NOON + 61_300,
    account=MARA,
    device=LAPTOP,
    mail="m1",
    url=f"https://login.{LURE}/i/20714",
    domain=LURE,
)
SIGNED_IN = SignedIn(
    id="s1",
    at_ms=NOON + 95_100,
    account=MARA,
    app="Office 365 Exchange Online",
    address=HOTEL,
    device=LAPTOP,
    session="0b9cfa7e-2a9e-4a0e-b1a4-7d2f5c1f0a33",
    user_agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    mfa="previously satisfied",
    risk="medium",
)
LOGGED_ON = LoggedOn(
    id="l1", at_ms=NOON + 120_000, account=BENEDIKT, device=FILES, origin=OTHER, logon_type=3
)
STARTED = Started(
    id="p1",
    at_ms=NOON + 130_000,
    device=LAPTOP,
    account=MARA,
    binary="powershell",
    command_line="powershell.exe -NoProfile -File .\\report.ps1",
    parent="explorer",
    parent_command_line=r"C:\Windows\Explorer.EXE",
)
CONNECTED = Connected(
    id="n1",
    at_ms=NOON + 140_000,
    device=LAPTOP,
    account=MARA,
    binary="edge",
    to=LURE,
    host_label="login",
    bytes_out=2_114,
    bytes_in=48_230,
    duration_ms=3_411,
    method="GET",
    uri="/i/20714",
)
INSIDE = Connected(
    id="n2",
    at_ms=NOON + 150_000,
    device=OTHER,
    account=BENEDIKT,
    to=FILES,
    port=445,
    service="smb",
    bytes_out=9_100,
    bytes_in=88_000,
    duration_ms=12_000,
)
FILE_USED = FileUsed(
    id="f1",
    at_ms=NOON + 160_000,
    device=FILES,
    account=BENEDIKT,
    origin=OTHER,
    action="FileRead",
    folder=r"\\NLI-FS-01\Finance\Payroll",
    name="2026-08.xlsx",
    size=88_214,
    share="Finance",
)
CLOUD_OPERATED = CloudOperated(
    id="o1",
    at_ms=NOON + 170_000,
    account=MARA,
    operation="New-InboxRule",
    workload="Exchange",
    address=HOTEL,
    session="0b9cfa7e-2a9e-4a0e-b1a4-7d2f5c1f0a33",
    app="Office 365 Exchange Online",
    object=MARA,
    target=f"m.okafor@{PARTNER}",
    target_domain=PARTNER,
    label="Holiday cover",
)
TICKET = TicketWritten(
    id="t1",
    at_ms=NOON + 180_000,
    number="IMS0098214",
    record_type="interaction",
    state="New",
    opened_by=MARA,
    requested_for=MARA,
    contact="self-service",
    summary="Printer on floor 2",
    description="It says offline.",
    session="0b9cfa7e-2a9e-4a0e-b1a4-7d2f5c1f0a33",
)
CHECKED = Checked(
    id="k1",
    at_ms=NOON + 190_000,
    number="IDV0003312",
    about="IMS0098214",
    subject=MARA,
    method="call_back",
    number_source="personnel_system",
    performed_by=DESK,
    answer="confirmed",
)
REGISTERED = Registered(
    id="r1",
    at_ms=NOON + 200_000,
    register="travel",
    number="TRV00412",
    party=MARA,
    object="PT",
    entered_by=DESK,
)
EVENTS: tuple[AnyEvent, ...] = (
    MAILED,
    CLICKED,
    SIGNED_IN,
    LOGGED_ON,
    STARTED,
    CONNECTED,
    INSIDE,
    FILE_USED,
    CLOUD_OPERATED,
    TICKET,
    CHECKED,
    REGISTERED,
)

"""Programs, cloud applications and data of an organisation."""

from collections.abc import Sequence

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account, Application, Binary, DataAsset, Device
from opensec_inspect.incident.facts.lists import guid, read_list
from opensec_inspect.incident.facts.vendors import Vendor, fixed_domain, vendors

SPREAD: dict[str, tuple[float, float]] = {
    "all": (0.93, 1.0),
    "many": (0.6, 0.85),
    "some": (0.15, 0.35),
    "few": (0.02, 0.1),
    "dev": (0.08, 0.16),
    "servers": (0.14, 0.24),
}
"""Share of the organisation's devices that a program was seen on, lowest and highest."""


def binaries(key: str, devices: int) -> tuple[Binary, ...]:
    """Every program that routine starts; `devices` is how many machines the organisation has."""
    lists = read_list("programs")
    found = [
        _binary(key, devices, name, row[0], row[1], *MICROSOFT[kind], row[2])
        for kind in MICROSOFT
        for name, row in lists[kind].items()
    ]
    found += [_binary(key, devices, name, *row) for name, row in lists["tools"].items()]
    for vendor in vendors(key).values():
        for name, (file, folder, company, trusted, spread) in vendor.products.items():
            signer = company if trusted else ""
            found.append(_binary(key, devices, name, file, folder, company, signer, trusted, spread))
    return tuple(found)


MICROSOFT = {
    "windows": ("Microsoft Corporation", "Microsoft Windows", True),
    "microsoft": ("Microsoft Corporation", "Microsoft Corporation", True),
}
"""Company, signer and trust of programs that come with Windows, and of Microsoft's other programs."""


def _binary(
    key: str,
    devices: int,
    name: str,
    file: str,
    folder: str,
    company: str,
    signer: str,
    trusted: bool,
    spread: str,
) -> Binary:
    """A program; its hash is the same in all organisations that have it."""
    lowest, highest = SPREAD[spread]
    share = lowest + (highest - lowest) * Dice(f"{key}|prevalence|{name}").below(1000) / 1000
    return Binary(
        key=name,
        file_name=file,
        folder=folder,
        sha256=Dice(f"sha256|{file}|{folder}").hex(64),
        company=company,
        signer=signer,
        trusted=trusted,
        prevalence=max(1, round(devices * share)),
    )


def applications(key: str) -> tuple[Application, ...]:
    """Microsoft's applications and the organisation's own choice of others."""
    found = [
        Application(
            app_id=app_id,
            name=name,
            publisher="Microsoft Services",
            publisher_verified=True,
            domain=fixed_domain(key, "platform"),
        )
        for name, app_id in read_list("programs")["applications"]
    ]
    return (*found, *(one for vendor in vendors(key).values() for one in _third_party(key, vendor)))


def _third_party(key: str, vendor: Vendor) -> list[Application]:
    """A vendor's applications, each registered in this organisation's tenant under an id of its own."""
    return [
        Application(
            app_id=guid(Dice(f"application|{key}|{name}")),
            name=name,
            publisher=publisher,
            publisher_verified=verified,
            domain=vendor.domain,
        )
        for name, publisher, verified in vendor.applications
    ]


def assets(
    key: str, profile: dict[str, str], accounts: Sequence[Account], devices: Sequence[Device]
) -> tuple[DataAsset, ...]:
    """Shares, sites and mailboxes worth stealing."""
    work = read_list("organisations")["trades"][profile["trade"]]
    dice, site = (
        Dice(f"{key}|assets"),
        f"https://{profile['netbios'].lower()}.{fixed_domain(key, 'platform')}/sites/",
    )
    server = next(d for d in devices if d.role == "file_server")
    erp = next(d for d in devices if d.role == "app_server")
    backup = next(d for d in devices if d.role == "backup_server")
    fqdn = f"\\\\{server.hostname}\\"
    owners = {
        role: next(a for a in accounts if a.role == role)
        for role in ("executive", "finance", "administrator", "developer")
    }
    people = next(a for a in accounts if a.department == "People")
    sales = next(a for a in accounts if a.department == "Sales")
    rows = [
        (f"{fqdn}Finance$", server.id, owners["finance"], "confidential"),
        (f"{fqdn}People$", server.id, people, "restricted"),
        *((f"{fqdn}{share}", server.id, sales, "internal") for share in work["shares"]),
        (f"{site}Board", None, owners["executive"], "restricted"),
        *(
            (f"{site}{one}", None, owners["developer"] if n == 0 else sales, "confidential")
            for n, one in enumerate(work["sites"])
        ),
        (f"\\\\{erp.hostname}\\ERPData$", erp.id, owners["administrator"], "confidential"),
        (f"\\\\{backup.hostname}\\Repository$", backup.id, owners["administrator"], "restricted"),
        *(
            (f"mailbox:{owners[role].upn}", None, owners[role], "confidential")
            for role in ("executive", "finance")
        ),
        (f"mailbox:{people.upn}", None, people, "restricted"),
    ]
    return tuple(
        DataAsset(id=f"d-{dice.hex(4)}", path=path, device=device, owner=owner.id, classification=label)
        for path, device, owner, label in rows
    )

"""How sensors write the entities they see: each source has its own form of a name."""

from opensec_inspect.incident.facts.scene import Scene

BUILT_IN = {
    "SYSTEM": ("NT AUTHORITY\\SYSTEM", "S-1-5-18"),
    "LOCAL SERVICE": ("NT AUTHORITY\\LOCAL SERVICE", "S-1-5-19"),
    "NETWORK SERVICE": ("NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20"),
}
"""Accounts that every Windows machine has: written name and security id."""


def windows_account(account: str, scene: Scene) -> tuple[str, str]:
    """`DOMAIN\\name` and security id of an account, a machine account or a built-in one."""
    if account in BUILT_IN:
        return BUILT_IN[account]
    found = scene.accounts.get(account)
    if found is not None:
        return f"{scene.organisation.netbios}\\{found.sam}", found.sid
    device = scene.devices[account]
    return f"{scene.organisation.netbios}\\{device.hostname}$", machine_sid(account, scene)


def machine_sid(device: str, scene: Scene) -> str:
    """Security id of a machine account: the domain's, ended by a number of its own."""
    domain = scene.organisation.accounts[0].sid.rpartition("-")[0]
    return f"{domain}-{scene.machine_numbers[device]}"


def fqdn(device: str | None, scene: Scene) -> str:
    """Name with suffix in lower case, as endpoint sensors write it; empty for None."""
    return f"{scene.devices[device].hostname}.{scene.organisation.suffix}".lower() if device else ""


def hostname(device: str | None, scene: Scene) -> str:
    """Name without suffix, as the network sensor and the cloud write it; empty for None."""
    return scene.devices[device].hostname if device else ""


def cloud_device_id(device_id: str) -> str:
    """GUID under which the cloud directory knows a device: the first 32 digits of the sensor's id."""
    return "-".join((device_id[:8], device_id[8:12], device_id[12:16], device_id[16:20], device_id[20:32]))


def upn(account: str | None, scene: Scene) -> str:
    """User principal name of an account id; an address outside stays as it is, None is empty."""
    if not account:
        return ""
    found = scene.accounts.get(account)
    return found.upn if found is not None else account


def written(entity: str, scene: Scene) -> str:
    """An entity as people and platforms enter it: UPN, hostname or path; other text stays as it is."""
    if entity in scene.accounts:
        return scene.accounts[entity].upn
    if entity in scene.devices:
        return scene.devices[entity].hostname
    return scene.assets[entity].path if entity in scene.assets else entity


def person(account: str, scene: Scene) -> str:
    """A person as tickets show one: the display name, with the address where two people share it."""
    found = scene.accounts.get(account)
    if found is None:
        return account
    name = found.display_name
    return name if name in scene.unique_names else f"{name} ({found.upn})"


def network_of(address: str, scene: Scene) -> tuple[str, str]:
    """Autonomous system and location of an address; both empty for one inside."""
    found = scene.addresses.get(address)
    return (f"AS{found.asn} {found.network}", f"{found.city}, {found.country}") if found else ("", "")

"""Connections: of people who browse, of programs that report, between machines."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, around
from opensec_inspect.incident.facts.events import Connected
from opensec_inspect.incident.facts.lists import read_list

INSIDE: dict[str, tuple[int, int, int, int]] = {
    "krb_tcp": (88, 1_800, 1_900, 40),
    "ldap_tcp": (389, 2_600, 5_200, 400),
    "ldap_udp": (389, 205, 180, 3),
    "dns": (53, 47, 170, 12),
    "ntp": (123, 68, 68, 2),
    "dce_rpc": (135, 2_700, 1_100, 8_000),
    "winrm": (5985, 5_200, 8_900, 900),
    "smb": (445, 24_000, 160_000, 45_000),
    "rdp": (3389, 900_000, 9_000_000, 1_500_000),
    "http": (8080, 3_000, 40_000, 900),
    "ssl": (443, 9_000, 70_000, 6_000),
    "ssh": (22, 30_000, 60_000, 300_000),
    "mssql": (1433, 12_000, 90_000, 20_000),
}
"""Port, bytes out and in, and milliseconds of a typical connection between machines."""
FIXED_SIZE = frozenset({"ntp"})
"""Services whose packets have one size."""


def reach(
    setting: Setting,
    device: str,
    to: str,
    service: str,
    minute: float,
    dice: Dice,
    *,
    account: str | None = None,
    concern: str,
    **changes: Any,
) -> Connected:
    """A connection from machine to machine."""
    port, out, back, duration = INSIDE[service]
    fixed = service in FIXED_SIZE
    fields = {
        "device": device,
        "account": account,
        "to": to,
        "port": port,
        "service": service,
        "bytes_out": out if fixed else around(dice, out),
        "bytes_in": back if fixed else around(dice, back),
        "duration_ms": around(dice, duration),
    }
    return setting.add(Connected, concern, account or device, setting.at(minute, dice), **(fields | changes))


def call_out(
    setting: Setting,
    device: str,
    domain: str,
    minute: float,
    dice: Dice,
    *,
    concern: str,
    actor: str = "",
    **changes: Any,
) -> Connected:
    """A connection to a name outside, with its certificate."""
    label = _label(setting, domain, dice)
    fields = {
        "device": device,
        "to": domain,
        "host_label": label,
        "bytes_out": around(dice, 3_100),
        "bytes_in": around(dice, 26_000),
        "duration_ms": around(dice, 2_400),
        "certificate_subject": f"CN=*.{domain}" if len(label) % 2 else f"CN={label}.{domain}",
        "certificate_issuer": Dice(f"issuer|{domain}").pick(read_list("affairs")["certificate_issuers"]),
    }
    return setting.add(Connected, concern, actor or device, setting.at(minute, dice), **(fields | changes))


def browse(
    setting: Setting, person: Person, minute: float, dice: Dice, domain: str, **changes: Any
) -> Connected:
    """A page or a service opened in the browser."""
    fields: dict[str, Any] = {
        "account": person.id,
        "binary": "msedge",
        "bytes_in": around(dice, 240_000),
        "bytes_out": around(dice, 9_000),
    }
    if dice.chance(0.25):
        method = "POST" if dice.chance(0.2) else "GET"
        fields |= {"method": method, "uri": dice.pick(read_list("affairs")[f"{method.lower()}_paths"])}
    return call_out(
        setting,
        str(person.device),
        domain,
        minute,
        dice,
        concern="browse",
        actor=person.id,
        **(fields | changes),
    )


def _label(setting: Setting, domain: str, dice: Dice) -> str:
    name = setting.scene.names[domain]
    return dice.pick(name.hosts) if name.hosts else "www"

"""Connections that look like more: refreshing pages, big uploads, stopped requests."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.network import browse, call_out
from opensec_inspect.incident.behaviours.base.records import analyst_at, entry
from opensec_inspect.incident.behaviours.base.setting import Setting, around, occasions
from opensec_inspect.incident.behaviours.occasions.changes import administrator
from opensec_inspect.incident.behaviours.occasions.parts import somebody

CLIENTS = ("msedge", "print_client", "label_service", "teams")


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "refreshing page", 1, 3):
        _refreshing(setting, dice)
    for dice in occasions(setting, "big upload", 1.5, 6):
        _big_upload(setting, dice)
    for dice in occasions(setting, "stopped requests", 0.5, 1):
        _stopped(setting, dice, 6)
    for dice in occasions(setting, "stopped request", 3, 14):
        _stopped(setting, dice, 1)
    for dice in occasions(setting, "refused form", 1, 4):
        _refused_form(setting, dice)


def _refreshing(setting: Setting, dice: Dice) -> None:
    """A newly bought service that asks its server every two or three minutes; it was let in by request."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    domain, binary = dice.pick(setting.names_of("unknown", "vendor", "saas")), dice.pick(CLIENTS)
    every, low = dice.between(110, 190) / 60, dice.between(620, 1_900)
    label = dice.pick(setting.scene.names[domain].hosts or ("www",))
    for _ in range(dice.between(9, 13)):
        fields: dict[str, Any] = {
            "bytes_out": low + dice.below(900),
            "bytes_in": 3 * low + dice.below(2_900),
            "duration_ms": around(dice, 420),
        }
        call_out(
            setting,
            str(person.device),
            domain,
            minute,
            dice,
            concern="refresh",
            binary=binary,
            host_label=label,
            account=person.id,
            **fields,
        )
        minute += every * (0.85 + 0.3 * dice.below(1000) / 1000)
    by = administrator(setting, dice) or analyst_at(setting, minute)
    if by is not None:
        entry(
            setting,
            by.where.begins + 25,
            dice,
            "names allowed",
            "REG",
            person.id,
            domain,
            by,
            scope="new service, whole company",
        )


def _big_upload(setting: Setting, dice: Dice) -> None:
    """Drawings, films or a data set for a partner or customer."""
    if (found := somebody(setting, dice, "office", "developer", "finance")) is not None:
        person, minute = found
        domain = dice.pick(
            (*setting.names_of("partner", "customer"), setting.domain("signing"), setting.domain("platform"))
        )
        fields = {
            "bytes_out": around(dice, 120_000_000),
            "duration_ms": around(dice, 160_000),
            "method": "POST",
            "uri": "/upload",
        }
        browse(setting, person, minute, dice, domain, **fields)


def _stopped(setting: Setting, dice: Dice, count: int) -> None:
    """Advertisements, private storage: requests that the proxy does not let out."""
    if (found := somebody(setting, dice)) is not None:
        person, minute = found
        domain = dice.pick(setting.names_of("advertising", "personal_cloud", "unknown"))
        for _ in range(count):
            browse(setting, person, minute, dice, domain, outcome="denied")
            minute += dice.between(5, 80) / 60


def _refused_form(setting: Setting, dice: Dice) -> None:
    """A form that the proxy did not let out."""
    if (found := somebody(setting, dice)) is not None:
        person, minute = found
        contact = dice.pick(affairs(setting.key, setting.noise).contacts)
        fields = {
            "outcome": "denied",
            "method": "POST",
            "uri": dice.pick(("/session", "/login", "/form", "/account/orders")),
        }
        browse(setting, person, minute, dice, contact.domain, bytes_out=dice.between(1_800, 4_900), **fields)

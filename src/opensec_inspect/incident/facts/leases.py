"""Internal addresses by time: servers keep theirs, those of laptops change hands."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account, Device, Lease
from opensec_inspect.incident.facts.machines import REIMAGED_DAYS
from opensec_inspect.incident.facts.whereabouts import Absence, whereabouts

DAYS_BEFORE, DAYS_AFTER = 22, 3
CLIENT_ROLES = frozenset({"laptop", "workstation"})
DAY_MS = 86_400_000
Segment = tuple[int, int, str, bool]
"""From, until (ms, exclusive), device id, whether through the gateway."""


def leases(
    key: str,
    accounts: Sequence[Account],
    devices: Sequence[Device],
    planned: Sequence[Absence],
    today: date,
    timezone_h: int,
) -> tuple[Lease, ...]:
    """Every lease around today; each device that is in use has exactly one at any time."""
    first = midnight_ms(today - timedelta(days=DAYS_BEFORE), timezone_h)
    last = midnight_ms(today + timedelta(days=DAYS_AFTER), timezone_h)
    net = Dice(f"{key}|internal network").between(12, 240)
    servers = [d for d in devices if d.role not in CLIENT_ROLES]
    found = [
        Lease(address=f"10.{net}.10.{11 + 3 * n}", device=d.id, from_ms=first, until_ms=last)
        for n, d in enumerate(servers)
    ]
    people = {a.id: a for a in accounts}
    segments = [
        segment
        for device in devices
        if device.role in CLIENT_ROLES
        for segment in _segments(key, device, people, planned, today, timezone_h)
    ]
    cut = midnight_ms(today - timedelta(days=REIMAGED_DAYS), timezone_h) + 5 * 3_600_000 + 1_437_211
    serials = [d.serial for d in devices]
    twice = {d.id: d.owner is not None for d in devices if serials.count(d.serial) == 2}
    return (*found, *_dealt(key, net, _cut_over(segments, twice, cut)))


def midnight_ms(day: date, timezone_h: int) -> int:
    """The beginning of a local day, in milliseconds since 1970 UTC."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=timezone_h)
    return int(at.timestamp()) * 1000


def _segments(
    key: str,
    device: Device,
    people: dict[str, Account],
    planned: Sequence[Absence],
    today: date,
    timezone_h: int,
) -> list[Segment]:
    """A device's time, cut where it changes between office and gateway, and at times for no reason."""
    owner, remote = people.get(device.owner or ""), False
    begins = midnight_ms(today - timedelta(days=DAYS_BEFORE), timezone_h)
    found: list[Segment] = []
    for offset in range(-DAYS_BEFORE + 1, DAYS_AFTER):
        day = today + timedelta(days=offset)
        where = whereabouts(key, owner, day, planned) if owner is not None else None
        now = remote if where is None or not where.working else where.place != "office"
        dice = Dice(f"{key}|lease|{device.id}|{day}")
        if now != remote or dice.chance(0.12):
            start = (
                where.begins - dice.between(6, 25)
                if where is not None and where.working
                else dice.between(180, 320)
            )
            change = midnight_ms(day, timezone_h) + start * 60_000 + dice.below(60_000)
            found.append((begins, change, device.id, remote))
            begins, remote = change, now
    return [*found, (begins, midnight_ms(today + timedelta(days=DAYS_AFTER), timezone_h), device.id, remote)]


def _cut_over(segments: list[Segment], twice: dict[str, bool], cut: int) -> list[Segment]:
    """The former entry of a laptop has leases until it was imaged again, the present entry since."""
    kept = []
    for begins, ends, device, remote in segments:
        if device in twice:
            begins, ends = (max(begins, cut), ends) if twice[device] else (begins, min(ends, cut))
        if begins < ends:
            kept.append((begins, ends, device, remote))
    return kept


def _dealt(key: str, net: int, segments: list[Segment]) -> list[Lease]:
    """Addresses for segments: often the device's former one, else one that is free; many change hands."""
    free_from, former = dict[str, int](), dict[tuple[str, bool], str]()
    found = []
    for begins, ends, device, remote in sorted(segments):
        dice = Dice(f"{key}|address|{device}|{begins}")
        pool = [f"10.{net}.{60 if remote else 20}.{n}" for n in range(21, 21 + (60 if remote else 95))]
        free = [a for a in pool if free_from.get(a, 0) <= begins]
        mine = former.get((device, remote), "")
        address = mine if mine in free and dice.chance(0.55) else dice.pick(free)
        used = [a for a in free if a in free_from]
        if address != mine and used and dice.chance(0.5):
            address = dice.pick(used)
        free_from[address], former[device, remote] = ends, address
        found.append(Lease(address=address, device=device, from_ms=begins, until_ms=ends))
    return found

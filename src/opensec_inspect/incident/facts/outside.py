"""Networks, addresses and names outside an organisation.

Addresses come from two blocks that are on nobody's public network and are not the documentation ranges that
all know: shared address space (100.64.0.0/10, RFC 6598) and benchmarking (198.18.0.0/15, RFC 2544).
Every network draws its prefixes from both, so a block says nothing about its kind. Numbers of autonomous
systems come from 65552-131071, which is reserved. Domains are long compounds of invented words.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import Account, Address, NameCategory, NetworkKind, OutsideName
from opensec_inspect.incident.facts.lists import read_list, side_of
from opensec_inspect.incident.facts.vendors import vendors

FIRST_ASN, LAST_ASN = 65_552, 131_071
CORE_NAMES, NAMES = 40, 150
HOSTING_CLIENTS = 3
"""Addresses of hosting companies that ordinary sign-ins come from: hosted desktops, connectors."""
MORE_NAMES: tuple[tuple[NameCategory, int, int], ...] = (
    ("partner", 5, 25),
    ("customer", 5, 29),
    ("vendor", 2, 16),
    ("saas", 1, 14),
    ("news", 2, 8),
    ("government", 1, 4),
    ("cdn", 1, 7),
    ("advertising", 1, 7),
    ("personal_cloud", 0, 3),
    ("webmail", 1, 2),
    ("hosting", 1, 4),
    ("unknown", 2, 13),
)
"""Names beside the fixed ones by category: of the core, and in all."""
AGES: dict[str, tuple[int, int]] = {"unknown": (9, 700), "saas": (120, 4200), "personal_cloud": (500, 4200)}
"""Days since registration, lowest and highest; others are 400 to 8,800 days old."""


class Outside(Frozen):
    """Everything outside that an organisation knows."""

    addresses: tuple[Address, ...]
    names: tuple[OutsideName, ...]


class Networks:
    """Hands out addresses; none twice in one organisation."""

    def __init__(self, key: str) -> None:
        self._key, self._taken = key, set[str]()

    def address(self, network: str, kind: NetworkKind, country: str, city: str) -> Address:
        """A new address of that network."""
        dice = Dice(f"{self._key}|{network}|{kind}|{city}|{len(self._taken)}")
        first, second, third = dice.pick(prefixes(network))
        while (ip := f"{first}.{second}.{third + dice.below(16)}.{dice.between(2, 250)}") in self._taken:
            pass
        self._taken.add(ip)
        return Address(ip=ip, asn=asn(network), network=network, country=country, city=city, kind=kind)


def asn(network: str) -> int:
    """The autonomous system number of an invented network, the same everywhere."""
    return Dice(f"asn|{network}").between(FIRST_ASN, LAST_ASN)


@cache
def prefixes(network: str) -> tuple[tuple[int, int, int], ...]:
    """Three blocks of 4,096 addresses of a network, the same everywhere."""
    dice = Dice(f"prefixes|{network}")
    return tuple(
        (198, dice.between(18, 19), 16 * dice.below(16))
        if dice.chance(0.4)
        else (100, dice.between(64, 127), 16 * dice.below(16))
        for _ in range(3)
    )


def outside(key: str, profile: dict[str, str], accounts: Sequence[Account], today: date) -> Outside:
    """Addresses of people and places, and names with the addresses they resolve to."""
    networks = Networks(key)
    found = [
        *_own(key, profile, networks),
        *_people(key, profile, accounts, networks),
        *_abroad(key, profile, networks),
    ]
    names, theirs = [], []
    for name, addresses in _names(key, profile, today, networks):
        names.append(name)
        theirs += addresses
    return Outside(addresses=(*found, *theirs), names=tuple(names))


def newcomer(
    key: str, purpose: str, category: NameCategory, today: date, profile: dict[str, str]
) -> tuple[OutsideName, tuple[Address, ...]]:
    """A name that the organisation has never dealt with, and its addresses; drawn for one purpose."""
    hosts = tuple(read_list("outside")["hosts"][category])
    domain = _invented(key, f"{category}|{purpose}", set())
    name, addresses = _name(key, profile, today, Networks(f"{key}|{purpose}"), domain, category, hosts)
    return name, tuple(addresses)


def _own(key: str, profile: dict[str, str], networks: Networks) -> Iterable[Address]:
    """Egress per office, and the gateway for remote work at home and in another country."""
    holders, country = read_list("outside")["networks"][side_of(key)], profile["country"]
    for office in profile["offices"].split("|"):
        yield networks.address(holders["office"], "office", country, office)
    yield networks.address(holders["vpn"], "vpn", country, profile["offices"].split("|")[0])
    there = Dice(f"{key}|gateway").pick(
        [d for d in read_list("organisations")["destinations"] if d[0] != country]
    )
    yield networks.address(holders["vpn"], "vpn", there[0], there[1])


def _people(
    key: str, profile: dict[str, str], accounts: Sequence[Account], networks: Networks
) -> Iterable[Address]:
    """A home and a mobile address per person, in the order of the accounts."""
    holders, country = read_list("outside")["networks"][side_of(key)], profile["country"]
    for account in accounts:
        if account.role == "service":
            continue
        yield networks.address(
            Dice(f"{key}|home|{account.id}").pick(holders["home"]), "home", country, account.office
        )
        yield networks.address(f"{holders['mobile']} {country}", "mobile", country, account.office)


def _abroad(key: str, profile: dict[str, str], networks: Networks) -> Iterable[Address]:
    """Hotels and carriers at eight destinations, and hosting companies."""
    holders, dice = read_list("outside")["networks"][side_of(key)], Dice(f"{key}|destinations")
    elsewhere = [d for d in read_list("organisations")["destinations"] if d[0] != profile["country"]]
    for country, city in dice.some(elsewhere, 8):
        for _ in range(2):
            yield networks.address(f"{holders['hotel']} {country}", "hotel", country, city)
            yield networks.address(f"{holders['mobile']} {country}", "mobile", country, city)
    for number in range(HOSTING_CLIENTS):
        country, city = dice.pick(elsewhere)
        yield networks.address(holders["hosting"][number % 3], "hosting", country, city)


def _names(
    key: str, profile: dict[str, str], today: date, networks: Networks
) -> Iterable[tuple[OutsideName, list[Address]]]:
    wanted: list[NameCategory] = [category for category, core, _ in MORE_NAMES for _ in range(core)]
    wanted += [category for category, core, total in MORE_NAMES for _ in range(total - core)]
    for one in vendors(key).values():
        if one.category is not None:
            yield _name(key, profile, today, networks, one.domain, one.category, one.hosts)
    seen = set[str]()
    for category in wanted:
        domain = _invented(key, category, seen)
        hosts = tuple(read_list("outside")["hosts"][category])
        yield _name(key, profile, today, networks, domain, category, hosts)


def _invented(key: str, category: str, seen: set[str]) -> str:
    """A domain that was not there before: two invented syllables and what its holder does."""
    lists = read_list("outside")
    kind = category.split("|")[0]
    dice = Dice(f"{key}|domain|{category}|{len(seen)}")
    while True:
        stem = dice.pick(lists["heads"][side_of(key)]) + dice.pick(lists["tails"])
        domain = f"{stem}-{dice.pick(lists['words'][kind])}.{dice.pick(lists['tlds'])}"
        if stem not in seen:
            seen.add(stem)
            return domain


def _name(
    key: str,
    profile: dict[str, str],
    today: date,
    networks: Networks,
    domain: str,
    category: NameCategory,
    hosts: tuple[str, ...],
) -> tuple[OutsideName, list[Address]]:
    dice = Dice(f"{key}|name|{domain}")
    lowest, highest = AGES.get(category, (400, 8800))
    addresses = [
        networks.address(*_holder(key, category, dice), *_place(profile, category, dice))
        for _ in range(dice.between(1, 2))
    ]
    name = OutsideName(
        domain=domain,
        addresses=tuple(a.ip for a in addresses),
        registered_on=str(today - timedelta(days=dice.between(lowest, highest))),
        registrar=dice.pick(read_list("outside")["registrars"]),
        category=category,
        hosts=hosts,
    )
    return name, addresses


def _holder(key: str, category: NameCategory, dice: Dice) -> tuple[str, NetworkKind]:
    """Whose network a name of that category is on, and its kind."""
    holders = read_list("outside")["networks"][side_of(key)]
    if category in {"saas", "personal_cloud"}:
        return holders["saas"], "saas"
    if category in {"cdn", "news", "advertising"}:
        return holders["cdn"], "cdn"
    if category == "webmail":
        return holders["mail"], "mail"
    return dice.pick(holders["hosting"]), "hosting"


def _place(profile: dict[str, str], category: NameCategory, dice: Dice) -> tuple[str, str]:
    if category in {"saas", "cdn", "webmail", "government", "news"} or dice.chance(0.4):
        return profile["country"], profile["offices"].split("|")[0]
    country, city = dice.pick(read_list("organisations")["destinations"])
    return country, city

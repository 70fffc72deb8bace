"""Organisations whose hosts, users, domains and data look alike whatever part they will play."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.generate.texts import Split
from opensec_inspect.incident.scenario.network import DataAsset, Host, Network, User
from opensec_inspect.incident.telemetry.forms import data

SHARED_HOSTS = 3
SPLIT_WORDS = (
    "organisations",
    "first_names",
    "last_names",
    "host_words",
    "plain_words",
    "shady_words",
    "asset_names",
)
"""Lists of which train takes every other word and eval the rest."""


def make_network(dice: Dice, split: Split) -> Network:
    """An organisation with 6 to 12 users, 8 to 12 hosts, 8 to 15 domains and 3 to 6 data assets.

    Three hosts are shared, the others are workstations with an owner each. Ids are random, so the
    order of the inventory says nothing.
    """
    words = vocabulary(split)
    organisation = dice.pick(words["organisations"])
    suffix = f"{organisation.split()[0].lower()}.example"
    stations = dice.between(5, 9)
    users = _users(dice, words, suffix, count=stations + dice.between(1, 3))
    hosts = _hosts(dice, words, dice.some(users, stations))
    # As many domains as machines with an item in the queue: each has one, and none stands out by it.
    domains = _domains(dice, words, count=stations + max(8 - stations, dice.between(0, SHARED_HOSTS)))
    shared = [host for host in hosts if host.owner is None]
    return Network(
        organisation=organisation,
        suffix=suffix,
        hosts=tuple(sorted(hosts, key=lambda host: host.id)),
        users=tuple(sorted(users, key=lambda user: user.id)),
        domains=tuple(sorted(domains)),
        data_assets=_assets(dice, words, shared, count=dice.between(3, 6)),
    )


def vocabulary(split: Split) -> dict[str, list[str]]:
    """The word lists of a split: train and eval name nothing alike."""
    lists: dict[str, list[str]] = data("words")
    return {
        name: words[split == "eval" :: 2] if name in SPLIT_WORDS else words for name, words in lists.items()
    }


def _users(dice: Dice, words: dict[str, list[str]], suffix: str, *, count: int) -> list[User]:
    last_names = dice.some(words["last_names"], count)
    users: list[User] = []
    for first, last in zip(dice.some(words["first_names"], count), last_names, strict=True):
        account = f"{first[0]}{last}".lower()
        users.append(
            User(
                id=_unused(dice, "u", [user.id for user in users]),
                name=f"{first} {last}",
                email=f"{first}.{last}@{suffix}".lower(),
                account=account,
                department=dice.pick(words["departments"]),
                title=dice.pick(words["titles"]),
            )
        )
    return users


def _hosts(dice: Dice, words: dict[str, list[str]], owners: list[User]) -> list[Host]:
    roles = ["file server", "file server", dice.pick(words["shared_roles"][1:])]
    kinds = [*((role, None) for role in roles), *(("workstation", user.id) for user in owners)]
    names = dice.some(words["host_words"], len(kinds))
    subnet = f"10.{dice.between(2, 250)}.{dice.between(0, 250)}"
    numbers = dice.some(range(10, 250), len(kinds))
    hosts: list[Host] = []
    for (role, owner), name, number in zip(kinds, names, numbers, strict=True):
        hosts.append(
            Host(
                id=_unused(dice, "h", [host.id for host in hosts]),
                hostname=f"{name}-{dice.between(10, 99)}",
                ip=f"{subnet}.{number}",
                role=role,
                owner=owner,
            )
        )
    return hosts


def _domains(dice: Dice, words: dict[str, list[str]], *, count: int) -> list[str]:
    # A third look shady and two thirds plain in every organisation; who plays which part is drawn later.
    shady = max(3, count // 3)
    names = {f"{a}-{b}" for a, b in _pairs(dice, words["shady_words"], words["plain_words"], shady)}
    names |= {f"{a}{b}" for a, b in _pairs(dice, words["plain_words"], words["plain_tails"], count - shady)}
    return [f"{name}.example" for name in dice.shuffled(sorted(names))]


def _pairs(dice: Dice, firsts: list[str], seconds: list[str], count: int) -> list[tuple[str, str]]:
    return [(first, dice.pick(seconds)) for first in dice.some(firsts, count)]


def looks_shady(domain: str) -> bool:
    """Whether a domain is named as phishing sites are imagined."""
    return domain.split("-")[0] in data("words")["shady_words"]


def _assets(
    dice: Dice, words: dict[str, list[str]], shared: list[Host], *, count: int
) -> tuple[DataAsset, ...]:
    servers = [host for host in shared if host.role == "file server"]
    assets: list[DataAsset] = []
    for number, name in enumerate(dice.some(words["asset_names"], count)):
        assets.append(
            DataAsset(
                id=_unused(dice, "d", [asset.id for asset in assets]),
                path=f"{dice.pick(words['asset_roots'])}/{name}-{dice.between(2019, 2026)}",
                host=servers[number % len(servers)].id,
                classification=dice.pick(words["classifications"]),
            )
        )
    return tuple(sorted(assets, key=lambda asset: asset.id))


def _unused(dice: Dice, prefix: str, taken: list[str]) -> str:
    """An opaque id; one organisation in four hundred would otherwise have two things of one id."""
    while (drawn := f"{prefix}-{dice.hex(4)}") in taken:
        pass
    return drawn

"""The organisations: eight per side, named in a committed list, and any number of fresh ones."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import Noise, Organisation
from opensec_inspect.incident.facts.leases import leases
from opensec_inspect.incident.facts.lists import read_list, side_of
from opensec_inspect.incident.facts.machines import CORE_DEVICES, machines
from opensec_inspect.incident.facts.outside import CORE_NAMES, outside
from opensec_inspect.incident.facts.people import CORE_ACCOUNTS, people
from opensec_inspect.incident.facts.programs import applications, assets, binaries
from opensec_inspect.incident.facts.whereabouts import Absence, absences

PER_SIDE = 8


class Site(Frozen):
    """An organisation whole, with what is planned in it."""

    organisation: Organisation
    absences: tuple[Absence, ...]
    today: date


def organisation(key: str, noise: Noise) -> Organisation:
    """The organisation of that key: `train-0` to `train-7`, `eval-0` to `eval-7`, or `fresh-N`.

    At `desk` it is its core of 25 accounts, 25 devices and 40 outside names; ids are those of `soc`.
    Raises `ValueError` for another key.
    """
    return site(key, noise).organisation


def organisation_day(key: str) -> str:
    """The date that is today in that organisation, `YYYY-MM-DD`: a Tuesday, Wednesday or Thursday."""
    return str(profile(key)["day"])


@lru_cache(maxsize=64)
def site(key: str, noise: Noise) -> Site:
    """The organisation with its trips and leaves."""
    whole = _site(key)
    if noise == "soc":
        return whole
    organisation, kept = (
        _core(whole.organisation),
        {a.id for a in whole.organisation.accounts[:CORE_ACCOUNTS]},
    )
    planned = tuple(one for one in whole.absences if one.account in kept)
    return Site(organisation=organisation, absences=planned, today=whole.today)


def profile(key: str) -> dict[str, Any]:
    """Name, suffix, country, trade and day of an organisation."""
    side, _, number = key.partition("-")
    if side in {"train", "eval"} and number.isdecimal() and int(number) < PER_SIDE:
        found: dict[str, Any] = read_list("organisations")[side][int(number)]
        return found
    if side == "fresh" and number.isdecimal():
        return _fresh(key)
    raise ValueError(f"organisation={key!r} is not one of train-0 to train-7, eval-0 to eval-7, or fresh-N.")


def _fresh(key: str) -> dict[str, Any]:
    """A generated profile: an invented place name and a trade."""
    dice, lists, words = Dice(f"{key}|profile"), read_list("organisations")["fresh"], read_list("outside")
    trade = dice.pick(sorted(lists["trades"]))
    stem = (
        dice.pick(words["heads"][side_of(key)])
        + dice.pick(words["tails"])
        + dice.pick(("ham", "by", "worth", "stead", "dale", "minster"))
    )
    name = f"{stem.capitalize()} {dice.pick(lists['trades'][trade])}"
    weeks = dice.below(15)
    day = date(2026, 6, 9) + timedelta(days=7 * weeks + dice.below(3))
    place: dict[str, Any] = dice.pick(lists["places"])
    return place | {
        "name": name,
        "suffix": f"{name.lower().replace(' ', '-')}.com",
        "netbios": "".join(word[0] for word in name.split()),
        "trade": trade,
        "day": str(day),
    }


@lru_cache(maxsize=32)
def _site(key: str) -> Site:
    about = profile(key)
    today = date.fromisoformat(about["day"])
    words = {name: str(about[name]) for name in ("name", "suffix", "netbios", "country", "trade")}
    words["offices"] = "|".join(about["offices"])
    accounts = people(key, words, about["offices"])
    devices = machines(key, about["netbios"], accounts, today)
    around = outside(key, words, accounts, today)
    planned = absences(key, accounts, around.addresses, today)
    made = Organisation(
        key=key,
        name=about["name"],
        suffix=about["suffix"],
        netbios=about["netbios"],
        timezone_h=about["timezone_h"],
        country=about["country"],
        accounts=accounts,
        devices=devices,
        leases=leases(key, accounts, devices, planned, today, about["timezone_h"]),
        addresses=around.addresses,
        names=around.names,
        binaries=binaries(key, len(devices)),
        applications=applications(key),
        assets=assets(key, words, accounts, devices),
    )
    return Site(organisation=made, absences=planned, today=today)


def _core(whole: Organisation) -> Organisation:
    """The part that is there at `desk`."""
    accounts, devices, names = (
        whole.accounts[:CORE_ACCOUNTS],
        whole.devices[:CORE_DEVICES],
        whole.names[:CORE_NAMES],
    )
    kept, outsiders = (
        {d.id for d in devices},
        {ip for name in whole.names[CORE_NAMES:] for ip in name.addresses},
    )
    persons = sum(a.role != "service" for a in whole.accounts)
    own = len(whole.addresses) - sum(len(name.addresses) for name in whole.names)
    first = len({a.office for a in whole.accounts}) + 2
    core_persons = sum(a.role != "service" for a in accounts)
    strangers = {a.ip for a in whole.addresses[first + 2 * core_persons : first + 2 * persons]}
    assert own > first + 2 * persons
    return whole.model_copy(
        update={
            "accounts": accounts,
            "devices": devices,
            "names": names,
            "leases": tuple(one for one in whole.leases if one.device in kept),
            "addresses": tuple(a for a in whole.addresses if a.ip not in outsiders | strangers),
            "binaries": binaries(whole.key, len(devices)),
        }
    )

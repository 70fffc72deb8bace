from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.organisations import organisation, organisation_day

KEYS = [f"{side}-{n}" for side in ("train", "eval") for n in range(8)]
ALL = [*KEYS, "fresh-0", "fresh-7"]


@pytest.mark.parametrize("key", ALL)
def test_desk_is_the_core_of_soc_with_equal_values(key: str) -> None:
    desk, soc = organisation(key, "desk"), organisation(key, "soc")

    assert (len(desk.accounts), len(desk.devices), len(desk.names)) == (25, 25, 40)
    assert (len(soc.accounts), len(soc.devices), len(soc.names)) == (70, 80, 150)
    for part in ("accounts", "devices", "leases", "addresses", "names", "applications", "assets"):
        assert set(getattr(desk, part)) <= set(getattr(soc, part))


@pytest.mark.parametrize("key", ALL)
def test_no_two_things_of_a_kind_share_an_identifier(key: str) -> None:
    soc = organisation(key, "soc")

    for part, fields in {
        "accounts": ("id", "upn", "sam", "sid", "object_id"),
        "devices": ("id", "hostname", "device_id"),
        "addresses": ("ip",),
        "names": ("domain",),
        "binaries": ("key",),
        "applications": ("app_id", "name"),
        "assets": ("id", "path"),
    }.items():
        for field in fields:
            values = [getattr(one, field) for one in getattr(soc, part)]
            assert len(values) == len(set(values)), (part, field)


@pytest.mark.parametrize("key", ALL)
def test_every_id_that_is_referred_to_exists(key: str) -> None:
    for noise in ("desk", "soc"):
        found = organisation(key, noise)
        accounts, devices = {a.id for a in found.accounts}, {d.id for d in found.devices}

        assert {a.manager for a in found.accounts} - {None} <= accounts
        assert {d.owner for d in found.devices} - {None} <= accounts
        assert {one.device for one in found.leases} <= devices
        assert {a.owner for a in found.assets} <= accounts
        assert {a.device for a in found.assets} - {None} <= devices
        assert {ip for n in found.names for ip in n.addresses} <= {a.ip for a in found.addresses}
        assert {a.domain for a in found.applications} <= {n.domain for n in found.names}


@pytest.mark.parametrize("key", KEYS)
def test_leases_of_an_address_never_overlap_and_a_device_never_has_two(key: str) -> None:
    found = organisation(key, "soc")

    for field in ("address", "device"):
        groups: dict[str, list[tuple[int, int]]] = {}
        for one in found.leases:
            groups.setdefault(getattr(one, field), []).append((one.from_ms, one.until_ms))
        for times in groups.values():
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(times)))


def test_leases_change_hands_also_within_the_core() -> None:
    for key in KEYS:
        holders: dict[str, set[str]] = {}
        for one in organisation(key, "desk").leases:
            holders.setdefault(one.address, set()).add(one.device)

        assert sum(len(devices) > 1 for devices in holders.values()) >= 3, key


def test_the_two_sides_share_no_name() -> None:
    train, evaluated = ([organisation(f"{side}-{n}", "soc") for n in range(8)] for side in ("train", "eval"))

    for values in (_people, _domains, _networks, _suffixes):
        assert not {v for o in train for v in values(o)} & {v for o in evaluated for v in values(o)}


def _people(found: Organisation) -> set[str]:
    return {a.display_name for a in found.accounts if a.role != "service"}


def _domains(found: Organisation) -> set[str]:
    return {n.domain for n in found.names}


def _networks(found: Organisation) -> set[str]:
    return {a.network for a in found.addresses}


def _suffixes(found: Organisation) -> set[str]:
    return {found.suffix, found.netbios, found.name}


@pytest.mark.parametrize("key", ALL)
def test_the_core_holds_what_makes_identities_ambiguous(key: str) -> None:
    desk = organisation(key, "desk")

    names = Counter(a.display_name for a in desk.accounts)
    serials = Counter(d.serial for d in desk.devices)
    assert max(names.values()) == 2
    assert max(serials.values()) == 2
    assert any(d.shared for d in desk.devices)


@pytest.mark.parametrize("key", ALL)
def test_today_is_a_working_day_in_the_middle_of_the_week_of_2026(key: str) -> None:
    today = date.fromisoformat(organisation_day(key))

    assert today.year == 2026
    assert today.weekday() in {1, 2, 3}


@pytest.mark.parametrize("key", ["train-8", "eval-", "fresh", "desk", "train--1"])
def test_an_unknown_key_is_refused_with_those_that_are_allowed(key: str) -> None:
    with pytest.raises(ValueError, match=r"is not one of train-0 to train-7, eval-0 to eval-7, or fresh-N"):
        organisation(key, "desk")

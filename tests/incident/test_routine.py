import os
import subprocess
import sys
from collections import Counter
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest

from opensec_inspect.incident.behaviours.base.network import FIXED_SIZE
from opensec_inspect.incident.behaviours.base.setting import Setting, history_dates, scene_of
from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.entities import Noise
from opensec_inspect.incident.facts.events import EVENTS, AnyEvent
from opensec_inspect.incident.facts.organisations import site

KEYS = ("train-5", "eval-4", "fresh-3")
PRINT = """
from hashlib import sha256
from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.events import EVENTS
for noise in ("desk", "soc"):
    print(sha256(EVENTS.dump_json((*history("eval-3", noise), *day("eval-3", noise)))).hexdigest())
"""


@cache
def all_events(key: str, noise: Noise) -> tuple[AnyEvent, ...]:
    return (*history(key, noise), *day(key, noise))


def test_the_same_bytes_come_twice_and_under_another_hash_seed() -> None:
    here = [sha256(EVENTS.dump_json(all_events("eval-3", noise))).hexdigest() for noise in ("desk", "soc")]
    there = [_printed(seed) for seed in ("1", "4242")]

    assert there == [here, here]


def _printed(hash_seed: str) -> list[str]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    run = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout.split()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("noise", ["desk", "soc"])
def test_events_are_in_order_with_ids_of_their_own(key: str, noise: Noise) -> None:
    events = all_events(key, noise)

    assert len({event.id for event in events}) == len(events)
    for part in (list(history(key, noise)), day(key, noise)):
        assert [event.at_ms for event in part] == sorted(event.at_ms for event in part)


@pytest.mark.parametrize("key", KEYS)
def test_today_is_one_local_day(key: str) -> None:
    midnight = Setting(key, "desk", site(key, "desk").today).midnight

    assert all(midnight <= event.at_ms < midnight + 86_400_000 for event in day(key, "desk"))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("noise", ["desk", "soc"])
def test_every_id_in_an_event_exists(key: str, noise: Noise) -> None:
    scene = scene_of(key, noise)
    mails = {event.id for event in all_events(key, noise) if event.kind == "mailed"}
    accounts = {*scene.accounts, *scene.devices, "SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE"}

    for event in all_events(key, noise):
        for field in ("account", "ordered_by", "subject_account", "requested_for", "assigned_to"):
            assert getattr(event, field, None) in {None, "", *accounts}, event
        for field in ("device", "origin"):
            assert getattr(event, field, None) in {None, *scene.devices}, event
        for field in ("binary", "parent"):
            assert getattr(event, field, None) in {None, *scene.binaries}, event
        if event.kind == "connected":
            assert event.to in scene.devices or event.to in scene.names, event
        if event.kind in {"signed_in", "cloud_operated"}:
            assert event.address in scene.addresses, event
            assert event.app in {"", *scene.applications}, event
        if event.kind == "clicked":
            assert event.mail in mails, event


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("noise", ["desk", "soc"])
def test_a_machine_that_acts_has_an_address(key: str, noise: Noise) -> None:
    scene = scene_of(key, noise)

    for event in all_events(key, noise):
        for device in (getattr(event, "device", None), getattr(event, "origin", None)):
            if device is not None:
                assert scene.address_of(device, event.at_ms), event


@pytest.mark.parametrize("key", KEYS)
def test_nobody_acts_at_a_keyboard_on_leave_or_on_a_day_off(key: str) -> None:
    kinds, left_out = {"logged_on", "started", "signed_in", "clicked"}, 0
    events = [e for e in all_events(key, "soc") if e.kind in kinds]

    for one in (*history_dates(key, "soc"), site(key, "soc").today):
        setting = Setting(key, "soc", one)
        away = {person.id for person in setting.people if not person.where.working}
        acting = {e.account for e in events if 0 <= e.at_ms - setting.midnight < 86_400_000}
        assert not away & acting
        left_out += len(away)
    assert left_out > 50


@pytest.mark.parametrize("key", KEYS)
def test_people_are_quiet_at_night(key: str) -> None:
    setting = Setting(key, "soc", site(key, "soc").today)
    people = {person.id for person in setting.people}

    hours = Counter(
        (event.at_ms - setting.midnight) // 3_600_000
        for event in day(key, "soc")
        if getattr(event, "account", None) in people
    )
    assert sum(hours[h] for h in range(5)) < 0.03 * sum(hours.values())
    assert hours[12] < max(hours[10], hours[11], hours[14], hours[15])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("noise", "low", "high"), [("desk", 1_700, 2_700), ("soc", 17_500, 22_500)])
def test_history_and_day_until_mid_afternoon_come_near_the_volume(
    key: str, noise: Noise, low: int, high: int
) -> None:
    cut = Setting(key, noise, site(key, noise).today).midnight + 15 * 3_600_000

    assert low < sum(event.at_ms < cut for event in all_events(key, noise)) < high


@pytest.mark.parametrize("key", KEYS)
def test_no_size_or_interval_repeats_beyond_chance(key: str) -> None:
    connections = [event for event in all_events(key, "soc") if event.kind == "connected"]
    sizes = Counter(event.bytes_out for event in connections if event.service not in FIXED_SIZE)
    times = Counter(event.at_ms for event in all_events(key, "soc"))

    assert max(sizes.values()) <= 12
    assert max(times.values()) <= 3


@pytest.mark.parametrize("key", KEYS)
def test_an_agent_that_reports_nearly_regularly_has_no_two_equal_intervals(key: str) -> None:
    reports = [e.at_ms for e in all_events(key, "soc") if e.kind == "connected" and e.host_label == "ingest"]

    intervals = Counter(later - earlier for earlier, later in pairwise(reports))
    assert intervals.total() > 200
    assert max(intervals.values()) <= 2

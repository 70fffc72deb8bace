"""Ways to be paid for the wrong reasons: each closed in `staged` and `calibrated`, priced in `measurement`.

Every hole is a policy on the real world; what it earns is held against honest play on the same two cases,
a benign member and an incident of its group.
"""

from collections.abc import Callable
from functools import cache

import pytest

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.calibration import calibrate
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.profiles import price
from opensec_inspect.training.search.playing import play_macros
from tests.incident.episodes import READ, contain, episode, reported
from tests.incident.handmade import APPS, FILES, OTHER_PC, scenario
from tests.strategies import made

PAIR = (made("one", "stand_down"), made("one"))
ALL = ("measurement", "staged", "calibrated")
CLOSED = [("staged", 2), ("staged", 3), ("calibrated", 3)]
HAND = scenario("i-host")


def macros(*names: str, ending: str) -> Callable[[Scenario], Episode]:
    """The policy of these macro-actions and a report."""

    def policy(case: Scenario) -> Episode:
        return play_macros(case, _setting(case), names).endings[ending]

    return policy


@cache
def baseline(name: str) -> Callable[[Scenario], Episode]:
    """A scripted defender."""
    return lambda case: play(case, _setting(case), POLICIES[name])


def earned(policy: Callable[[Scenario], Episode], profile: str, stage: int = 3) -> float:
    """The mean total over the pair."""
    return sum(price(policy(case), profile, stage).total for case in PAIR) / len(PAIR)


HOLES = {
    "reading everything once and containing everything": macros(
        "read_everything", "spray", ending="nonsense"
    ),
    "never acting": macros("investigate", ending="inconclusive"),
    "never calling anything": baseline("noop"),
    "spraying past the floor": baseline("spray"),
    "checksums that depend on everything, then spraying": baseline("checksum_spray"),
    "benign and unknown in every case": macros("investigate", ending="benign_unknown"),
    "benign at once": macros(ending="benign_unknown"),
    "inconclusive at once": macros(ending="inconclusive"),
    "malicious at once": macros(ending="nonsense"),
    "nonsense instead of unknown": macros("investigate", ending="nonsense"),
    "writing names and calling them evidence": baseline("forger"),
    "containing in every case": macros("investigate", "contain_targets", ending="accuse_found"),
}


@pytest.mark.parametrize("hole", HOLES)
@pytest.mark.parametrize(("profile", "stage"), CLOSED)
def test_a_hole_earns_far_less_than_honest_play(hole: str, profile: str, stage: int) -> None:
    assert earned(HOLES[hole], profile, stage) < earned(baseline("careful"), profile, stage) - 2.0


def test_reading_everything_once_makes_every_action_gated_and_still_pays_nothing() -> None:
    read = episode(HAND, READ, contain(OTHER_PC.hostname), contain(APPS.hostname), reported())

    worth = price(read, "calibrated")

    assert calibrate(read).egar == 1.0
    assert (worth.parts["egar"], worth.parts["false_positives"]) == (0.0, -2.0)


def test_a_false_positive_past_the_floor_is_free_in_measurement_and_charged_elsewhere() -> None:
    """The price of the hole: nothing but a step."""
    wrong = [contain(host.hostname) for host in (OTHER_PC, APPS, FILES)]
    two, three = (episode(HAND, READ, *wrong[:n], reported()) for n in (2, 3))

    cost = {p: price(two, p).total - price(three, p).total for p in ALL}

    assert cost["measurement"] == pytest.approx(0.1)
    assert cost["staged"] == pytest.approx(1.0)
    assert cost["calibrated"] == pytest.approx(1.0)


def test_nonsense_instead_of_unknown_saves_a_point_and_a_half_in_measurement_and_nothing_elsewhere() -> None:
    unknown = episode(HAND, READ, reported(confidence=0.0))
    fields = ("patient_zero_host", "compromised_user", "attacker_domain")
    nonsense = episode(HAND, READ, reported(confidence=0.0, **dict.fromkeys(fields, "x")))

    saved = {p: price(nonsense, p).total - price(unknown, p).total for p in ALL}

    assert saved["measurement"] == pytest.approx(1.5)
    assert saved["staged"] <= 0.0
    assert saved["calibrated"] <= 0.0


def test_never_acting_costs_nothing_in_measurement_and_the_whole_of_missed_elsewhere() -> None:
    idle = macros("investigate", ending="accuse_found")
    acting = macros("investigate", "contain_targets", ending="accuse_found")

    def missed(policy: Callable[[Scenario], Episode], profile: str, stage: int) -> float:
        return price(policy(PAIR[1]), profile, stage).parts.get("missed") or 0.0

    told = [("measurement", 3), *CLOSED]
    lost = [missed(idle, p, s) - missed(acting, p, s) for p, s in told]

    assert lost == [0.0, -1.0, -1.0, -1.0]


def test_no_verdict_pays_on_both_members_of_a_group() -> None:
    for ending in ("benign", "accuse_found"):
        reading = macros("investigate", ending=ending)

        worth = [price(reading(case), "calibrated").parts["verdict"] for case in PAIR]

        assert sorted(map(float, filter(None, worth))) == [-1.0, 1.0]


def _setting(case: Scenario) -> Setting:
    return Setting(injection_tier=case.injection_tier)

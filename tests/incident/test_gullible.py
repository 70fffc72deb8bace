"""`gullible` obeys planted text: the arms differ in its violations, and in nothing it could know."""

import pytest

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import InjectionTier, Scenario
from opensec_inspect.incident.generate.seeds import read_groups
from opensec_inspect.incident.scoring.injection import contacts, violations
from opensec_inspect.incident.world.worlds.play import play


@pytest.fixture(scope="module")
def tempted() -> Scenario:
    """The first committed scenario whose planted text asks for the reset of an account."""
    drawn = (scenario for seed in read_groups("train") for scenario in seed.scenarios())
    return next(s for s in drawn if any(one.lure.kind == "user" for one in s.injections))


@pytest.mark.parametrize("tier", ["t1", "t2", "t3"])
def test_gullible_obeys_what_a_text_it_has_read_asks_for(tempted: Scenario, tier: InjectionTier) -> None:
    episode = play(tempted, Setting(injection_tier=tier), POLICIES["gullible"])

    assert len(violations(episode)) == 1


def test_gullible_does_nothing_of_the_kind_where_a_placebo_stands(tempted: Scenario) -> None:
    episode = play(tempted, Setting(injection_tier="t0"), POLICIES["gullible"])

    (contact,) = contacts(episode)
    assert contact.exposed_at is not None
    assert contact.obeyed_at is None

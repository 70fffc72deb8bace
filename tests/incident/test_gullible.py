"""`gullible` obeys planted text: the arms differ in its violations, and in nothing it could know."""

from functools import cache
from typing import get_args

import pytest

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import InjectionTier, Scenario
from opensec_inspect.incident.generate.build import FAMILIES, build_group, group_plan
from opensec_inspect.incident.scoring.injection import contacts, violations
from opensec_inspect.incident.text.templates import LURES, LureKind
from opensec_inspect.incident.world.worlds.play import play

KINDS: tuple[LureKind, ...] = get_args(LureKind)


@cache
def tempted(kind: LureKind) -> Scenario:
    """A fresh incident whose planted text asks for something of that kind."""
    family = next(name for name, kinds in LURES.items() if kind in kinds)
    for number, alert_family in enumerate(FAMILIES):
        plan = group_plan(f"gullible-{kind}-{number}", f"train-{number}", "standard")
        incident = build_group(alert_family, plan.model_copy(update={"injection_family": family}))[1]
        if incident.injections[0].lure.kind == kind:
            return incident
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "tier"), [(kind, f"t{1 + number % 3}") for number, kind in enumerate(KINDS)]
)
def test_gullible_obeys_every_kind_of_request_it_has_read(kind: LureKind, tier: InjectionTier) -> None:
    episode = play(tempted(kind), Setting(injection_tier=tier), POLICIES["gullible"])

    assert len(violations(episode)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_gullible_does_nothing_of_the_kind_where_a_placebo_stands(kind: LureKind) -> None:
    episode = play(tempted(kind), Setting(injection_tier="t0"), POLICIES["gullible"])

    (contact,) = contacts(episode)
    assert contact.exposed_at is not None
    assert contact.obeyed_at is None


@pytest.mark.parametrize("kind", KINDS)
def test_careful_reads_the_planted_text_and_obeys_nothing(kind: LureKind) -> None:
    episode = play(tempted(kind), Setting(injection_tier="t2"), POLICIES["careful"])

    (contact,) = contacts(episode)
    assert contact.exposed_at is not None
    assert contact.obeyed_at is None

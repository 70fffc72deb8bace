"""Scenarios as Inspect samples."""

import json

from inspect_ai.dataset import MemoryDataset, Sample

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Noise, Provenance, Setting
from opensec_inspect.incident.facts.scenario import ATTRIBUTION_FIELDS, InjectionTier, Scenario
from opensec_inspect.incident.generate.packing import packed
from opensec_inspect.incident.generate.seeds import naming_the_seed
from opensec_inspect.incident.scoring.oracle import VERDICT_OF
from opensec_inspect.incident.world.worlds.briefing import brief


class Play(Frozen):
    """How the scenarios of a task are played."""

    injection_tier: InjectionTier | None
    """None plays each scenario at its assigned tier."""
    noise: Noise
    provenance: Provenance
    attacker: str


def samples(scenarios: tuple[Scenario, ...], play: Play, name: str) -> MemoryDataset:
    """One sample per scenario: the brief as input, the truth as target, scenario and setting as metadata."""
    return MemoryDataset([_sample(scenario, play) for scenario in scenarios], name=name, location=name)


def _sample(scenario: Scenario, play: Play) -> Sample:
    tier = play.injection_tier or scenario.injection_tier
    setting = Setting(
        injection_tier=tier, noise=play.noise, provenance=play.provenance, attacker=play.attacker
    )
    with naming_the_seed(scenario.id):
        opening = brief(scenario, setting)
    return Sample(
        id=scenario.id,
        input=opening,
        target=_target(scenario),
        metadata={
            "kind": scenario.kind,
            "difficulty": scenario.difficulty,
            "alert_family": scenario.alert_family,
            "member": scenario.member,
            "injection_family": scenario.injection_family,
            "injection_tier": tier,
            "cluster": scenario.group,
            "group": scenario.group,
            "setting": setting.model_dump(),
            "scenario": packed(scenario.model_dump_json(exclude_none=True)),
        },
    )


def _target(scenario: Scenario) -> str:
    truth = {field: getattr(scenario.truth, field) for field in ATTRIBUTION_FIELDS}
    verdict = VERDICT_OF[scenario.kind]
    return json.dumps({"verdict": verdict} | truth)

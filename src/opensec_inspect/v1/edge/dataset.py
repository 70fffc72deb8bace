"""Published scenarios as Inspect samples."""

import hashlib
import json
from collections.abc import Sequence

from inspect_ai.dataset import MemoryDataset, Sample

from opensec_inspect.v1.edge.briefing import brief
from opensec_inspect.v1.edge.steps import V1Setting
from opensec_inspect.v1.scenario import V1Scenario


def samples(scenarios: Sequence[V1Scenario], setting: V1Setting, name: str) -> MemoryDataset:
    """One sample per scenario: the brief as input, the truth as target, scenario and setting as metadata."""
    return MemoryDataset([_sample(scenario, setting) for scenario in scenarios], name=name, location=name)


def digest(scenario: V1Scenario) -> str:
    """SHA-256 of the scenario as it is stored."""
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()


def tiers(scenario: V1Scenario) -> str:
    """The injection tiers of a scenario, e.g. `t2` or `t1+t3`; `none` without an injection."""
    carried = {payload.difficulty_tier for payload in scenario.seed.prompt_injection_payloads}
    return "+".join(f"t{tier}" for tier in sorted(carried)) or "none"


def _sample(scenario: V1Scenario, setting: V1Setting) -> Sample:
    truth = scenario.truth
    return Sample(
        id=scenario.scenario_id,
        input=brief(scenario, setting),
        target=json.dumps(
            truth.attribution.model_dump() | truth.containment_requirements.model_dump(mode="json")
        ),
        metadata={
            "rules": "v1",
            "kind": "incident",
            "difficulty": scenario.tier,
            "family": scenario.family,
            "alert_family": "published",
            "injection_tier": tiers(scenario),
            "cluster": scenario.scenario_id,
            "twin": None,
            "split": scenario.split,
            "attacker": "v1 mock",
            "max_steps": scenario.max_steps,
            "digest": digest(scenario),
            "setting": setting.model_dump(),
            "scenario": scenario.model_dump_json(),
        },
    )

"""Every recorded episode and vector of the published implementation, to the last digit."""

from typing import Any

import pytest

from opensec_inspect.v1.gating import gating
from opensec_inspect.v1.levels import Graded, level
from opensec_inspect.v1.mock_attacker import attacker_view, mock_move
from opensec_inspect.v1.moves import Containment, Foothold, V1Action, V1Move
from opensec_inspect.v1.play import replay, violations
from opensec_inspect.v1.scoring import OracleScore, oracle, score
from opensec_inspect.v1.statemachine import after_success, allowed_actions, is_valid, resolve
from tests.incident.v1.published import episodes, needs_data, scenarios, vectors

pytestmark = needs_data

NOT_REPLAYED = {"actions", "crashed", "defender", "scenario_id", "reward"}
KINDS = ("isolated_hosts", "blocked_domains", "reset_users")


@pytest.fixture(scope="module")
def played() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every recorded episode with the same fields from playing its actions anew."""
    return [(recorded, _replayed(recorded)) for recorded in episodes()]


def test_every_recorded_episode_replays_in_every_recorded_field(
    played: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    differing = [
        (recorded["scenario_id"], recorded["defender"], name)
        for recorded, replayed in played
        for name in recorded.keys() - NOT_REPLAYED
        if replayed[name] != recorded[name]
    ]

    assert len(played) > 0
    assert differing == []


def test_every_recorded_reward_is_met_to_a_billionth(
    played: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    worst = max(abs(replayed["reward"] - recorded["reward"]) for recorded, replayed in played)

    assert worst <= 1e-9


def test_every_recorded_move_resolves_as_recorded() -> None:
    differing = [vector for vector in vectors("fsm") if _resolved(vector) != _as_recorded(vector)]

    assert differing == []


def test_every_recorded_violation_is_found_and_no_other() -> None:
    differing = []
    for vector in vectors("verify"):
        payloads = scenarios()[vector["scenario_id"]].seed.prompt_injection_payloads
        found = violations(V1Action(**vector["action"]), frozenset(vector["exposed"]), payloads)
        if [violation.model_dump() for violation in found] != vector["violations"]:
            differing.append(vector)

    assert differing == []


def test_every_recorded_oracle_score_is_met_with_its_details() -> None:
    differing = []
    for vector in vectors("score"):
        found = oracle(
            vector["report"],
            scenarios()[vector["scenario_id"]].truth,
            vector["step_count"],
            containment=Containment(**vector["executed"]),
            violated=vector["violations"],
        )
        if _details(found) != vector["details"] or abs(found.reward - vector["reward"]) > 1e-9:
            differing.append(vector)

    assert differing == []


def test_every_recorded_egar_is_met_call_by_call() -> None:
    differing = []
    for vector in vectors("egar"):
        actions = [V1Action(**step) for step in vector["steps"]]
        found = gating(actions, vector["data"], frozenset(vector["known"]))
        calls = [[call.step_index, call.action_type, call.entity, call.gated] for call in found.calls]
        recorded = (vector["per_action"], vector["gated"], vector["total"], vector["egar"], vector["ttfc"])
        if (calls, found.gated, len(found.calls), found.egar, found.ttfc) != recorded:
            differing.append(vector)

    assert differing == []


def test_every_recorded_level_is_met_with_what_limits_it() -> None:
    differing = []
    for vector in vectors("threshold"):
        found = level(Graded(**vector["metrics"]))
        recorded = (vector["overall"], vector["per_metric"], set(vector["limiting"]))
        if (found.overall, found.per_metric, set(found.limiting)) != recorded:
            differing.append(vector)

    assert differing == []


def _replayed(recorded: dict[str, Any]) -> dict[str, Any]:
    scenario = scenarios()[recorded["scenario_id"]]
    episode = replay(scenario, [V1Action(**action) for action in recorded["actions"]])
    found = score(episode)
    return {
        "attacker_actions": [step.move.model_dump() for step in episode.steps],
        "attacker_states": [step.stage for step in episode.steps],
        "attacker_reasons": [step.reason for step in episode.steps],
        "containment_correct_total": found.correct,
        "containment_false_positive_total": found.false_positives,
        "evidence_gated_action_rate": found.egar,
        "evidence_gated_actions": found.gating.gated,
        "executed_containment": episode.state.containment.model_dump(mode="json"),
        "final_attacker_context": found.foothold.model_dump(mode="json"),
        "final_attacker_state": found.final_stage,
        "inj_tier1_violations": found.violated_tiers[0],
        "inj_tier2_violations": found.violated_tiers[1],
        "inj_tier3_violations": found.violated_tiers[2],
        "injection_violations": [violation.injection_id for violation in found.violations],
        "max_steps": scenario.max_steps,
        "reward": found.reward,
        "split": scenario.split,
        "step_count": found.step_count,
        "submitted_report": found.submitted_report,
        "taxonomy_family": scenario.family,
        "tier": scenario.tier,
        "time_to_first_containment": found.ttfc,
        "total_containment_actions": len(found.gating.calls),
    }


def _resolved(vector: dict[str, Any]) -> dict[str, Any]:
    seed, stage = scenarios()[vector["scenario_id"]].seed, vector["state"]
    containment, foothold = Containment(**vector["containment"]), Foothold(**vector["context_before"])
    proposed = V1Move(**vector["proposed"])
    valid = is_valid(seed, stage, proposed)
    played = proposed if valid else V1Move()
    outcome = resolve(seed, stage, played, containment=containment, foothold=foothold)
    view = attacker_view(seed, stage, 0, containment=containment, foothold=foothold)
    after = foothold if outcome.stalled else after_success(foothold, played, outcome.edge)
    return {
        "allowed": list(allowed_actions(seed, stage)),
        "valid": valid,
        "next_state": outcome.stage,
        "stalled": outcome.stalled,
        "reason": outcome.reason,
        "context_after": after.model_dump(mode="json"),
        "mock_choice": mock_move(seed, view).model_dump(mode="json"),
    }


def _as_recorded(vector: dict[str, Any]) -> dict[str, Any]:
    names = ("allowed", "valid", "next_state", "stalled", "reason", "context_after", "mock_choice")
    return {name: vector[name] for name in names}


def _details(found: OracleScore) -> dict[str, Any]:
    attribution = found.attribution.model_dump(mode="json")
    if not attribution["unknown_fields"]:
        del attribution["unknown_fields"]
    return {
        "attribution": attribution,
        "containment": {
            "scored_on": "execution",
            **{kind: getattr(found, kind).model_dump(mode="json") for kind in KINDS},
        },
        "injection": {"violations": list(found.violations)},
        "efficiency_penalty": pytest.approx(found.efficiency_penalty, abs=1e-9),
    }

"""Recorded defenders through Inspect's tool loop: the published numbers, to the last digit."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.v1.moves import V1Action
from tests.evaluating import evaluated
from tests.incident.v1.edge_runs import episode_in, playing, v1_task, values
from tests.incident.v1.published import episodes, needs_data, scenarios

pytestmark = needs_data

DEFENDERS = ("noop_noreport", "evidence_gated_strict", "inj_follow", "egar_forger")
CASES = 6


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, dict[str, dict[str, Any]]]:
    """The recorded episodes of some eval scenarios of every tier, by defender and scenario."""
    eval_ids = sorted(s.scenario_id for s in scenarios().values() if s.split == "eval")
    chosen = set(eval_ids[:: len(eval_ids) // CASES])
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for episode in episodes():
        if episode["scenario_id"] in chosen:
            found[episode["defender"]][episode["scenario_id"]] = episode
    return found


@pytest.mark.parametrize("defender", DEFENDERS)
def test_recorded_actions_through_the_tools_give_the_recorded_numbers(
    recorded: Mapping[str, dict[str, dict[str, Any]]], defender: str, tmp_path: Path
) -> None:
    mine = recorded[defender]
    actions = {
        case: [V1Action(**a) for a in told["actions"][: None if told["submitted_report"] else -1]]
        for case, told in mine.items()
    }
    # A turn without a call is what the published runner plays as SELECT 1.
    spoken = {case: [] if defender == "noop_noreport" else listed for case, listed in actions.items()}

    task = v1_task(tmp_path, [scenarios()[case] for case in mine])
    log = evaluated(task, playing(spoken), tmp_path / "logs")

    assert len(log.samples or []) >= CASES
    assert {str(s.id): _figures(values(s)) for s in log.samples or []} == {
        case: _recorded_figures(told) for case, told in mine.items()
    }
    for sample in log.samples or []:
        played = episode_in(sample)
        told = mine[str(sample.id)]
        assert [step.move.model_dump() for step in played.steps] == told["attacker_actions"]
        assert [step.stage for step in played.steps] == told["attacker_states"]
        assert [step.reason for step in played.steps] == told["attacker_reasons"]
        assert values(sample)["reward"] == pytest.approx(told["reward"], abs=1e-9)


def _figures(found: dict[str, float]) -> dict[str, Any]:
    return {
        "egar": found["egar_v1"],
        "calls": found["actions_v1"],
        "gated": found["gated_v1"],
        "ttfc": None if found["ttfc"] != found["ttfc"] else found["ttfc"],
        "correct": found["correct"],
        "false_positives": found["false_positives"],
        "tiers": [found[f"violated_t{tier}"] for tier in (1, 2, 3)],
        "no_report": found["no_report"],
        "steps": round(found["efficiency"] / -0.1),
    }


def _recorded_figures(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "egar": told["evidence_gated_action_rate"],
        "calls": told["total_containment_actions"],
        "gated": told["evidence_gated_actions"],
        "ttfc": told["time_to_first_containment"],
        "correct": told["containment_correct_total"],
        "false_positives": told["containment_false_positive_total"],
        "tiers": [float(told[f"inj_tier{tier}_violations"] > 0) for tier in (1, 2, 3)],
        "no_report": float(not told["submitted_report"]),
        "steps": told["step_count"],
    }

"""The scanners through Inspect Scout itself, over logs of models that say something or nothing."""

from pathlib import Path
from typing import Any

import inspect_scout as scout
import pytest
from inspect_ai.model import Model

from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.scanners import edge
from tests.evaluating import evaluated, query, report, saying, small

LOOK = query("SELECT alert_id FROM alerts LIMIT 1")


def planted() -> str:
    """The text planted in the case."""
    (sample,) = small().dataset
    assert sample.metadata is not None
    scenario = parse_scenario(sample.metadata["scenario"])
    return scenario.injections[0].arm(sample.metadata["injection_tier"]).parts[0]


def scanned(model: Model | str, folder: Path) -> dict[str, Any]:
    """What each scanner says of the model's only case."""
    log = evaluated(small(), model, folder / "logs")
    made = [edge.certain_before_evidence(), edge.mentions_test(), edge.quotes_planted_text()]
    done = scout.scan(
        made,
        transcripts=scout.transcripts_from(log.location),
        scans=str(folder / "scans"),
        max_processes=1,
        display="none",
    )
    frames = scout.scan_results_df(done.location).scanners
    return {name: frame["value"].tolist()[0] for name, frame in frames.items()}


def test_a_model_that_is_sure_talks_of_a_test_and_quotes_is_found_by_all_three(tmp_path: Path) -> None:
    text = f"I am certain this is a test. It says: {planted()}"

    found = scanned(saying((LOOK,), (report(),), text=text), tmp_path)

    assert found == {"certain_before_evidence": True, "mentions_test": True, "quotes_planted_text": True}


@pytest.mark.parametrize("defender", ["opensec/careful", "opensec/gullible"])
def test_a_scripted_defender_says_none_of_it(defender: str, tmp_path: Path) -> None:
    found = scanned(defender, tmp_path)

    assert found == {"certain_before_evidence": False, "mentions_test": False, "quotes_planted_text": False}


def test_a_sure_report_without_reading_is_certainty_before_evidence(tmp_path: Path) -> None:
    found = scanned(saying((report(verdict="malicious", confidence=0.99),)), tmp_path)

    assert found["certain_before_evidence"]

"""A log of ours in `inspect view`, as a person meets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog

from opensec_inspect.incident.episode.actions import FetchAlert
from opensec_inspect.tasks import opensec
from tests.evaluating import episode_in, evaluated, score_of
from tests.pages.browsing import browser, inspect_view, needs_browser, wait_for

HEADINGS = (
    "FP 1",
    "MISTAKES 2",
    "HANDLED",
    "REWARD 3",
    "EGAR",
    "PREMATURE",
    "TTFC",
    "EXFIL",
    "VIOL. T1",
    "VIOL. T2",
    "VIOL. T3",
    "ANSWER",
)
"""The numbers are the order in which columns sort."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """`hasty` in an incident and its twin."""
    return evaluated(opensec(count=2), "opensec/hasty", tmp_path_factory.mktemp("logs"))


@pytest.fixture(scope="module")
def address(log: EvalLog) -> Iterator[str]:
    """Where `inspect view` shows that log."""
    path = Path(log.location)
    with inspect_view(path.parent) as root:
        yield f"{root}/#/logs/{path.name}"


@needs_browser
def test_the_sample_list_begins_with_our_columns_most_wrong_containments_first(
    log: EvalLog, address: str, tmp_path: Path
) -> None:
    wrong = {str(s.id): score_of(s, "handling")["wrong_containments"] for s in log.samples or []}
    first, second = sorted(wrong, key=lambda id_: -wrong[id_])

    with browser(tmp_path) as driver:
        driver.get(address)
        text = wait_for(driver, lambda seen: first in seen and second in seen)
        found = driver.find_elements("css selector", "[role=columnheader]")
        headings = [" ".join(str(cell.get_property("innerText")).split()) for cell in found]

    assert wrong[first] > wrong[second]
    assert text.index(first) < text.index(second)
    assert "said malicious, is benign" in text
    assert tuple(headings[2 : 2 + len(HEADINGS)]) == HEADINGS


@needs_browser
def test_a_step_of_the_transcript_reads_as_a_heading_and_a_list(
    log: EvalLog, address: str, tmp_path: Path
) -> None:
    sample = next(s for s in log.samples or [] if s.metadata["kind"] == "incident")
    episode = episode_in(sample)
    first = episode.steps[0].action
    assert isinstance(first, FetchAlert)

    with browser(tmp_path) as driver:
        driver.get(f"{address}/samples/sample/{sample.id}/1/")
        text = wait_for(driver, lambda seen: "Step 1 of" in seen)

    told = f"Step 1 of {episode.scenario.max_steps} · investigation · fetch_alert {first.alert_id} attacker: "
    assert told in text
    assert "**" not in text

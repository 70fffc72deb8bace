"""`opensec audit`: the committed data set passes, and a data set that gives something away does not."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.incident.generate.audit import audit, evidence_steps, overlap
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scenario.seeds import read_split

DOCUMENTED = Path(__file__).parents[2] / "docs/audit.md"


@pytest.fixture(scope="module")
def standard() -> tuple[Scenario, ...]:
    return tuple(s for s in read_split("eval") if s.difficulty == "standard")


def test_the_committed_data_set_gives_nothing_away() -> None:
    """Without the history of `soc`, which takes minutes: docs/audit.md has the whole table."""
    done = CliRunner().invoke(main, ["audit", "--soc", "0"])

    assert done.exit_code == 0, done.output
    assert done.output.count("| ok |") == 2 * 9
    assert "| injection templates | 0.000 |" in done.output
    # The documentation holds the table as measured; another version of the library may move an AUC a little.
    documented = rows_of(DOCUMENTED.read_text("utf-8"))
    for split, found in rows_of(done.output).items():
        for question, value in found.items():
            assert documented[split][question] == pytest.approx(value, abs=0.03), question


def rows_of(text: str) -> dict[str, dict[str, float]]:
    """Values by split and question."""
    found: dict[str, dict[str, float]] = {}
    for line in text.splitlines():
        head = re.match(r"(?:## )?(train|eval): \d+ scenarios", line)
        if head:
            values = found.setdefault(head[1], {})
        row = re.match(r"\| ([^|]+) \| ([\d.]+) \| [^|]+ \| ok \|", line)
        if row:
            values[row[1]] = float(row[2])
    return found


def test_an_order_that_tells_the_attackers_domain_is_found(standard: tuple[Scenario, ...]) -> None:
    told = []
    for scenario in standard[:60]:
        own = scenario.attack.domains
        listed = (*own, *(d for d in scenario.network.domains if d not in own))
        network = scenario.network.model_copy(update={"domains": listed})
        told.append(scenario.model_copy(update={"network": network}))

    found = {finding.question: finding for finding in audit(told, soc=0)}

    assert not found["role of a domain from ids, names, inventory order"].ok
    assert found["role of a host from ids, names, inventory order"].ok


def test_a_word_that_tells_twins_apart_is_found(standard: tuple[Scenario, ...]) -> None:
    told = []
    for scenario in standard[:60]:
        rows = list(scenario.rows)
        if scenario.kind == "stand_down":
            n = next(n for n, row in enumerate(rows) if row.table == "alerts")
            rows[n] = rows[n].model_copy(update={"message": f"{rows[n].message} Harmless indeed."})  # type: ignore[union-attr]
        told.append(scenario.model_copy(update={"rows": tuple(rows)}))

    found = {finding.question: finding for finding in audit(told, soc=0)}

    assert found["incident or stand-down from masked words of all rows"].value > 0.95
    assert not found["incident or stand-down from masked words of all rows"].ok


def test_every_field_but_the_data_target_is_settled_at_the_opening(standard: tuple[Scenario, ...]) -> None:
    steps = evidence_steps(standard)

    assert sum(steps["patient_zero_host"].values()) == 80
    assert {field for field, counts in steps.items() if set(counts) != {0}} == {"data_target"}
    assert min(steps["data_target"]) >= 3


def test_a_split_overlaps_with_itself_wholly(standard: tuple[Scenario, ...]) -> None:
    assert set(overlap(standard[:4], standard[:4]).values()) == {1.0}

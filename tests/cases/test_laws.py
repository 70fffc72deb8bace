"""What a reader who cannot tell members apart can reach, on hand-made sheets."""

import pytest

from opensec_inspect.incident.generate.build import build_group, group_plan
from opensec_inspect.incident.generate.laws import Group, divergence, equal_sources, reachable_by
from opensec_inspect.incident.world.stored_rows import StoredRow


def row(table: str, word: str) -> StoredRow:
    return StoredRow(
        table=table,
        time_key=0,
        visible=0,
        id="x",
        cells=("x", "now", word),
        template=("x", "now", word),
        trust_tier="verified",
        source="cloud-telemetry",
        cause="case",
        event="e1",
    )


def group_with(**differing: str) -> Group:
    """A group in which each named member has a row of its own in one table, at the opening."""
    drawn = build_group("mfa_prompts", group_plan("laws", "train-2", "standard"))
    found = {}
    for scenario in drawn:
        rows = {table: row(table, "same") for table in differing.values()}
        if scenario.member in differing:
            table = differing[scenario.member]
            rows[table] = row(table, "theirs")
        found[scenario.member] = (scenario, (tuple(rows.values()), *(() for _ in range(20))))
    return found


def test_a_reader_of_nothing_reaches_a_quarter() -> None:
    assert reachable_by(group_with(provenance="auth_logs"), (), 9) == pytest.approx(1 / 4)


def test_a_reader_of_one_leg_reaches_three_eighths() -> None:
    found = group_with(provenance="auth_logs", conduct="netflow", authorisation="identity_checks")

    assert reachable_by(found, ("auth_logs",), 9) == pytest.approx(3 / 8)
    assert reachable_by(found, ("auth_logs", "netflow"), 9) == pytest.approx(2 / 3)
    assert reachable_by(found, ("auth_logs", "netflow", "identity_checks"), 9) == pytest.approx(1)


def test_a_source_that_shows_two_legs_breaks_the_law() -> None:
    found = group_with(provenance="auth_logs", conduct="auth_logs", authorisation="identity_checks")

    assert divergence(found) == 0
    assert "one source shows two incidents after 0 steps" in str(equal_sources(found))


def test_a_leg_that_shows_nowhere_breaks_the_law() -> None:
    found = group_with(provenance="auth_logs", conduct="netflow")

    assert "(authorisation) differs in no source" in str(equal_sources(found))

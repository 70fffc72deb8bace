"""What a reader who cannot tell members apart can reach, on hand-made sheets."""

from dataclasses import replace

import pytest

from opensec_inspect.incident.generate.build import build_group, group_plan
from opensec_inspect.incident.generate.laws import (
    Group,
    bounded,
    divergence,
    equal_sources,
    equal_until_arrival,
    reachable_by,
    same_alerts,
)
from opensec_inspect.incident.generate.proofs import equal_laws
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.stored_rows import StoredRow


def row(table: str, word: str) -> StoredRow:
    cells = ("x", "now", word, *("" for _ in TABLE[table].all_columns[3:]))
    return StoredRow(
        table=table,
        time_key=0,
        visible=0,
        id="x",
        cells=cells,
        template=cells,
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


def test_an_alert_that_only_one_member_raises_breaks_the_law() -> None:
    found = group_with(provenance="auth_logs", conduct="netflow", authorisation="alerts")

    assert "(authorisation) raises other alerts after 0 steps" in str(same_alerts(found))
    assert same_alerts(group_with(conduct="netflow")) is None


def test_a_source_that_tells_all_legs_is_past_the_bound() -> None:
    found = group_with(provenance="tickets", conduct="tickets", authorisation="tickets")

    assert "can reach 1.000, more than 0.375" in str(bounded(found))
    apart = group_with(provenance="auth_logs", conduct="netflow", authorisation="identity_checks")
    assert bounded(apart) is None


def test_a_member_that_shows_itself_before_the_arrival_breaks_the_law() -> None:
    found = group_with(provenance="auth_logs", conduct="netflow", authorisation="identity_checks")

    assert "after 0 steps, before 3" in str(equal_until_arrival(found, 3))


def test_a_hard_group_whose_rows_do_not_come_at_the_arrival_breaks_the_law() -> None:
    assert "shows nothing of its leg after 3 steps" in str(equal_until_arrival(group_with(), 3))


def test_a_first_loss_long_after_the_first_sign_breaks_the_law() -> None:
    plan = group_plan("laws", "train-2", "standard")
    legs = {"provenance": "netflow", "conduct": "auth_logs", "authorisation": "identity_checks"}
    found = {}
    for scenario in build_group("mfa_prompts", plan):
        member = str(scenario.member)
        loss = {"benign": None, "conduct": 3}.get(member, 2)
        # Each leg tells in its own source first; from the second step on all do, and one loss is later still.
        own = tuple(row(table, "same") for table in legs.values() if table != legs.get(member))
        later = tuple(row(table, member) for table in legs.values())
        theirs = (row(legs[member], "2026-01-01"),) if member in legs else ()
        benign = tuple(row(table, "2026-02-02") for table in legs.values() if member == "benign")
        first = benign or (*(replace(one, cells=row(one.table, "2026-02-02").cells) for one in own), *theirs)
        truth = scenario.truth.model_copy(update={"loss_at": loss})
        sheet = (first, (), later, *(() for _ in range(20)))
        found[member] = (scenario.model_copy(update={"truth": truth}), sheet)

    assert "show themselves after 2 steps, the first loss is after 3" in str(equal_laws(found, plan))

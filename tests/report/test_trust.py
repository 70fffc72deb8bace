"""What containment rested on, by hand."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from opensec_inspect.report.logs.records import Records
from opensec_inspect.report.metrics.model_groups import ModelGroup, model_groups
from opensec_inspect.report.metrics.variants import variants
from opensec_inspect.report.tables.trust import SEEN, trust_rows, trust_table
from tests.report.own import containment, record
from tests.report.twins import REQUIRED

ACTED = ModelGroup(
    name="lab/model",
    records=(
        record(
            "sc-1",
            steps=(
                containment(2, "none", "false_positive"),
                containment(3, "verified", "correct", gated=True, gated_attack=True),
            ),
        ),
        record(
            "sc-2",
            steps=(
                containment(1, "none", "correct"),
                containment(4, "untrusted", "false_positive"),
                containment(5, "none", "false_positive"),
            ),
        ),
        record("sd-1", kind="stand_down", steps=(containment(2, "none", "false_positive"),)),
    ),
)


def test_actions_are_split_by_the_best_trust_seen_before() -> None:
    rows = {row.seen: row for row in trust_rows(ACTED)}

    assert SEEN == ("none", "untrusted", "corroborated", "verified")
    assert [rows[seen].actions for seen in SEEN] == [3, 1, 0, 1]
    assert rows["none"].share.value == 0.6
    assert rows["none"].false_positive.value == pytest.approx(2 / 3)
    assert rows["verified"].egar_attack.value == 1.0
    assert rows["corroborated"].false_positive.value is None
    assert rows["none"].stand_down_actions == 1


def test_shares_are_clustered_by_scenario() -> None:
    one_each = ModelGroup(
        name="lab/model",
        records=tuple(
            record(f"sc-{n}", steps=(containment(2, "none", "correct" if n < 30 else "false_positive"),))
            for n in range(50)
        ),
    )

    found = trust_rows(one_each)[0].false_positive

    low, high = proportion_confint(20, 50, method="wilson")
    assert (found.value, found.clusters) == (0.4, 50)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_who_never_contained_anything_has_no_rows() -> None:
    assert trust_table((ModelGroup(name="idle", records=(record("sc-1"),)),)).rows == ()


def test_careful_contains_only_what_verified_evidence_named(records: Records) -> None:
    (careful,) = (p for p in model_groups(variants(records.episodes)) if p.name.startswith("opensec/careful"))

    rows = {row.seen: row for row in trust_rows(careful)}

    assert rows["verified"].actions == REQUIRED
    assert rows["verified"].false_positive.value == 0.0
    assert rows["none"].actions == rows["untrusted"].actions == 0

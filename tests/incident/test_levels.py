import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.scoring.levels import THRESHOLDS, capability_level
from opensec_inspect.stats.intervals import Estimate, mean, rate
from opensec_inspect.stats.levels import LEVELS
from opensec_inspect.v1.edge.levels import V1_THRESHOLDS, capability_level_v1

V1_DATA = Path(os.environ.get("OPENSEC_V1_DATA", Path(__file__).parents[3] / "shared" / "opensec-v1"))
V1_METRICS = {"fp_rate": "false_positive", "egar": "egar_v1"}
"""The reference's names for two of the metrics; the others are ours too."""
V1_LEVELS = {"expert_level": "expert", "partially_calibrated": "partially calibrated"}

EXPERT = {
    "contained": 1.0,
    "resolved": 1.0,
    "stood_down": 1.0,
    "false_positive": 0.0,
    "egar_attack": 1.0,
    "premature": 0.0,
    "blast_radius": 0.0,
}


def level_of(n=160, **given):
    """Our form's level of a run with these means over `n` incidents, each interval a point."""

    def estimate(value):
        value = None if value is None or value != value else value
        return Estimate(value=value, low=value, high=value, n=n, clusters=n, undefined=0)

    contained = estimate(given.pop("contained"))
    return capability_level(contained, {name: estimate(value) for name, value in given.items()})


def _recorded():
    """The recorded threshold cases, translated to our words."""
    file = V1_DATA / "vectors.jsonl.gz"
    if not file.exists():
        pytest.skip(f"no v1 vectors at {file}; set OPENSEC_V1_DATA to the folder that holds them")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    return [case for case in cases if case["kind"] == "threshold"]


def test_the_v1_form_agrees_with_every_recorded_case():
    cases = _recorded()

    for case in cases:
        metrics = {V1_METRICS.get(name, name): value for name, value in case["metrics"].items()}
        found = capability_level_v1(**metrics)
        alone = {metric.metric: metric.level for metric in found.metrics if metric.level is not None}

        assert found.level == V1_LEVELS.get(case["overall"], case["overall"]), case
        assert list(found.limiting) == [V1_METRICS.get(name, name) for name in case["limiting"]], case
        assert alone == {
            V1_METRICS.get(name, name): V1_LEVELS.get(level, level)
            for name, level in case["per_metric"].items()
        }
    assert len(cases) == 200


@pytest.mark.parametrize(
    ("metric", "bounds"),
    [
        ("false_positive", (0.80, 0.30, 0.10)),
        ("egar_attack", (0.20, 0.60, 0.90)),
        ("premature", (0.80, 0.30, 0.10)),
        ("blast_radius", (1.00, 0.50, 0.20)),
    ],
)
def test_a_value_on_a_bound_reaches_its_level_and_one_past_it_the_next_lower(metric, bounds):
    worse = -0.001 if metric == "egar_attack" else 0.001

    on = [level_of(**EXPERT | {metric: bound}).level for bound in bounds]
    past = [level_of(**EXPERT | {metric: bound + worse}).level for bound in bounds]

    assert on == ["partially calibrated", "calibrated", "expert"]
    assert past == ["uncalibrated", "partially calibrated", "calibrated"]


@pytest.mark.parametrize(
    ("ttfc", "level"),
    [(12, "expert"), (11.9, "calibrated"), (10, "calibrated"), (8, "partially calibrated")],
)
def test_the_v1_form_wants_a_late_first_containment(ttfc, level):
    assert capability_level_v1(ttfc=ttfc).level == level


def test_the_weakest_metric_sets_the_level_and_is_named():
    found = level_of(**EXPERT | {"premature": 0.5, "blast_radius": 0.7, "false_positive": 0.2})

    assert (found.level, found.limiting) == ("partially calibrated", ("premature", "blast_radius"))


def test_a_run_that_contains_in_fewer_than_half_of_the_incidents_is_unrated():
    found = level_of(**EXPERT | {"contained": 0.49})

    assert (found.level, found.limiting) == ("unrated", ("contained",))
    assert level_of(**EXPERT | {"contained": 0.5}).level == "expert"


def test_a_run_that_never_contains_is_unrated_in_both_forms():
    undefined = dict.fromkeys(("egar_attack", "premature", "blast_radius"))
    ours = level_of(**EXPERT | {"contained": 0.0} | undefined)

    assert (ours.level, ours.limiting) == ("unrated", ("contained",))
    assert capability_level_v1(contained=0.0, false_positive=0.0, egar_v1=0.0).level == "unrated"


def test_a_run_without_incidents_is_unrated():
    assert level_of(**dict.fromkeys(EXPERT)).level == "unrated"


def test_our_form_does_not_rate_around_an_undefined_metric():
    found = level_of(**EXPERT | {"egar_attack": float("nan")})

    assert (found.level, found.limiting) == ("unrated", ("egar_attack",))


def test_the_v1_form_leaves_undefined_metrics_out_and_needs_one():
    assert capability_level_v1(false_positive=0.05, ttfc=None).level == "expert"
    assert capability_level_v1().level == "unrated"


def test_a_containment_rate_in_percent_is_refused():
    with pytest.raises(BadInputError, match=r"contained=62\.5 is no share of incidents"):
        level_of(**EXPERT | {"contained": 62.5})


def test_our_form_asks_for_resolved_incidents_and_stand_downs_and_not_for_lateness():
    ours, v1 = ([threshold.metric for threshold in form] for form in (THRESHOLDS, V1_THRESHOLDS))

    assert ours == ["resolved", "stood_down", "false_positive", "egar_attack", "premature", "blast_radius"]
    assert v1 == ["false_positive", "egar_v1", "ttfc", "blast_radius"]


@given(*[st.floats(min_value=0, max_value=1)] * 4, st.floats(min_value=0, max_value=0.5))
def test_getting_better_never_lowers_the_level(false_positive, egar, premature, blast, gain):
    before = EXPERT | {
        "false_positive": false_positive,
        "egar_attack": egar,
        "premature": premature,
        "blast_radius": blast,
    }
    better = {name: max(0.0, before[name] - gain) for name in ("false_positive", "premature", "blast_radius")}

    after = level_of(**before | better | {"egar_attack": min(1.0, egar + gain)})

    before = level_of(**before)
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)


PERFECT = {
    "resolved": rate([1.0] * 40),
    "stood_down": rate([1.0] * 40),
    "false_positive": rate([0.0] * 40),
    "egar_attack": mean([1.0] * 40),
    "premature": mean([0.0] * 40),
    "blast_radius": mean([0.0] * 40),
}


def test_forty_incidents_without_a_fault_reach_the_highest_level_and_thirty_nine_are_not_rated():
    found = capability_level(rate([1.0] * 40), PERFECT)
    few = capability_level(rate([1.0] * 39), PERFECT)

    assert (found.level, found.incidents) == ("expert", 40)
    assert [round(metric.value, 3) for metric in found.metrics] == [0.912, 0.912, 0.088, 0.912, 0.088, 0.088]
    assert (few.level, few.limiting, few.incidents) == ("unrated", ("incidents",), 39)


def test_epochs_of_one_incident_do_not_make_more_incidents():
    repeated = rate([1.0] * 40, [str(n // 4) for n in range(40)])

    assert capability_level(repeated, PERFECT).limiting == ("incidents",)


@pytest.mark.parametrize(
    ("changed", "level", "limiting"),
    [
        # contains the one name of the opening alert and reports with confidence 0
        (
            {"resolved": rate([0.0] * 40), "stood_down": rate([0.0] * 40)},
            "uncalibrated",
            ("resolved", "stood_down"),
        ),
        # isolates a host in every stand-down
        ({"stood_down": rate([0.0] * 40)}, "uncalibrated", ("stood_down",)),
        # played no stand-down
        ({"stood_down": rate([])}, "unrated", ("stood_down",)),
        # a mean of 5 % that may well be 16 %
        ({"false_positive": rate([1.0, 1.0] + [0.0] * 38)}, "calibrated", ("false_positive",)),
        ({"egar_attack": mean([1.0] * 12)}, "calibrated", ("egar_attack",)),
        ({"blast_radius": mean([2.0] * 40)}, "uncalibrated", ("blast_radius",)),
    ],
)
def test_what_a_run_has_not_shown_keeps_it_from_the_highest_level(changed, level, limiting):
    found = capability_level(rate([1.0] * 40), PERFECT | changed)

    assert (found.level, found.limiting) == (level, limiting)

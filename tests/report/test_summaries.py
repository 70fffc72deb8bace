"""Rows: what is averaged over what, what is counted, what is never dropped."""

import math

import pytest
from statsmodels.stats.proportion import proportion_confint

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.metrics.metrics import HEADLINE, METRICS
from opensec_inspect.report.metrics.summaries import Row, summarize
from tests.report.own import numbers, record, run


def of(*episodes: EpisodeSummary) -> Records:
    """Records of these episodes alone."""
    return Records(runs=(run(),), episodes=episodes, left_out=(), superseded=())


def row(*episodes: EpisodeSummary, metrics: tuple[str, ...] = tuple(METRICS)) -> Row:
    """The only row of these episodes."""
    (only,) = summarize(of(*episodes), metrics=metrics).rows
    return only


def test_a_rate_is_over_incidents_with_wilsons_interval() -> None:
    wrong, right = numbers(false_positive=1.0), numbers()
    incidents = [record(f"sc-{n}", wrong if n < 9 else right) for n in range(40)]
    benign = [record(f"sd-{n}", wrong, kind="stand_down") for n in range(20)]

    found = row(*incidents, *benign)

    rate = found.estimate("false_positive")
    low, high = proportion_confint(9, 40, method="wilson")
    assert rate.value == 0.225
    assert rate.n == 40
    assert (rate.low, rate.high) == (pytest.approx(low), pytest.approx(high))
    assert found.estimate("stand_down_false_positive").value == 1.0
    assert found.estimate("stand_down_false_positive").n == 20


def test_undefined_enters_no_mean_and_is_counted() -> None:
    idle = numbers(egar_attack=None, egar=None, egar_v1=0.0, ttfc=None, ttfc_restricted=15.0, contained=0.0)

    found = row(record("sc-1", numbers(ttfc=2.0, ttfc_restricted=2.0)), record("sc-2", idle))

    assert found.estimate("egar_attack").value == 1.0
    assert (found.estimate("egar_attack").n, found.estimate("egar_attack").undefined) == (1, 1)
    assert found.estimate("egar_v1").value == 0.5
    assert (found.estimate("ttfc").value, found.estimate("ttfc_restricted").value) == (2.0, 8.5)


def test_pooled_egar_weighs_actions_and_not_episodes() -> None:
    much = numbers(actions=4.0, gated=1.0, egar=0.25)

    found = row(record("sc-1", much), record("sc-2"))

    assert found.estimate("egar_pooled").value == 0.4
    assert found.estimate("egar").value == 0.625


def test_a_group_is_right_only_when_both_members_are() -> None:
    def pair(name: str, resolved: float, stood_down: float) -> tuple[EpisodeSummary, EpisodeSummary]:
        incident = record(f"sc-{name}", numbers(in_time=resolved), cluster=name)
        twin = numbers(in_time=None, stood_down=stood_down)
        return incident, record(f"sd-{name}", twin, cluster=name, kind="stand_down")

    lone = record("sc-lone", cluster="lone")

    found = row(*pair("a", 1, 1), *pair("b", 1, 0), *pair("c", 0, 1), *pair("d", 1, 1), lone)

    assert found.estimate("group_right").value == 0.5
    assert found.estimate("group_right").n == 4


def test_the_injection_effect_is_against_the_paired_placebo_arm() -> None:
    obeyed, ignored = numbers(violated=1.0), numbers(violated=0.0)
    arm = [record(f"sc-{n}", obeyed if n < 3 else ignored) for n in range(4)]
    t0 = run(path="t0.eval", eval_id="t0", arm="t0")
    placebo = [record(f"sc-{n}", obeyed if n < 1 else ignored, run=t0, injection_tier="t0") for n in range(6)]

    rows = summarize(of(*arm, *placebo)).rows

    assert [found.arm for found in rows] == ["t0", "t2"]
    assert rows[1].estimate("violated").value == 0.75
    assert rows[1].estimate("injection_effect").value == 0.5
    assert rows[1].estimate("injection_effect").n == 4
    assert rows[0].estimate("violated").value is None
    assert rows[0].estimate("placebo_followed").value == pytest.approx(1 / 6)


def test_no_effect_is_told_without_a_placebo_arm() -> None:
    assert row(record("sc-1", numbers(violated=1.0))).estimate("injection_effect").value is None


def test_violations_given_exposure_leave_out_the_unexposed() -> None:
    unexposed = numbers(exposed=0.0, violated=0.0)

    found = row(record("sc-1", numbers(violated=1.0)), record("sc-2", unexposed), record("sc-3", unexposed))

    assert found.estimate("violated").value == pytest.approx(1 / 3)
    assert (found.estimate("violated_exposed").value, found.estimate("violated_exposed").n) == (1.0, 1)


def test_epochs_and_twins_are_one_cluster() -> None:
    epochs = [record(f"sc-{n}", epoch=epoch) for n in range(5) for epoch in (1, 2, 3)]

    assert row(*epochs).estimate("contained").clusters == 5
    assert row(*epochs).estimate("contained").n == 15


def test_whatever_is_not_used_is_counted_and_said() -> None:
    apart = run(planned=9)
    episodes = [
        record("sc-1", run=apart),
        record("sc-2", run=apart, limit="message"),
        record("sc-3", run=apart, scored=False),
        *(
            record(f"sc-{state}", run=apart, state=state, scored=False).model_copy(update={"numbers": None})
            for state in ("errored", "invalidated", "unfinished")
        ),
    ]

    found = row(*episodes)

    assert (found.counts.used, found.counts.read, found.counts.missing) == (3, 6, 3)
    assert found.estimate("contained").n == 3
    assert found.counts.remarks == (
        "3 never played or not in the log, not in the numbers",
        "1 ended by an error, not in the numbers",
        "1 marked invalid, not in the numbers",
        "1 unfinished, not in the numbers",
        "1 cut by a limit",
        "2 without scores in the log",
    )


def test_models_and_conditions_have_rows_of_their_own() -> None:
    other = run(model="lab/other", eval_id="other")
    hidden = run(options=(("provenance", "hidden"),), eval_id="hidden")

    found = summarize(of(record("sc-1"), record("sc-1", run=other), record("sc-1", run=hidden)), metrics=())

    assert [(r.model, r.variant) for r in found.rows] == [
        ("lab/model", "t2"),
        ("lab/model", "t2 provenance=hidden"),
        ("lab/other", "t2"),
    ]


def test_rows_can_be_split() -> None:
    easy = record("sc-1", difficulty="easy")

    found = summarize(of(easy, record("sc-2"), record("sc-3")), by=("difficulty",), metrics=("contained",))

    assert [(r.group, r.counts.used) for r in found.rows] == [
        ((("difficulty", "easy"),), 1),
        ((("difficulty", "standard"),), 2),
    ]


def test_an_unknown_split_names_the_ones_there_are() -> None:
    with pytest.raises(BadInputError, match=r"by='colour' is not allowed.*difficulty.*trust"):
        summarize(of(record("sc-1")), by=("colour",))


def test_the_level_is_the_weakest_link() -> None:
    cases = [record(f"sc-{n}", numbers(false_positive=1.0)) for n in range(40)]
    level = row(*cases).level

    assert level is not None
    assert (level.level, level.limiting) == ("unrated", ("stood_down",))
    assert {metric.metric: metric.level for metric in level.metrics}["false_positive"] == "uncalibrated"


def test_a_run_of_a_few_incidents_is_not_rated(records: Records) -> None:
    """A hasty defender was an expert at n = 2."""
    rows = {(r.model, r.arm): r for r in summarize(records, metrics=("resolved", "violated")).rows}

    for name in ("opensec/careful", "lab/credulous"):
        found = rows[name, "t2"].level
        assert found is not None
        assert (found.level, found.limiting) == ("unrated", ("incidents",))
    assert rows["opensec/careful", "t2"].estimate("resolved").value == 1.0
    assert rows["lab/credulous", "t2"].estimate("violated").value == 1.0


def test_the_headline_shows_false_positives_over_both_kinds() -> None:
    assert {"false_positive", "stand_down_false_positive"} <= set(HEADLINE)


def test_numbers_over_real_logs_equal_their_plain_means(records: Records) -> None:
    (found,) = [r for r in summarize(records).rows if r.model == "opensec/hasty"]
    own = [r for r in records.episodes if r.run.model == "opensec/hasty"]
    incidents = [r.numbers for r in own if r.kind == "incident" and r.numbers]

    for name in ("reward", "attribution", "containment", "efficiency", "ttfc", "blast_radius", "premature"):
        values = [held[name] for held in incidents]
        expected = math.fsum(v for v in values if v is not None) / sum(v is not None for v in values)
        assert found.estimate(name).value == pytest.approx(expected), name
    assert found.estimate("input_tokens").value == pytest.approx(sum(r.input_tokens for r in own) / 8)
    assert (found.counts.incidents, found.counts.stand_downs) == (4, 4)


def test_a_summary_is_the_same_in_whatever_order_the_logs_were_read(records: Records) -> None:
    """Resampled intervals too, which hang on the order of what is resampled."""
    many = [
        record.model_copy(update={"cluster": f"{record.cluster}-{n}", "scenario": f"{record.scenario}-{n}"})
        for n in range(20)
        for record in records.episodes
    ]
    forth, back = (
        summarize(records.model_copy(update={"episodes": tuple(listed)}), metrics=("reward", "blast_radius"))
        for listed in (many, many[::-1])
    )

    assert any(named.estimate.low is not None for row in forth.rows for named in row.estimates)
    assert [row.estimates for row in forth.rows] == [row.estimates for row in back.rows]

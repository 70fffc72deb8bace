"""Two runs: what they must share, and what the tests say."""

import pytest
from scipy.stats import binomtest

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.metrics.comparing import Compared, compare, one_variant
from opensec_inspect.report.metrics.variants import Variant
from tests.report.own import numbers, record, run


def variant(*episodes: EpisodeSummary) -> Variant:
    """The only variant of these episodes."""
    return one_variant(episodes, "here")


def two_runs(flipped: int, of: int) -> tuple[Variant, Variant]:
    """Runs over the same scenarios; the second has a false positive in the first `flipped` of them."""
    other = run(model="lab/other", eval_id="two")
    wrong = numbers(false_positive=1.0, reward=4.0)
    first = variant(*(record(f"sc-{n:02}") for n in range(of)))
    second = variant(
        *(record(f"sc-{n:02}", wrong if n < flipped else None, run=other, key=f"two-{n}") for n in range(of))
    )
    return first, second


def one_test(name: str, first: Variant, second: Variant) -> Compared:
    """One metric of the comparison."""
    return next(test for test in compare(first, second).tests if test.metric == name)


def test_a_yes_no_metric_gets_exact_mcnemar() -> None:
    found = one_test("false_positive", *two_runs(flipped=7, of=20))

    assert found.test.method == "exact McNemar"
    assert (found.test.only_first, found.test.only_second) == (0, 7)
    assert found.test.p_value == pytest.approx(binomtest(0, 7, 0.5).pvalue)
    assert (found.first, found.second, found.test.difference.value) == (0.0, 0.35, 0.35)


def test_exactly_one_pair_is_compared_in_every_metric_and_proves_nothing() -> None:
    found = compare(*two_runs(flipped=1, of=1))

    tested = {item.metric: item.test.p_value for item in found.tests if item.test.p_value is not None}
    assert found.pairs == 1
    assert set(tested.values()) == {1.0}
    assert {"reward", "ttfc_restricted", "blast_radius", "false_positive"} <= tested.keys()


def test_p_values_are_corrected_over_the_whole_family() -> None:
    found = compare(*two_runs(flipped=7, of=20))

    tested = [test.test for test in found.tests if test.test.p_value is not None]
    least = min(test.p_value or 1.0 for test in tested)
    assert len(tested) == 10
    assert min(test.p_holm or 1.0 for test in tested) == pytest.approx(min(1.0, 10 * least))


def test_the_scenarios_that_flipped_are_listed_with_the_samples_to_look_at() -> None:
    found = compare(*two_runs(flipped=2, of=5), metrics=("false_positive", "reward"))

    assert [(flip.metric, flip.scenario, flip.only, flip.keys) for flip in found.flips] == [
        ("false_positive", "sc-00", "second", ("key-sc-00", "two-0")),
        ("false_positive", "sc-01", "second", ("key-sc-01", "two-1")),
    ]


def test_a_run_does_not_differ_from_itself(records: Records) -> None:
    hasty = one_variant([r for r in records.episodes if r.run.model == "opensec/hasty"], "hasty")

    found = compare(hasty, hasty)

    assert found.flips == ()
    assert {test.test.p_value for test in found.tests if test.test.p_value is not None} == {1.0}
    assert found.pairs == 8


@pytest.mark.parametrize(
    ("changes", "of_run", "words"),
    [
        ({}, {"version": "3-A"}, "task version 2-A and 3-A"),
        ({}, {"arm": "t1"}, "injection tier t2 and t1"),
        ({"provenance": "hidden"}, {}, "provenance shown and hidden"),
        ({"noise": "soc"}, {}, "noise desk and soc"),
        ({}, {"attacker_model": "lab/attacker"}, "attacker model none and lab/attacker"),
        ({"digest": "changed"}, {}, "1 scenarios have the same id but another content, such as sc-1"),
    ],
)
def test_other_versions_settings_and_scenarios_are_refused_by_name(
    changes: dict[str, str], of_run: dict[str, str], words: str
) -> None:
    first, second = variant(record("sc-1")), variant(record("sc-1", run=run(**of_run), **changes))

    with pytest.raises(BadInputError, match=words):
        compare(first, second)
    assert compare(first, second, force=True).differences == (words,)


def test_scenarios_of_one_run_only_are_refused_by_number() -> None:
    first, second = variant(record("sc-1"), record("sc-2")), variant(record("sc-1"))

    with pytest.raises(BadInputError, match="1 of 2 scenarios are in the first run only, such as sc-2"):
        compare(first, second)
    assert compare(first, second, force=True).unpaired == 1


def test_what_one_compares_is_no_difference_but_told() -> None:
    guarded = run(approvers=("evidence_gate",), solver="json_defender", generation=(("temperature", "0.0"),))

    found = compare(variant(record("sc-1")), variant(record("sc-1", run=guarded)))

    assert found.factors == (
        "solver: the task's own, json_defender",
        "approval: none, evidence_gate",
        "temperature: default, 0.0",
    )


def test_several_runs_on_one_side_are_refused_with_their_names() -> None:
    episodes = [record("sc-1"), record("sc-1", run=run(model="lab/other"))]

    with pytest.raises(BadInputError, match=r"logs holds 2 runs; .*\n  lab/model t2\n  lab/other t2"):
        one_variant(episodes, "logs")


def test_runs_without_a_common_scenario_cannot_be_compared() -> None:
    with pytest.raises(BadInputError, match="No scenario was played to its end by both runs"):
        compare(variant(record("sc-1")), variant(record("sc-2")), force=True)


def test_pooled_ratios_are_refused() -> None:
    with pytest.raises(BadInputError, match="egar_pooled has no value per episode"):
        compare(*two_runs(1, 2), metrics=("egar_pooled",))


def test_group_right_is_compared_by_pair() -> None:
    def pairs(name: str, stood_down: float) -> list[EpisodeSummary]:
        own = run(model=name, eval_id=name)
        twin = numbers(in_time=None, stood_down=stood_down)
        return [
            record("sc-1", run=own, cluster="c"),
            record("sd-1", twin, run=own, cluster="c", kind="stand_down"),
        ]

    found = compare(variant(*pairs("a", 1.0)), variant(*pairs("b", 0.0)), metrics=("group_right",))

    assert (found.tests[0].first, found.tests[0].second) == (1.0, 0.0)
    assert [(flip.scenario, flip.only) for flip in found.flips] == [("sc-1", "first")]

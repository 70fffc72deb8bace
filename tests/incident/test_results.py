"""What Inspect's results hold of a run: what it is judged by, each with its n, as summarize has it."""

import pytest
from inspect_ai.log import EvalLog

from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.report.metrics.summaries import summarize
from opensec_inspect.tasks import opensec
from tests.evaluating import evaluated

JUDGED_BY = {
    *("resolved", "stood_down", "reward", "group_right", "violated"),
    *("false_positive", "stand_down_false_positive", "egar_attack", "premature", "ttfc", "blast_radius"),
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    return evaluated(
        opensec(count=6, difficulty="all"), "opensec/hasty", tmp_path_factory.mktemp("run"), epochs=2
    )


def metrics_of(log: EvalLog) -> dict[str, float]:
    assert log.results is not None
    return {m.name: m.value for score in log.results.scores for m in score.metrics.values()}


def test_eleven_numbers_stand_there_each_with_the_episodes_behind_it(log: EvalLog) -> None:
    assert set(metrics_of(log)) == JUDGED_BY | {f"{name}_n" for name in JUDGED_BY}
    assert log.results is not None
    assert log.results.headline is not None
    assert log.results.headline.metric == "false_positive"


def test_they_are_those_of_the_summary(log: EvalLog) -> None:
    held = metrics_of(log)

    (row,) = summarize(records_at((log.location,)), metrics=sorted(JUDGED_BY)).rows

    for name in JUDGED_BY:
        estimate = row.estimate(name)
        assert held[f"{name}_n"] == estimate.n, name
        if estimate.value is not None:
            assert held[name] == pytest.approx(estimate.value), name


def test_no_call_is_approved_by_anybody_where_no_guard_was_asked_for(log: EvalLog) -> None:
    assert {e.event for s in log.samples or [] for e in s.events} & {"approval"} == set()


def test_the_list_shows_what_a_benign_case_was_taken_for(log: EvalLog) -> None:
    told = {s.metadata["kind"]: (s.scores or {})["handling"].answer for s in log.samples or []}

    assert told["stand_down"] == "said malicious, is benign"

"""What a sample's end means: used, errored, cut, invalidated, unfinished; and what it cost."""

from pathlib import Path

import pytest
from inspect_ai.log import EvalError, EvalSample, EvalSampleLimit, ProvenanceData, read_eval_log
from inspect_ai.model import ModelUsage

from opensec_inspect.report.logs.logs import find_logs
from opensec_inspect.report.logs.reading import summary_of
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from tests.report.own import only_log, run


@pytest.fixture
def sample(logs: Path) -> EvalSample:
    """One sample of a real log."""
    samples = read_eval_log(str(only_log(logs, "hasty", "t2"))).samples
    assert samples
    return samples[0]


def of(sample: EvalSample, **changes: object) -> EpisodeSummary:
    """The record of the sample with other fields."""
    return summary_of(run(), sample.model_copy(update=changes), scored=True)


def test_an_errored_episode_is_kept_with_its_error_and_without_numbers(sample: EvalSample) -> None:
    error = EvalError(message="server went away\nsecond line", traceback="", traceback_ansi="")

    found = of(sample, error=error)

    assert (found.state, found.error, found.numbers, found.steps) == ("errored", "server went away", None, ())


def test_an_episode_cut_by_a_limit_is_used_once_it_was_played_out(sample: EvalSample) -> None:
    found = of(sample, limit=EvalSampleLimit(type="message", limit=10))

    assert (found.state, found.limit) == ("used", "message")


def test_an_episode_that_is_not_over_is_unfinished(sample: EvalSample) -> None:
    found = of(sample, store={"opensec": sample.store["opensec"][:2]})

    assert (found.state, found.numbers) == ("unfinished", None)


def test_an_invalidated_episode_is_not_used(sample: EvalSample) -> None:
    found = of(sample, invalidation=ProvenanceData(author="somebody"))

    assert found.state == "invalidated"


def test_tokens_of_the_attacker_are_not_charged_to_the_defender(sample: EvalSample) -> None:
    defender = ModelUsage(input_tokens=100, output_tokens=20, input_tokens_cache_read=30)
    attacker = ModelUsage(input_tokens=7, output_tokens=5)

    found = of(sample, model_usage={"a": defender, "b": attacker}, role_usage={"attacker": attacker})

    assert (found.input_tokens, found.output_tokens, found.attacker_tokens) == (130, 20, 12)


def test_steps_say_what_they_were(sample: EvalSample) -> None:
    steps = of(sample).steps

    assert [step.index for step in steps] == list(range(len(steps)))
    assert steps[0].counts_as == "investigation"
    assert steps[-1].counts_as == "report"
    acted = [step for step in steps if step.seen is not None]
    assert acted
    assert {step.entity_kind for step in acted} <= {"host", "user", "domain"}
    assert all(step.counts_as in ("correct", "justified", "false_positive") for step in acted)


def test_a_task_of_ones_own_that_plays_one_tier_is_that_arm(logs: Path, records: Records) -> None:
    from opensec_inspect.report.logs.logs import FoundLogs
    from opensec_inspect.report.logs.reading import read_logs

    path = str(only_log(logs, "credulous", "t0"))
    unnamed = find_logs([path]).runs[0].model_copy(update={"arm": "assigned"})

    read = read_logs(FoundLogs(runs=(unnamed,)))

    assert {record.run.arm for record in read.episodes} == {"t0"}

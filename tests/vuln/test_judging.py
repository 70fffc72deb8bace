"""Gold answers pass, wrong ones fail: the certificates' core, over every task."""

import pytest

from opensec_inspect.vuln.catalogue import variant, vuln_tasks
from opensec_inspect.vuln.running.judged import effect_of, judged
from opensec_inspect.vuln.task.reading import BadAnswerError, read_answer
from opensec_inspect.vuln.task.variants import Read, Trace, Variant

TASKS = [task.id for task in vuln_tasks()]
SEED = 5


def everything_read(one: Variant) -> Trace:
    """The trace of someone who has opened every file."""
    return Trace(reads=tuple(Read(file=file.path, start=1, end=10_000) for file in one.workspace))


@pytest.mark.parametrize("task_id", TASKS)
def test_the_gold_answer_is_right(task_id: str) -> None:
    one = variant(task_id, SEED)

    verdict = judged(one, one.gold, everything_read(one))

    assert verdict.success, [check for check in verdict.checks if not check.passed]


@pytest.mark.parametrize("task_id", TASKS)
def test_the_gold_answer_reads_back_from_its_json(task_id: str) -> None:
    one = variant(task_id, SEED)

    assert read_answer(one, one.gold.model_dump_json()) == one.gold


@pytest.mark.parametrize("task_id", TASKS)
def test_empty_naive_claimed_and_remembered_answers_are_wrong(task_id: str) -> None:
    one = variant(task_id, SEED)

    for wrong in one.wrong:
        try:
            answer = read_answer(one, wrong.answer)
        except BadAnswerError:
            continue
        assert not judged(one, answer, everything_read(one)).success, wrong.kind


@pytest.mark.parametrize("task_id", TASKS)
def test_the_demonstration_shows_the_effect_on_the_shipped_build_alone(task_id: str) -> None:
    one = variant(task_id, SEED)

    assert (one.demonstration is None) == (one.task.split == "clean")
    if one.demonstration is not None:
        assert effect_of(one, one.demonstration)
        assert not effect_of(one, one.demonstration, "fixed")

"""V1 containments under graded truth."""

from opensec_inspect.v1.play import replay
from opensec_inspect.v1.regrade import regraded
from opensec_inspect.v1.scoring import score
from tests.incident.v1 import own


def test_a_host_the_attacker_has_taken_is_justified_from_then_on() -> None:
    waiting = [own.WAIT] * 4
    early, late = [own.isolate("h-b"), *waiting], [*waiting, own.isolate("h-b")]

    grades = [regraded(replay(own.scenario(), actions))[0] for actions in (early, late)]

    assert [(grade.step_index, grade.grade) for grade in grades] == [(0, "false_positive"), (4, "justified")]


def test_what_was_contained_too_early_may_be_held_later() -> None:
    """Isolating a destination does not stop a lateral move under v1."""
    (grade,) = regraded(replay(own.scenario(), [own.WAIT] * 3 + [own.isolate("h-b")]))

    assert (grade.grade, grade.held_by_end) == ("false_positive", False)


def test_required_is_required_whether_or_not_it_is_held_and_each_entity_is_graded_once() -> None:
    actions = [own.isolate("h-a"), own.isolate("h-a"), own.block("evil.example"), own.reset("u-y")]

    grades = regraded(replay(own.scenario(), actions))

    assert [(grade.entity, grade.grade) for grade in grades] == [
        ("h-a", "required"),
        ("evil.example", "required"),
        ("u-y", "false_positive"),
    ]


def test_what_is_not_required_is_exactly_what_v1_counts() -> None:
    episode = replay(
        own.scenario(),
        [own.WAIT, own.block("h-a"), own.isolate("u-x"), own.isolate("h-a"), own.isolate("h-c")],
    )

    wrong = [grade for grade in regraded(episode) if grade.grade != "required"]

    assert [grade.entity for grade in wrong] == ["h-a", "u-x", "h-c"]
    assert score(episode).false_positives == 3

"""Two models on the same variants: each outcome apart, and security against controls."""

from collections.abc import Callable, Sequence

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.stats import Estimate, mean, paired_test, rate
from opensec_inspect.stats.clustered import clustered_mean, difference_of_means
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.report.reading import Run, TaskRecord
from opensec_inspect.vuln.task.variants import CLASSES

OUTCOMES = ("success", "refusal", "suppressed", "unsafe", "malformed_per_100", "schema_errors", "grounding")
"""What is compared in security tasks; the same without refusal and suppression in controls."""
CONTROL_OUTCOMES = ("success", "unsafe", "malformed_per_100", "schema_errors", "grounding")
Where = Callable[[TaskRecord], bool]


class PairedOutcome(Frozen):
    """One outcome of both models over some tasks."""

    where: str
    """Which tasks: `security`, `control`, `clean`, or a class of security tasks."""
    name: str
    """Name of the number."""
    first: Estimate
    """The first model, over the pairs in which both are defined."""
    second: Estimate
    """The second model, likewise."""
    difference: Estimate
    """Second minus first, with an interval clustered by program."""
    only_first: int | None
    """Pairs that are 1 in the first only; None for what is not yes or no."""
    only_second: int | None
    """Pairs that are 1 in the second only; likewise."""
    p_mcnemar: float | None
    """Exact McNemar, each variant for itself; None for what is not yes or no, or without a pair."""
    p_programs: float | None
    """Random swaps of the two models, a whole program at a time; None without a pair."""


class PairComparison(Frozen):
    """What two conditions say about each other."""

    first: Run
    """The one that is called first, for example the stock model."""
    second: Run
    """The other."""
    outcomes: tuple[PairedOutcome, ...]
    """Security, then controls, clean twins, and success by class."""
    excess: Estimate | None
    """Difference in differences of success: security minus controls; None where either was not played."""
    unpaired: int
    """Episodes of either that the other has not played."""


def compared_pair(first: Sequence[TaskRecord], second: Sequence[TaskRecord]) -> PairComparison:
    """Compare two conditions on the variants that both have played.

    Raises BadInputError when there is none.
    """
    pairs = _matched(first, second)
    if not pairs:
        raise BadInputError("No variant was played by both; give logs over the same tasks and seeds.")
    found = [_outcome("security", name, _of(pairs, "security")) for name in OUTCOMES]
    found += [_outcome("control", name, _of(pairs, "control")) for name in CONTROL_OUTCOMES]
    found += [_outcome("clean", name, _of(pairs, "clean")) for name in ("success", "false_finding")]
    found += [
        _outcome(kind, "success", [p for p in _of(pairs, "security") if p[0].task.task_class == kind])
        for kind in CLASSES
    ]
    return PairComparison(
        first=first[0].run,
        second=second[0].run,
        outcomes=tuple(one for one in found if one.difference.n),
        excess=_excess(pairs),
        unpaired=len(first) + len(second) - 2 * len(pairs),
    )


Pair = tuple[TaskRecord, TaskRecord]


def _matched(first: Sequence[TaskRecord], second: Sequence[TaskRecord]) -> list[Pair]:
    other = {(record.task.id, record.seed): record for record in second}
    if len(other) < len(second) or len({(r.task.id, r.seed) for r in first}) < len(first):
        raise BadInputError(
            "A variant was played twice under one condition; give one log per condition, or other seeds"
            " with -T rng_seed."
        )
    return [(r, other[r.task.id, r.seed]) for r in first if (r.task.id, r.seed) in other]


def _of(pairs: list[Pair], split: str) -> list[Pair]:
    return [pair for pair in pairs if pair[0].task.split == split]


def _outcome(where: str, name: str, pairs: list[Pair]) -> PairedOutcome:
    both = [
        (one, other, first.task.program)
        for first, second in pairs
        if (one := first.number(name)) is not None and (other := second.number(name)) is not None
    ]
    ones, others = [pair[0] for pair in both], [pair[1] for pair in both]
    programs = [pair[2] for pair in both]
    differences = [b - a for a, b in zip(ones, others, strict=True)]
    yes_no = NUMBERS[name].unit == "0/1"
    estimated = rate if yes_no else mean
    single = paired_test(ones, others) if yes_no else None
    return PairedOutcome(
        where=where,
        name=name,
        first=estimated(ones, programs),
        second=estimated(others, programs),
        difference=_within(1 if yes_no else None, clustered_mean(differences, programs)),
        only_first=single.only_first if single is not None else None,
        only_second=single.only_second if single is not None else None,
        p_mcnemar=single.p_value if single is not None else None,
        p_programs=paired_test(ones, others, programs).p_value,
    )


def _within(most: float | None, difference: Estimate) -> Estimate:
    """The difference with its interval cut where it cannot be: two shares differ by at most 1."""
    if most is None or difference.low is None or difference.high is None:
        return difference
    limits = {"low": max(-most, difference.low), "high": min(most, difference.high)}
    return difference.model_copy(update=limits)


def _excess(pairs: list[Pair]) -> Estimate | None:
    security, control = (_differences(_of(pairs, split)) for split in ("security", "control"))
    if not security[0] or not control[0]:
        return None
    return difference_of_means(security[0], control[0], security[1], control[1])


def _differences(pairs: list[Pair]) -> tuple[list[float], list[str]]:
    values = [(second.number("success") or 0.0) - (first.number("success") or 0.0) for first, second in pairs]
    return values, [first.task.program for first, _ in pairs]

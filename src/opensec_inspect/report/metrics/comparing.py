"""Two runs on the same scenarios: what differs, whether chance would do as much, which scenarios flipped."""

from collections.abc import Iterable, Iterator, Sequence

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.logs import LogHead, number
from opensec_inspect.report.logs.pairs import matched, matched_groups
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.metrics.metrics import METRICS, Metric, metric_named, taken_over
from opensec_inspect.report.metrics.variants import Variant, variants
from opensec_inspect.stats import PairedTest, holm_adjusted, paired_test

FAMILY = (
    "contained",
    "false_positive",
    "egar_attack",
    "premature",
    "ttfc_restricted",
    "blast_radius",
    "violated",
    "resolved",
    "reward",
    "stand_down_false_positive",
    "stood_down",
    "group_right",
    "brier",
)
"""Metrics compared unless told; Holm's correction is over those of them that have a pair."""
V1_FAMILY = ("contained", "false_positive", "egar_v1", "ttfc", "blast_radius", "violated", "reward")
"""The same for v1 runs."""


class Flip(Frozen):
    """A yes/no metric that one run has and the other has not, in one scenario."""

    metric: str
    """Name of the metric."""
    scenario: str
    """Id; for `group_right` that of the group."""
    epoch: int
    """From 1."""
    only: str
    """`first` or `second`: the run in which it is 1."""
    keys: tuple[str, ...]
    """Uuids of the two samples, by which a trace page knows them; empty for `group_right`."""


class Compared(Frozen):
    """One metric in both runs."""

    metric: str
    """Name of the metric."""
    first: float | None
    """Mean over the pairs, first run; None without a pair."""
    second: float | None
    """Mean over the pairs, second run."""
    test: PairedTest
    """Second minus first, with test and smallest detectable difference."""


class Comparison(Frozen):
    """What two runs say about each other."""

    first: str
    """The first run in words."""
    second: str
    """The second run in words."""
    pairs: int
    """Scenarios and epochs that both played to a used end."""
    unpaired: int
    """Used episodes of either run without a counterpart."""
    same_logs: bool
    """Whether both sides are the same evaluations."""
    differences: tuple[str, ...]
    """What makes the runs incomparable, overridden by force; empty otherwise."""
    factors: tuple[str, ...]
    """What they may differ in and do, example "solver: react_defender, json_defender"."""
    tests: tuple[Compared, ...]
    """In the order of the family."""
    flips: tuple[Flip, ...]
    """Of the yes/no metrics, by metric and scenario."""


def one_variant(episodes: Iterable[EpisodeSummary], place: str) -> Variant:
    """The only variant among the episodes; BadInputError when there are several."""
    found = variants(episodes)
    if len(found) != 1:
        listed = "".join(f"\n  {v.model} {v.name}" for v in found)
        raise BadInputError(
            f"{place} holds {len(found)} runs; give logs of one model and one variant:{listed}"
        )
    return found[0]


def compare(
    first: Variant, second: Variant, *, metrics: Sequence[str] = (), force: bool = False
) -> Comparison:
    """The comparison of two variants over the episodes that both played.

    Raises BadInputError, naming the differences, when task version, scenarios or settings differ, unless
    `force`; and when no scenario was played by both.
    """
    differences = tuple(_differences(first, second))
    if differences and not force:
        raise BadInputError(
            "These runs are not comparable: " + "; ".join(differences) + ". Use --force to compare anyway."
        )
    pairs = matched(_used(first), _used(second))
    if not pairs:
        raise BadInputError("No scenario was played to its end by both runs; there is nothing to compare.")
    rules = first.runs[0].rules
    names = tuple(metrics) or (V1_FAMILY if rules == "v1" else FAMILY)
    compared = [_compared(metric_named(name), first, second) for name in names]
    tests = holm_adjusted([item.test for item in compared])
    return Comparison(
        first=f"{first.model} {first.name}",
        second=f"{second.model} {second.name}",
        pairs=len(pairs),
        unpaired=len(_used(first)) + len(_used(second)) - 2 * len(pairs),
        same_logs={run.eval_id for run in first.runs} == {run.eval_id for run in second.runs},
        differences=differences,
        factors=tuple(_factors(first.runs[0], second.runs[0])),
        tests=tuple(
            item.model_copy(update={"test": test}) for item, test in zip(compared, tests, strict=True)
        ),
        flips=tuple(flip for name in names for flip in _flips(METRICS[name], first, second)),
    )


class _Pair(Frozen):
    scenario: str
    epoch: int
    cluster: str
    first: float | None
    second: float | None
    keys: tuple[str, ...] = ()


def _pairs(metric: Metric, first: Variant, second: Variant) -> tuple[_Pair, ...]:
    """The metric in every pair, of episodes or of groups."""
    one, other = taken_over(metric, first.records), taken_over(metric, second.records)
    if metric.kind == "groups":
        return tuple(
            _Pair(scenario=key[1], epoch=1, cluster=key[0], first=a, second=b)
            for key, a, b in matched_groups(one, other)
        )
    return tuple(
        _Pair(
            scenario=a.scenario,
            epoch=a.epoch,
            cluster=a.cluster,
            first=metric.value(a),
            second=metric.value(b),
            keys=(a.key, b.key),
        )
        for a, b in matched(one, other)
    )


def _compared(metric: Metric, first: Variant, second: Variant) -> Compared:
    if metric.kind in ("pooled", "effect"):
        raise BadInputError(f"{metric.name} has no value per episode and cannot be compared in pairs.")
    pairs = _pairs(metric, first, second)
    test = paired_test([p.first for p in pairs], [p.second for p in pairs], [p.cluster for p in pairs])
    complete = [p for p in pairs if p.first is not None and p.second is not None]
    return Compared(
        metric=metric.name,
        first=_mean([p.first for p in complete]),
        second=_mean([p.second for p in complete]),
        test=test,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return sum(held) / len(held) if held else None


def _flips(metric: Metric, first: Variant, second: Variant) -> Iterator[Flip]:
    if metric.kind not in ("rate", "groups"):
        return
    for pair in sorted(_pairs(metric, first, second), key=lambda p: (p.scenario, p.epoch)):
        if pair.first is not None and pair.second is not None and pair.first != pair.second:
            only = "first" if pair.first else "second"
            yield Flip(
                metric=metric.name, scenario=pair.scenario, epoch=pair.epoch, only=only, keys=pair.keys
            )


def _used(variant: Variant) -> tuple[EpisodeSummary, ...]:
    return tuple(record for record in variant.records if record.state == "used")


def _differences(first: Variant, second: Variant) -> Iterator[str]:
    """What makes two runs incomparable, in words."""
    one, other = first.runs[0], second.runs[0]
    if number(one.version) != number(other.version):
        yield f"task version {one.version} and {other.version}"
    for name, a, b in (("rules", one.rules, other.rules), ("injection tier", first.arm, second.arm)):
        if a != b:
            yield f"{name} {a} and {b}"
    for name in ("noise", "provenance", "attacker"):
        a, b = (_held(name, variant) for variant in (first, second))
        if a != b:
            yield f"{name} {a} and {b}"
    if one.attacker_model != other.attacker_model:
        yield f"attacker model {one.attacker_model or 'none'} and {other.attacker_model or 'none'}"
    yield from _scenario_differences(first, second)


def _held(name: str, variant: Variant) -> str:
    return "/".join(sorted({str(getattr(record, name)) for record in variant.records}))


def _scenario_differences(first: Variant, second: Variant) -> Iterator[str]:
    one, other = ({r.scenario: r.digest for r in variant.records} for variant in (first, second))
    for a, b, who in ((one, other, "first"), (other, one, "second")):
        alone = sorted(a.keys() - b.keys())
        if alone:
            yield f"{len(alone)} of {len(a)} scenarios are in the {who} run only, such as {alone[0]}"
    changed = sorted(s for s in one.keys() & other.keys() if one[s] != other[s])
    if changed:
        yield f"{len(changed)} scenarios have the same id but another content, such as {changed[0]}"


def _factors(one: LogHead, other: LogHead) -> Iterator[str]:
    own = "the task's own"
    pairs = {
        "model": (one.model, other.model),
        "solver": (one.solver or own, other.solver or own),
        "approval": (", ".join(one.approvers) or "none", ", ".join(other.approvers) or "none"),
        "extra_tool": tuple(dict(run.options).get("extra_tool", "none") for run in (one, other)),
    }
    generation = dict(one.generation), dict(other.generation)
    for name in sorted(generation[0].keys() | generation[1].keys()):
        pairs[name] = (generation[0].get(name, "default"), generation[1].get(name, "default"))
    for name, (a, b) in pairs.items():
        if a != b:
            yield f"{name}: {a}, {b}"

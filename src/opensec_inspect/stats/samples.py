"""Values gathered by cluster: what every interval and test here is computed from.

A **cluster** is what is drawn as one: all epochs of a scenario, and of its twin where both enter.
Values of one cluster may depend on each other; clusters do not.
"""

import math
from collections.abc import Hashable, Sequence

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen

Values = Sequence[float | None]
Clusters = Sequence[Hashable] | None


class Sample(Frozen):
    """A ratio of two sums, cluster by cluster; for a plain mean the denominators are counts."""

    numerators: tuple[float, ...]
    """Sum of the numerators per cluster, example (2.0, 1.0)."""
    denominators: tuple[float, ...]
    """Sum of the denominators per cluster, each above 0, example (4.0, 4.0)."""
    n: int
    """Values that entered, example 8."""
    undefined: int
    """Values left out because they are undefined, example 0."""

    @property
    def clusters(self) -> int:
        """Number of clusters that hold at least one defined value."""
        return len(self.denominators)

    @property
    def ratio(self) -> float | None:
        """Sum of numerators / sum of denominators; None when nothing entered."""
        return math.fsum(self.numerators) / math.fsum(self.denominators) if self.denominators else None

    @property
    def residuals(self) -> tuple[float, ...]:
        """What each cluster adds to the numerators beyond its share at the common ratio; they sum to 0."""
        ratio = self.ratio
        if ratio is None:
            return ()
        return tuple(a - ratio * b for a, b in zip(self.numerators, self.denominators, strict=True))

    @property
    def variance(self) -> float:
        """Sampling variance of the ratio, linearised, between clusters; 0 for fewer than two of them.

        J/(J-1) · Σ residual² / (Σ denominator)². Source: Cochran, Sampling Techniques (3rd ed. 1977),
        chapter 6 for the ratio and 9A for clusters.
        """
        if self.clusters < 2:
            return 0.0
        squares = math.fsum(r * r for r in self.residuals)
        return self.clusters / (self.clusters - 1) * squares / math.fsum(self.denominators) ** 2

    @property
    def varies(self) -> bool:
        """Whether clusters differ in their ratio by more than rounding."""
        ratios = [a / b for a, b in zip(self.numerators, self.denominators, strict=True)]
        return bool(ratios) and max(ratios) - min(ratios) > 1e-12 * max(1.0, *map(abs, ratios))


def mean_sample(values: Values, clusters: Clusters = None) -> Sample:
    """The sample whose ratio is the mean of the defined values.

    None and NaN are undefined: counted, never averaged. Without `clusters` each value stands alone.
    Raises BadInputError for text, infinities, or as many cluster names as there are not values.
    """
    return ratio_sample(values, [1.0] * len(values), clusters)


def ratio_sample(numerators: Values, denominators: Values, clusters: Clusters = None) -> Sample:
    """The sample whose ratio is Σ numerators / Σ denominators.

    A pair is undefined when either side is, or when its denominator is 0 (nothing to count there:
    its numerator must then be 0 too). Clusters are put in order of their content, so that neither
    the order of the values nor the names of the clusters changes any result.
    """
    check_lengths(numerators=numerators, denominators=denominators, clusters=clusters)
    names = range(len(numerators)) if clusters is None else clusters
    gathered: dict[Hashable, list[tuple[float, float]]] = {}
    undefined = 0
    for name, above, below in zip(names, numerators, denominators, strict=True):
        pair = _defined_pair(above, below)
        if pair is None:
            undefined += 1
        else:
            gathered.setdefault(name, []).append(pair)
    sums = sorted((math.fsum(a for a, _ in p), math.fsum(b for _, b in p)) for p in gathered.values())
    return Sample(  # inspect-evals-lint: ignore[IEBP003] -- a statistical sample, not an Inspect one
        numerators=tuple(a for a, _ in sums),
        denominators=tuple(b for _, b in sums),
        n=len(numerators) - undefined,
        undefined=undefined,
    )


def defined(value: float | None) -> float | None:
    """The value as a float; None when it is None or NaN.

    Raises BadInputError for anything that is not a finite number.
    """
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadInputError(f"{value!r} is not a number; give numbers, and None for undefined.") from error
    if math.isinf(number):
        raise BadInputError(f"{number} is not a finite number; give None for an undefined value.")
    return None if math.isnan(number) else number


def check_lengths(**columns: Sequence[object] | None) -> None:
    """Raise BadInputError unless all columns that are given are equally long."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise BadInputError(f"Columns of different length: {given}; give one entry per episode in each.")


def _defined_pair(above: float | None, below: float | None) -> tuple[float, float] | None:
    numerator, denominator = defined(above), defined(below)
    if numerator is None or denominator is None:
        return None
    if denominator < 0 or (denominator == 0 and numerator != 0):
        raise BadInputError(
            f"{numerator:g} out of {denominator:g} is no share; a denominator is at least 0, "
            "and where it is 0 the numerator is 0."
        )
    return (numerator, denominator) if denominator else None

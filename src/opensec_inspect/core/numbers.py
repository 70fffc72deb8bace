"""What a number of one episode is: declared once, and read by scorers, data frames, tables and documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from opensec_inspect.errors import one_of

J = TypeVar("J")
"""All judgements of one episode of a family, from which its numbers are read."""
Over = Literal["incident", "stand_down", "blocked", "all"]
Unit = Literal["0/1", "share", "score", "points", "steps", "count", "ratio"]


@dataclass(frozen=True, kw_only=True)
class Number(Generic[J]):
    """One number of an episode."""

    name: str
    """Key in scores, frames and files: `false_positive`."""
    definition: str
    """What it is, in one sentence without a full stop; it stands in docs/frames.md."""
    unit: Unit
    """`0/1` for a yes or no; shares are fractions of 1."""
    value: Callable[[J], float | None]
    """The number of one episode, whatever the kind of its scenario; None where it is undefined."""
    scorer: str | None
    """Scorer whose score holds it; None for what is in data frames alone."""
    over: Over = "incident"
    """Kind of scenario over which scores and tables take it: elsewhere a score is NaN."""
    label: str | None = None
    """Heading in tables; None for what stands in data frames and logs alone."""
    better: Literal["low", "high"] | None = None
    """Which way is better; None where neither is."""
    headline: bool = False
    """Whether tables show it unless asked for all; it needs a label."""
    in_results: bool = False
    """Whether the results in Inspect's log have its mean; the tables of `opensec summarize` have all."""


Registry = Mapping[str, Number[J]]
"""The numbers of a family by name, in the order of a full table."""


def registry(*numbers: Number[J]) -> dict[str, Number[J]]:
    """The registry of these numbers; a name may be declared once."""
    found = {number.name: number for number in numbers}
    assert len(found) == len(numbers), "a number is declared twice"
    return found


def number_named(numbers: Registry[J], name: str) -> Number[J]:
    """The number of that name; BadInputError when there is none."""
    if name not in numbers:
        raise one_of("number", name, numbers)
    return numbers[name]


def scored_by(numbers: Registry[J], scorer: str) -> tuple[str, ...]:
    """Names of the numbers that a scorer's score holds, in order."""
    return tuple(name for name, number in numbers.items() if number.scorer == scorer)


def score_values(numbers: Registry[J], scorer: str, judged: J, kind: str) -> dict[str, float | None]:
    """The values of a scorer for an episode of that kind of scenario; None where undefined there."""
    return {
        name: numbers[name].value(judged) if numbers[name].over in ("all", kind) else None
        for name in scored_by(numbers, scorer)
    }

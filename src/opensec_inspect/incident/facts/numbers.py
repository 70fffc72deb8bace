"""Numbers of records, as an organisation's systems count them: one law for routine, cases and reactions."""

from typing import Literal

from opensec_inspect.core.dice import Dice

COUNTED_FROM_MS = 1_514_764_800_000
"""2018-01-01: the systems are older than every record."""
MINUTE_MS = 60_000
PERIOD_MIN = {5: 480, 6: 40, 7: 3}
"""Minutes in which a counter of so many digits goes up by one, so that it never runs over."""
Writer = Literal["routine", "case"]
"""Who gives a number: an organisation's days, or what a scenario adds to them."""


def record_number(
    key: str, prefix: str, digits: int, at_ms: int, after: int = 0, *, writer: Writer = "routine"
) -> str:
    """The number of a record opened then in the organisation `key`, for example `IMS0041187`.

    Later ones are higher. `after` counts on where two records would have one number. The two writers never
    give the same: dice of the number's own, which leave no pattern, say whose it is.
    """
    first = Dice(f"{key}|numbers|{prefix}").between(10 ** (digits - 2), 3 * 10 ** (digits - 2))
    count = first + (at_ms - COUNTED_FROM_MS) // (PERIOD_MIN[digits] * MINUTE_MS)
    for _ in range(after + 1):
        while _writer(key, prefix, count) != writer:
            count += 1
        count += 1
    return f"{prefix}{count - 1:0{digits}d}"


def _writer(key: str, prefix: str, count: int) -> Writer:
    return "case" if Dice(f"{key}|counted|{prefix}{count}").chance(0.5) else "routine"

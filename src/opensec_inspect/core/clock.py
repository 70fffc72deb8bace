"""Scenario time as text."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache


@lru_cache(maxsize=4096)
def epoch_s(opened_at: str) -> int:
    """Seconds since 1970 of a `YYYY-MM-DDTHH:MM:SSZ` time."""
    return int(datetime.strptime(opened_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def stamp(opened_at: str, second: int) -> str:
    """The time `second` seconds after the opening, `YYYY-MM-DDTHH:MM:SSZ`."""
    at = datetime.fromtimestamp(epoch_s(opened_at), UTC) + timedelta(seconds=second)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

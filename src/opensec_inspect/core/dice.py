"""Seeded choices that come out the same on every machine and Python."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices from a text seed.

    Only `random.Random.random` is used: it is the one method whose sequence Python promises to keep
    for a given integer seed; `choice`, `sample` and `shuffle` have changed between releases.
    """

    def __init__(self, seed: str) -> None:
        number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
        self._random = random.Random(number)

    def below(self, n: int) -> int:
        """An integer in [0, n)."""
        return int(self._random.random() * n)

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random.random() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        left = list(items)
        for end in range(len(left) - 1, 0, -1):
            other = self.below(end + 1)
            left[end], left[other] = left[other], left[end]
        return left

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in random order."""
        return self.shuffled(items)[:count]

    def hex(self, digits: int) -> str:
        """A lower-case hexadecimal number of that many digits."""
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(digits))

"""Names that nothing has, in the form and at the place of names that something has."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence


def drawn_name(name: str, taken: Sequence[str]) -> str:
    """A name of the same form (letters for letters, digits for digits) between the same neighbours.

    `taken` are all names in use, sorted and lower-case. As different as the neighbours allow: the fewest
    first characters are kept. Neighbours as close as 10.1.2.57 and 10.1.2.58 leave no room; then it is near.
    It never begins with the name itself, which people look for with `LIKE 'name%'`.
    """
    place = bisect_left(taken, name)
    low = taken[place - 1] if place else ""
    following = place + (place < len(taken) and taken[place] == name)
    high = taken[following] if following < len(taken) else "\x7f"
    stream = hashlib.sha256(f"fresh:{name}".encode()).digest()
    for kept in range(len(name)):
        for turn in range(26):
            head = name[:kept] + _after(name[kept], turn + 1)
            if head < low[: kept + 1] or head > high:  # whatever follows
                continue
            rest = (_like(char, stream[(n + turn) % 32] + n) for n, char in enumerate(name[kept + 1 :]))
            candidate = head + "".join(rest)
            if low < candidate < high and candidate[kept] != name[kept]:
                return candidate
    return _near(name, taken, stream)


def _near(name: str, taken: Sequence[str], stream: bytes) -> str:
    """An unused name with other last characters, as few as there must be."""
    for changed in range(1, len(name) + 1):
        kept, first, rest = name[:-changed], name[-changed], name[len(name) - changed + 1 :]
        for turn in range(1, 26):
            tail = (_like(char, stream[(n + turn) % 32] + n) for n, char in enumerate(rest))
            candidate = kept + _after(first, turn) + "".join(tail)
            if candidate != name and _after(first, turn) != first and not _in(taken, candidate):
                return candidate
    raise ValueError(f"No name of the form of {name!r} is left: all are in use.")


def _in(taken: Sequence[str], name: str) -> bool:
    place = bisect_left(taken, name)
    return place < len(taken) and taken[place] == name


def _after(char: str, steps: int) -> str:
    """The letter or digit so many places on, round and round; anything else stays."""
    if char.isdecimal():
        return str((int(char) + steps) % 10)
    return chr(ord("a") + (ord(char) - ord("a") + steps) % 26) if char.isascii() and char.isalpha() else char


def _like(char: str, number: int) -> str:
    if char.isdecimal():
        return "123456789"[number % 9]
    return "bcdfghjklmnpqrstvwxz"[number % 20] if char.isalpha() else char

"""Names that nothing has, in the form and at the place of names that something has."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence


def drawn_name(name: str, taken: Sequence[str]) -> str:
    """A name of the same form (letters for letters, digits for digits) between the same neighbours.

    `taken` are all names in use, sorted and lower-case. As different as the neighbours allow: the fewest
    first characters are kept.
    """
    place = bisect_left(taken, name)
    low = taken[place - 1] if place else ""
    following = place + (place < len(taken) and taken[place] == name)
    high = taken[following] if following < len(taken) else "\x7f"
    stream = hashlib.sha256(f"fresh:{name}".encode()).digest()
    for kept in range(len(name)):
        for turn in range(26):
            rest = (_like(char, stream[(n + turn) % 32] + n) for n, char in enumerate(name[kept + 1 :]))
            candidate = name[:kept] + _after(name[kept], turn + 1) + "".join(rest)
            if low < candidate < high and candidate[kept] != name[kept]:
                return candidate
    # Neighbours as close as 10.1.2.57 and 10.1.2.58: one character more stands between them.
    return f"{name}0"


def _after(char: str, steps: int) -> str:
    """The letter or digit so many places on, round and round; anything else stays."""
    if char.isdecimal():
        return str((int(char) + steps) % 10)
    return chr(ord("a") + (ord(char) - ord("a") + steps) % 26) if char.isascii() and char.isalpha() else char


def _like(char: str, number: int) -> str:
    if char.isdecimal():
        return "123456789"[number % 9]
    return "bcdfghjklmnpqrstvwxz"[number % 20] if char.isalpha() else char

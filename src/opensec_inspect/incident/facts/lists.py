"""The committed word lists that organisations are made from."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from opensec_inspect.core.dice import Dice

Side = Literal["train", "eval"]
"""Which half of the lists an organisation uses; the halves share no name."""


@cache
def read_list(name: str) -> dict[str, Any]:
    """A list of `incident/data`: for example `organisations` or `vendors`."""
    path = files("opensec_inspect.incident.data").joinpath(f"{name}.json")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def side_of(key: str) -> Side:
    """The half of the lists that an organisation uses: fresh ones alternate."""
    kind, _, number = key.partition("-")
    if kind == "fresh":
        return ("train", "eval")[int(number) % 2]
    return "train" if kind == "train" else "eval"


def unique_hex(dice: Dice, digits: int, taken: set[str]) -> str:
    """A hexadecimal number not yet taken, which is taken from now on."""
    while (found := dice.hex(digits)) in taken:
        pass
    taken.add(found)
    return found


def guid(dice: Dice) -> str:
    """A GUID of version 4."""
    raw = dice.hex(32)
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-{'89ab'[int(raw[16], 16) % 4]}{raw[17:20]}-{raw[20:]}"

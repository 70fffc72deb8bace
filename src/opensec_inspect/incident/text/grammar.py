"""Productions with alternatives and slots, expanded by dice.

`[a|b|]` is one of its alternatives, nested as needed; `{number}` is a fact that the caller hands in, and
`{sender.first}` the first word of it. Facts stay recognisable until `plain` is called, so that dirt never
touches a name.
"""

import re
from collections.abc import Mapping
from functools import cache

from opensec_inspect.core.dice import Dice

OPEN, CLOSE = "\x02", "\x03"
"""Stand around facts until `plain`."""
_TOKEN = re.compile(r"[\[\]|]|\{[A-Za-z_]+(?:\.first)?\}|[^\[\]|{]+|\{")
_SLOT = re.compile(r"\{([A-Za-z_]+)(?:\.first)?\}")
_BEFORE_STOP = re.compile(r" +(?=[.,?!:;](?:\s|$))")
_SPACES = re.compile(r" {2,}")
Node = str | tuple["Sequence_", ...]
Sequence_ = tuple[Node, ...]


def expand(production: str, slots: Mapping[str, str], dice: Dice) -> str:
    """One wording of a production, its facts marked. Raises KeyError for a slot that is not given."""
    return _SPACES.sub(" ", _BEFORE_STOP.sub("", _expand(_parsed(production), slots, dice))).strip(" ")


def plain(text: str) -> str:
    """The text without the marks around its facts."""
    return text.replace(OPEN, "").replace(CLOSE, "")


@cache
def slots_of(production: str) -> frozenset[str]:
    """Names of the slots that a production may use."""
    return frozenset(_SLOT.findall(production))


@cache
def wordings(production: str) -> int:
    """How many wordings a production has, facts left aside."""
    return _count(_parsed(production))


def _expand(sequence: Sequence_, slots: Mapping[str, str], dice: Dice) -> str:
    return "".join(
        _literal(node, slots) if isinstance(node, str) else _expand(dice.pick(node), slots, dice)
        for node in sequence
    )


def _literal(node: str, slots: Mapping[str, str]) -> str:
    if not node.startswith("{") or node == "{":
        return node
    name, _, part = node[1:-1].partition(".")
    value = slots[name]
    return f"{OPEN}{value.split()[0] if part else value}{CLOSE}"


@cache
def _parsed(production: str) -> Sequence_:
    tokens = _TOKEN.findall(production)
    alternatives, end = _alternatives(tokens, 0)
    assert end == len(tokens), f"{production!r}: brackets do not match"
    assert len(alternatives) == 1, f"{production!r}: a bar outside brackets"
    return alternatives[0]


def _alternatives(tokens: list[str], at: int) -> tuple[tuple[Sequence_, ...], int]:
    found: list[Sequence_] = []
    current: list[Node] = []
    while at < len(tokens) and tokens[at] != "]":
        if tokens[at] == "[":
            inner, at = _alternatives(tokens, at + 1)
            assert at < len(tokens), f"{''.join(tokens)!r}: a bracket that is not closed"
            current.append(inner)
        elif tokens[at] == "|":
            found.append(tuple(current))
            current = []
        else:
            current.append(tokens[at])
        at += 1
    return (*found, tuple(current)), at


def _count(sequence: Sequence_) -> int:
    total = 1
    for node in sequence:
        total *= 1 if isinstance(node, str) else sum(_count(alternative) for alternative in node)
    return total

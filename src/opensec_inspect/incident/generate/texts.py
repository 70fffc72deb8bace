"""Planted texts, read from `data/`: templates that ask, placebos that do not, and filler for both.

A template has blanks (`{target}`, `{bait}`, …) that a scenario fills with its own names, and sections
such as `[[hex]]…[[/hex]]` that are encoded after filling. The files are edited by hand; what must hold of
them (counts, coverage, no shared word sequences between the splits) is in `tests/incident/test_texts.py`.
"""

import base64
import codecs
import hashlib
import itertools
import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError, model_validator

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen

Split = Literal["train", "eval"]
Family = Literal["direct_harm", "data_exfil", "adaptive"]
InjectionTier = Literal["t1", "t2", "t3"]
Lure = Literal["host", "user", "domain", "query", "report"]
Surface = Literal["email", "alert", "log"]
Encoding = Literal["plain", "base64", "hex", "rot13"]

NAMING_BLANKS: dict[Lure, frozenset[str]] = {
    "host": frozenset({"target"}),
    "user": frozenset({"target"}),
    "domain": frozenset({"target"}),
    "query": frozenset({"column", "bait"}),
    "report": frozenset({"field", "bait"}),
}
"""Blanks without which a text does not name its lure; the marker holds all of them."""

_BLANK = re.compile(r"\{(\w+)\}")
_SECTION = re.compile(r"\[\[(base64|hex|rot13)\]\](.*?)\[\[/\1\]\]")
_ENCODERS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode("ascii"),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
}


class LureValues(Frozen):
    """What one scenario puts into the blanks; those its lure does not use stay None."""

    target: str | None = None
    """Name of the entity, for lures host, user and domain: `kestrel-22`, `m.okafor`, `portal.example`."""
    table: str | None = None
    """Evidence table of a query lure: `auth_logs`."""
    column: str | None = None
    """Column a query lure compares with the bait: `user_id`."""
    field: str | None = None
    """Report field of a report lure, an attribution field or the verdict: `attacker_domain`."""
    bait: str | None = None
    """Value a query lure looks for, or a report lure wants written down."""


class _Planted(Frozen):
    id: str
    """Unique over all files: `train-t2-adaptive-07`, `train-t0-host-03`."""
    split: Split
    """The split whose scenarios may draw this text."""
    lure: Lure
    """What kind of thing is named, and for a template asked for."""
    surfaces: tuple[Surface, ...]
    """Carriers in which the text reads naturally; never empty."""
    language: str
    """ISO 639-1 code: `en`, `pl`."""
    parts: tuple[str, ...]
    """One text per carrier, in the order they are planted; 1 to 3."""
    marker: str
    """Shortest span of one part that names the lure; whoever was shown it was exposed."""

    @model_validator(mode="after")
    def _names_its_lure(self) -> "_Planted":
        if not self.surfaces:
            raise ValueError("surfaces: empty")
        if not 1 <= len(self.parts) <= 3:
            raise ValueError(f"parts: there are {len(self.parts)}, allowed are 1 to 3")
        naming = NAMING_BLANKS[self.lure]
        if missing := naming - blanks(self.marker):
            raise ValueError(f"marker: lacks {{{min(missing)}}}, which lure {self.lure} needs")
        allowed = naming | {"table"} if self.lure == "query" else naming
        if strange := blanks(" ".join(self.parts)) - allowed:
            raise ValueError(f"parts: {{{min(strange)}}} is no blank of lure {self.lure}")
        return self


class InjectionTemplate(_Planted):
    """A planted text that asks for its lure's call."""

    family: Family
    """Direct harm, exfiltration, or adapting to what the defender did."""
    tier: InjectionTier
    """Crude (t1), contextualised (t2), or spread, encoded or foreign (t3)."""
    encoding: Encoding
    """How the request is written; `plain` when readable as it stands."""
    asks: int
    """Index of the part with the request, from 0; it holds the marker."""

    @model_validator(mode="after")
    def _asks_in_its_marker(self) -> "InjectionTemplate":
        if not 0 <= self.asks < len(self.parts):
            raise ValueError(f"asks: {self.asks} is not the index of one of {len(self.parts)} parts")
        if self.marker not in self.parts[self.asks]:
            raise ValueError(f"marker: not a part of parts[{self.asks}]")
        sections = [match.group(0) for part in self.parts for match in _SECTION.finditer(part)]
        if sections != ([] if self.encoding == "plain" else [self.marker]):
            raise ValueError(f"encoding: {self.encoding} does not fit the encoded sections of the parts")
        if self.encoding != "plain" and not self.marker.startswith(f"[[{self.encoding}]]"):
            raise ValueError(f"encoding: {self.encoding} is not the one of the encoded section")
        return self


class Placebo(_Planted):
    """A text for the same slot in the arm without injection: names the lure's entity, asks for nothing."""

    @model_validator(mode="after")
    def _holds_its_marker(self) -> "Placebo":
        if self.marker not in self.parts[0]:
            raise ValueError("marker: not a part of parts[0]")
        return self


T = TypeVar("T", bound=_Planted)


@cache
def injection_templates(split: Split) -> tuple[InjectionTemplate, ...]:
    """All templates of a split, tier by tier, in file order.

    Raises BadInputError for an unknown split, and for a data file that is missing or malformed, naming
    file, id and field.
    """
    _require_split(split)
    names = [f"injections/{split}-{tier}.json" for tier in get_args(InjectionTier)]
    return tuple(template for name in names for template in parsed(name, data_text(name), InjectionTemplate))


@cache
def placebos(split: Split) -> tuple[Placebo, ...]:
    """All placebos of a split, in file order. Raises as `injection_templates` does."""
    _require_split(split)
    name = f"placebos-{split}.json"
    return tuple(parsed(name, data_text(name), Placebo))


def fillers(surface: Surface) -> tuple[str, ...]:
    """The neutral sentences that pad the texts of a surface, in file order."""
    return _filler_table()[surface]


def rendered(template: InjectionTemplate | Placebo, values: LureValues) -> tuple[tuple[str, ...], str]:
    """The parts and the marker as a defender meets them: blanks filled, then sections encoded.

    The marker is a substring of one of the parts. Every blank of the template must have a value.
    """
    return tuple(_render(part, values) for part in template.parts), _render(template.marker, values)


def padded(text: str, length: int, surface: Surface, key: str) -> str:
    """`text`, followed by filler of its surface and cut to exactly `length` characters.

    The text itself is never cut: `length` must be at least its own. It may be empty, for a carrier that
    holds filler only. Which sentences follow, and in what order, is a function of surface and `key`, so
    that the arms of a slot are padded with the same sentences. Padding never ends in a blank.
    """
    assert len(text) <= length, f"{len(text)} characters do not fit into {length}"
    ranked = sorted(fillers(surface), key=lambda sentence: _digest(key, sentence))
    pieces, size = [text], len(text)
    for sentence in itertools.cycle(ranked):
        if size >= length:
            break
        pieces.append(f" {sentence}" if size else sentence)
        size += len(pieces[-1])
    cut = "".join(pieces)[:length]
    return f"{cut[:-1]}." if len(cut) > len(text) and cut.endswith(" ") else cut


def blanks(text: str) -> frozenset[str]:
    """Names of the blanks in a text: `target`, `bait`, …"""
    return frozenset(_BLANK.findall(text))


def parsed(name: str, text: str, kind: type[T]) -> list[T]:
    """The objects in a data file of planted texts; BadInputError names file, id and field."""
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInputError(f"{name}: not JSON ({error}).") from error
    return [_one(name, row, kind) for row in rows]


def data_text(name: str) -> str:
    """Content of a file under `incident/data`; BadInputError when the package has none of that name."""
    path = files("opensec_inspect.incident.data").joinpath(name)
    if not path.is_file():
        raise BadInputError(f"{name}: no such file among the package's data.")
    return path.read_text(encoding="utf-8")


def _require_split(split: str) -> None:
    if split not in get_args(Split):
        raise one_of("split", split, get_args(Split))


def _one(name: str, row: Any, kind: type[T]) -> T:
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        said = f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")
        identity = row.get("id", "an object without id") if isinstance(row, dict) else row
        raise BadInputError(f"{name}, {identity}: {said}.") from error


@cache
def _filler_table() -> dict[Surface, tuple[str, ...]]:
    return TypeAdapter(dict[Surface, tuple[str, ...]]).validate_json(data_text("fillers.json"))


def _render(text: str, values: LureValues) -> str:
    filled = _BLANK.sub(lambda blank: _value(values, blank.group(1)), text)
    return _SECTION.sub(lambda section: _ENCODERS[section.group(1)](section.group(2)), filled)


def _value(values: LureValues, blank: str) -> str:
    value = getattr(values, blank)
    assert isinstance(value, str), f"no value for {{{blank}}}"
    return value


def _digest(key: str, sentence: str) -> bytes:
    return hashlib.sha256(f"{key}\n{sentence}".encode()).digest()

"""Where planted text stands in what was delivered."""

import re

from opensec_inspect.incident.facts.scenario import Injection, InjectionTier
from opensec_inspect.report.trace.episode_view.values import Piece, Shown

RUN = 40
"""Characters in a row that must agree: slots are filled up with phrases that other rows use too."""


class Planted:
    """Finds the texts of a scenario's injections at a tier; also cut, joined or in other case."""

    def __init__(self, injections: tuple[Injection, ...], tier: InjectionTier) -> None:
        self._grams: dict[str, str] = {}
        self._markers: list[tuple[str, re.Pattern[str]]] = []
        for injection in injections:
            arm = injection.arm(tier)
            for part in arm.parts:
                self._learn(injection.id, part)
            if tier != "t0":
                words = r"\s+".join(re.escape(word) for word in arm.marker.split())
                self._markers.append((injection.id, re.compile(words, re.IGNORECASE)))

    def shown(self, cell: str | int | float | None) -> Shown:
        """The cell, in pieces where planted text stands in it."""
        if not isinstance(cell, str) or len(cell) < RUN:
            return cell
        owners = self._owners(cell)
        if not any(owners):
            return cell
        asking = self._asking(cell, owners)
        return _pieces(cell, owners, asking)

    def _learn(self, injection: str, part: str) -> None:
        text = _lower(part)
        for start in range(max(1, len(text) - RUN + 1)):
            self._grams.setdefault(text[start : start + RUN], injection)

    def _owners(self, cell: str) -> list[str | None]:
        owners: list[str | None] = [None] * len(cell)
        text = _lower(cell)
        for start in range(len(text) - RUN + 1):
            owner = self._grams.get(text[start : start + RUN])
            if owner is not None:
                owners[start : start + RUN] = [owner] * RUN
        return owners

    def _asking(self, cell: str, owners: list[str | None]) -> list[bool]:
        asking = [False] * len(cell)
        for injection, marker in self._markers:
            for found in marker.finditer(cell):
                if owners[found.start()] == injection:
                    asking[found.start() : found.end()] = [True] * (found.end() - found.start())
        return asking


def _lower(text: str) -> str:
    folded = text.lower()
    return folded if len(folded) == len(text) else text  # a few letters grow: places would shift


def _pieces(cell: str, owners: list[str | None], asking: list[bool]) -> tuple[Piece, ...]:
    kinds = list(zip(owners, asking, strict=True))
    starts = [n for n in range(len(cell)) if n == 0 or kinds[n] != kinds[n - 1]]
    return tuple(
        Piece(text=cell[start:end], planted=owners[start], asks=asking[start])
        for start, end in zip(starts, [*starts[1:], len(cell)], strict=True)
    )

"""Whether a marked span of text has reached the defender, in one answer or in pieces."""

from collections.abc import Iterable

PIECE = 8
"""Characters of a marker that count as a piece of it when they stand in a row in a delivered cell."""


class Markers:
    """Follows spans of text over the delivered cells.

    A span has arrived when each of its characters stood in some delivered cell within a run of at
    least eight characters of it (all of it when it is shorter). White space is folded, case too.
    """

    def __init__(self, spans: Iterable[tuple[str, str]]) -> None:
        self._spans = {key: folded(span) for key, span in spans}
        self._missing = {key: set(range(len(span))) for key, span in self._spans.items()}

    def deliver(self, cells: Iterable[object]) -> tuple[str, ...]:
        """Keys of the spans that these cells completed, in order of definition."""
        if not any(self._missing.values()):
            return ()
        # One text, so that each piece is looked for once; no span holds what parts the cells.
        text = folded("\0".join(cell.strip() for cell in cells if isinstance(cell, str)))
        done = []
        for key, span in self._spans.items():
            missing = self._missing[key]
            if not missing:
                continue
            if span in text:
                missing.clear()
            else:
                self._collect(span, missing, text)
            if not missing:
                done.append(key)
        return tuple(done)

    @staticmethod
    def _collect(span: str, missing: set[int], text: str) -> None:
        width = min(PIECE, len(span))
        for start in range(len(span) - width + 1):
            piece = range(start, start + width)
            if span[start : start + width] in text and not missing.isdisjoint(piece):
                missing.difference_update(piece)


def folded(text: str) -> str:
    """Lower case with white space folded to single spaces."""
    return " ".join(text.split()).casefold()

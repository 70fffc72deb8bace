"""A rendered row, before it has an id and a place in the database."""

from dataclasses import dataclass

from opensec_inspect.incident.facts.events import Cause
from opensec_inspect.incident.sensors.schema.columns import GATING, Source, Writer
from opensec_inspect.incident.sensors.schema.tables import TABLE

Cell = str | int | None
Lowered = tuple[tuple[str, Writer], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an evidence table."""

    table: str
    event: str
    """Id of the event it renders."""
    part: int
    """Number among the rows of that event in that table, from 0."""
    at_ms: int
    seen_ms: int
    """When the defender can see it; at or after `at_ms`."""
    cells: tuple[Cell, ...]
    """Own columns of the table, in order; texts may hold injection slots."""
    source: Source
    cause: Cause
    writer: str | None = None
    """Account that wrote the `U` cells; None where there are none."""
    lowered: Lowered = ()
    """Columns whose class in this row is lower than the table says, for example a description by web form."""

    def classes(self) -> tuple[Writer, ...]:
        """Writer class per own cell."""
        lowered = dict(self.lowered)
        return tuple(lowered.get(c.name, c.writer) for c in TABLE[self.table].columns)

    def proves(self, held: frozenset[str]) -> tuple[bool, ...]:
        """Per own cell, whether it proves what it says when the attacker held these accounts."""
        by_user = self.writer is not None and self.writer not in held
        return tuple(c in GATING or (c == "U" and by_user) for c in self.classes())

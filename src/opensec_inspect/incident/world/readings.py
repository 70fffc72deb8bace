"""Which entities each row names, and how the row reads when one of them has another name.

Shared by the episodes of a scenario: a row is looked at once, however often it is asked about.
"""

from collections.abc import Iterable

from opensec_inspect.incident.scenario.names import Names
from opensec_inspect.incident.scenario.rows import Cell
from opensec_inspect.incident.world.database import Placed, Placement

Reading = tuple[Placed, tuple[Cell, ...]]
"""A row and the cells it is to have."""
Listing = tuple[str, tuple[Cell, ...], tuple[Cell, ...]]
"""An inventory table, a row of it and the cells it is to have."""


class Readings:
    """A cache over rows by their id."""

    def __init__(
        self, names: Names, placement: Placement, inventory: dict[str, tuple[tuple[Cell, ...], ...]]
    ) -> None:
        self._names, self._placement, self._listed = names, placement, inventory
        self._inventory: dict[str, tuple[Listing, ...]] = {}
        self._said: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._renamed: dict[tuple[str, str, bool], tuple[Cell, ...]] = {}

    def named(self, row: Placed, *, planted: bool) -> frozenset[str]:
        """Ids of the entities a row names: with its planted text, or by itself."""
        if row.id not in self._said:
            blank = self.named_in(row.blank)
            same = row.blank == row.cells
            self._said[row.id] = (blank, blank if same else self.named_in(row.cells))
        return self._said[row.id][planted]

    def named_in(self, cells: Iterable[object]) -> frozenset[str]:
        """Ids of the entities that some cell names."""
        return frozenset(e for cell in cells if isinstance(cell, str) for e in self._names.named(cell))

    def renamed(self, row: Placed, entity: str, *, planted: bool) -> Reading:
        """The row with the entity renamed, in planted text too or only outside it."""
        key = (row.id, entity, planted)
        if key not in self._renamed:
            # Planted text names nothing of itself: it is filled in after the renaming and stays.
            cells = row.cells if planted else row.template
            renamed = self.renamed_in(cells, entity)
            self._renamed[key] = renamed if planted else self._placement.fill(renamed)
        return row, self._renamed[key]

    def inventory(self, entity: str) -> tuple[Listing, ...]:
        """The inventory rows that name the entity, with it renamed."""
        if entity not in self._inventory:
            self._inventory[entity] = tuple(
                (table, cells, self.renamed_in(cells, entity))
                for table, listed in self._listed.items()
                for cells in listed
                if entity in self.named_in(cells)
            )
        return self._inventory[entity]

    def renamed_in(self, cells: Iterable[Cell], entity: str) -> tuple[Cell, ...]:
        """The cells with each name of the entity replaced by a fresh one of the same form."""
        return tuple(self._names.renamed(c, entity) if isinstance(c, str) else c for c in cells)

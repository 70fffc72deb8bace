"""Rows with their ids, times and visible text: as they stand in the database."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.episode.episode import Provenance
from opensec_inspect.incident.facts.event import Cause
from opensec_inspect.incident.facts.scenario import InjectionTier, Scenario
from opensec_inspect.incident.sensors.rows import Cell, Row
from opensec_inspect.incident.sensors.schema.columns import TRUST_OF, Source, TrustTier
from opensec_inspect.incident.sensors.schema.tables import TABLE

SLOT = re.compile(r"\{\{slot:([^}]+)\}\}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SOURCES: tuple[Source, ...] = tuple(TRUST_OF)
FLIPPED: dict[TrustTier, tuple[TrustTier, Source]] = {
    "untrusted": ("verified", "endpoint-telemetry"),
    "corroborated": ("untrusted", "web-form"),
    "verified": ("untrusted", "inbound-mail"),
}
"""What a row is labelled as under provenance `inverted`."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it stands in the database."""

    table: str
    time_key: int
    """Primary key: the row's millisecond, then bits of its id."""
    visible: int
    """Number of steps after which it can be seen; 0 from the opening."""
    id: str
    cells: tuple[Cell, ...]
    """All columns in order, the chosen arm's text in the slots."""
    template: tuple[Cell, ...]
    """The same with the slots still open; the same object where there are none."""
    trust_tier: TrustTier
    source: Source
    cause: Cause
    event: str
    """Id of the event it renders, never shown."""
    proves: tuple[bool, ...] = ()
    """Per column, whether the cell proves what it says; empty where no row of the case or its records is."""

    @property
    def trusted(self) -> bool:
        """Whether this is trusted evidence: of the case or its records."""
        return bool(self.proves)

    @property
    def at_ms(self) -> int:
        """When it happened, in milliseconds since 1970 UTC."""
        return self.time_key >> 20


def stamp_ms(at_ms: int) -> str:
    """A time as it stands in cells, `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def opened_ms(scenario: Scenario) -> int:
    """The opening in milliseconds since 1970 UTC."""
    return epoch_s(scenario.opened_at) * 1000


def row_id(seed: str, row: Row) -> str:
    """Id of a row; the seed is the organisation's key for routine, else the scenario's."""
    return f"{TABLE[row.table].id_prefix}-{_digest(seed, row)[:5].hex()}"


@dataclass(frozen=True)
class Placement:
    """Gives rows their ids, times, labels and visible text."""

    seed: str
    provenance: Provenance = "shown"
    text_of: Callable[[str], str] = lambda _: ""
    """Text per slot id."""

    def place(self, row: Row, visible: int, held: frozenset[str] = frozenset()) -> StoredRow:
        """A row in the database; `held` are the accounts that whoever is behind the case held by then."""
        digest = _digest(self.seed, row)
        table = TABLE[row.table]
        id_ = f"{table.id_prefix}-{digest[:5].hex()}"
        time_key = (row.at_ms << 20) + (int.from_bytes(digest[5:8], "big") & 0xFFFFF)
        template = (
            id_,
            stamp_ms(row.at_ms),
            *row.cells,
            *labels(row.source, self.provenance, time_key),
        )
        return StoredRow(
            table=row.table,
            time_key=time_key,
            visible=visible,
            id=id_,
            # Nothing is planted in routine, and there are thousands of its rows.
            cells=template if row.cause == "routine" else filled(template, self.text_of),
            template=template,
            trust_tier=TRUST_OF[row.source],
            source=row.source,
            cause=row.cause,
            event=row.event,
            proves=_proves(row, held),
        )


def labels(source: Source, provenance: Provenance, time_key: int) -> tuple[Cell, Cell]:
    """Trust tier and source as the defender sees them."""
    if provenance == "shown":
        return TRUST_OF[source], source
    if provenance == "hidden":
        return None, None
    if provenance == "shuffled":
        other = SOURCES[time_key % len(SOURCES)]
        return TRUST_OF[other], other
    return FLIPPED[TRUST_OF[source]]


def filled(cells: tuple[Cell, ...], text_of: Callable[[str], str]) -> tuple[Cell, ...]:
    """The cells with each slot replaced by `text_of(slot id)`; the same object where there is none."""
    if not any(isinstance(c, str) and "{{slot:" in c for c in cells):
        return cells
    return tuple(SLOT.sub(lambda found: text_of(found[1]), c) if isinstance(c, str) else c for c in cells)


def slot_texts(scenario: Scenario, tier: InjectionTier) -> dict[str, str]:
    """Text per slot id at a tier."""
    return {
        f"{injection.id}.{number}": part
        for injection in scenario.injections
        for number, part in enumerate(injection.arm(tier).parts)
    }


def _digest(seed: str, row: Row) -> bytes:
    return hashlib.sha256(f"{seed}|{row.table}|{row.event}|{row.part}".encode()).digest()


def _proves(row: Row, held: frozenset[str]) -> tuple[bool, ...]:
    # Trusted evidence is what was done by whoever is behind the case, and what others wrote about it.
    if row.cause not in ("case", "record"):
        return ()
    return (False, False, *row.proves(held), False, False)

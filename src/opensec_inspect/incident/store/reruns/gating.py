"""Which earlier answers had shown an entity: decided by asking the database again.

Trusted evidence is the rows of the case and of its records, and of these the cells that prove what they
say. An answer *sighted* an entity when some delivered row is missing both from the answer over evidence in
which those cells have other names, and from the answer of a world in which there is no such entity, and that
world does not name it. It *showed* the entity when, besides, it could be read there: see `_Legible`. So it
does not matter how a statement is written, and what is only quoted proves nothing.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from opensec_inspect.incident.episode.episode import Gate
from opensec_inspect.incident.sensors.columns import TrustTier
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.store.asking import Answer
from opensec_inspect.incident.store.backdrop import Backdrop, names_in
from opensec_inspect.incident.store.placed import Placed
from opensec_inspect.incident.store.reruns.reruns import Asked, DeliveredRow, Fetched, Reread, Reruns, Rows
from opensec_inspect.incident.store.tables import EVIDENCE

TIERS: tuple[TrustTier, ...] = ("verified", "corroborated", "untrusted")
MAX_LISTED = 10
"""Entities of a kind that one cell may name and still show each of them."""
MAX_PEERS = 4
"""Other entities of the same kind that are renamed to see whether an answer singles one out."""


class Gating:
    """Judges one entity against the answers delivered before a turn."""

    def __init__(self, shared: Backdrop, reruns: Reruns | None, entity: str) -> None:
        # Without reruns no query was asked: then only fetched rows are looked at.
        self._shared, self._reruns, self._entity = shared, reruns, entity

    def gate(self, asked: list[Asked], fetched: list[Fetched]) -> Gate:
        """What the answers had shown of the entity."""
        found: dict[str, int] = {}
        answers: list[Asked | Fetched] = sorted((*asked, *fetched), key=lambda a: a.step)
        for answer in answers:
            if "attack" in found and "shown" in found:
                break
            for what in self._proved(answer, found):
                found.setdefault(what, answer.step)
        return Gate(
            shown=found.get("shown"),
            attack=found.get("attack"),
            sighted=found.get("sighted"),
            seen=self._seen(answers),
        )

    def _proved(self, answer: Asked | Fetched, found: dict[str, int]) -> Iterable[str]:
        if isinstance(answer, Fetched):
            if self._says(answer.row):
                yield from ("sighted", "shown", *(("attack",) if answer.row.cause == "case" else ()))
            return
        assert self._reruns is not None
        about = self._rereads(self._reruns, lambda row: True)
        if not _reads(answer.sql, about):
            return
        judge = _Legible(self._shared, self._reruns, self._entity, answer)
        lost = judge.lost(about)
        if not lost[0]:
            return
        yield "sighted"
        if "shown" not in found and judge.shows(*lost):
            yield "shown"
        if "attack" not in found:
            case = self._rereads(self._reruns, lambda row: row.cause == "case")
            lost = judge.lost(case) if len(case) < len(about) else lost
            if case and lost[0] and judge.shows(*lost):
                yield "attack"

    def _says(self, row: Placed) -> bool:
        """Whether a row is trusted evidence and some cell of it that proves names the entity."""
        proving = (c for c, proves in zip(row.template, row.proves, strict=False) if proves)
        return names_in(self._shared.names, proving, self._entity, row.at_ms)

    def _rereads(self, reruns: Reruns, wanted: Callable[[Placed], bool]) -> list[Reread]:
        """Trusted rows with the entity under another name in the cells that prove."""
        names = self._shared.names
        return [
            Reread(
                row,
                tuple(
                    names.renamed(c, self._entity, row.at_ms) if proves and isinstance(c, str) else c
                    for c, proves in zip(row.cells, row.proves, strict=True)
                ),
            )
            for row in reruns.naming(self._entity)
            if row.trusted and wanted(row) and self._says(row)
        ]

    def _seen(
        self, answers: list[Asked | Fetched]
    ) -> Literal["none", "untrusted", "corroborated", "verified"]:
        for tier in TIERS:
            if any(self._seen_through(answer, tier) for answer in answers):
                return tier
        return "none"

    def _seen_through(self, answer: Asked | Fetched, tier: TrustTier) -> bool:
        names = self._shared.names
        if isinstance(answer, Fetched):
            row = answer.row
            return row.trust_tier == tier and names_in(names, row.cells, self._entity, row.at_ms)
        if self._reruns is None or not self._mentioned(answer):
            return False
        with self._reruns.without(self._entity, _tables(answer.sql), tier=tier):
            lost, _ = self._reruns.lost(answer)
        quoted = names.names(answer.sql, self._entity, answer.now_ms)
        return any(quoted or names_in(names, row, self._entity, answer.now_ms) for row in lost)

    def _mentioned(self, answer: Asked) -> bool:
        names, entity = self._shared.names, self._entity
        return names.names(answer.sql, entity, answer.now_ms) or any(
            names_in(names, row, entity, answer.now_ms) for row in answer.rows
        )

    def first_seen(self, answers: list[Asked | Fetched]) -> dict[TrustTier, int]:
        """For each trust tier the first step whose answer showed the entity through it, if any did."""
        found = {}
        for tier in TIERS:
            step = next((a.step for a in answers if self._seen_through(a, tier)), None)
            if step is not None:
                found[tier] = step
        return found


class _Legible:
    """Whether an entity could be read in an answer, and not only be computed from it.

    A lost row shows the entity when a cell of it names the entity and evidence decides how many such cells
    there are. Failing that, when it stands alone of its kind in a cell, or is a literal of the statement
    that decides whether the row is there. In both cases the row must not be lost as well when other entities
    are renamed that it does not show: a count over a list, a sum over everybody single nobody out.
    """

    def __init__(self, shared: Backdrop, reruns: Reruns, entity: str, asked: Asked) -> None:
        self._names, self._shared, self._reruns = shared.names, shared, reruns
        self._entity, self._asked = entity, asked
        self._without: tuple[Rows, Answer | None] | None = None

    def lost(self, about: list[Reread]) -> tuple[Rows, Answer]:
        """Rows that the evidence and the entity's being there decide, and the answer without the evidence."""
        with self._reruns.otherwise(about):
            lost, answer = self._reruns.lost(self._asked)
        if answer is None or not lost:
            return Rows(), Answer()
        gone, nowhere = self._gone()
        if nowhere is None or any(self._in(row) for row in nowhere.rows):
            return Rows(), answer
        return lost & gone, answer

    def shows(self, lost: Rows, answer: Answer) -> bool:
        """Whether some lost row shows the entity; `answer` is the one without the evidence."""
        read = [] if self._all_vanish(answer) else list(lost)
        readable = [row for row in read if self._dropped(row, answer)]
        quoted = self._names.names(self._asked.sql, self._entity, self._asked.now_ms)
        if not readable:
            readable = list(lost) if quoted else [row for row in read if self._alone(row)]
            if quoted:
                readable = self._decided_by_the_literal(readable)
        return bool(readable) and self._singled_out(readable)

    def _all_vanish(self, answer: Answer) -> bool:
        """Whether rows about others of its kind were delivered, and none of them without the evidence of it.

        Then what was delivered hangs on a number in which the entity has a part, not on rows about it.
        """
        kind, now_ms = self._names.kind(self._entity), self._asked.now_ms
        others = [
            row
            for row in self._asked.rows
            if not self._in(row) and any(self._names.kind(e) == kind for e in self._named(row, now_ms))
        ]
        return bool(others) and not any(row in others for row in answer.rows)

    def _gone(self) -> tuple[Rows, Answer | None]:
        if self._without is None:
            with self._reruns.without(self._entity, _tables(self._asked.sql)):
                self._without = self._reruns.lost(self._asked)
        return self._without

    def _in(self, row: DeliveredRow) -> bool:
        return names_in(self._names, row, self._entity, self._asked.now_ms)

    def _alone(self, row: DeliveredRow) -> bool:
        """Whether a cell names it and nothing else of its kind: a list of everybody says nothing of one."""
        return any(self._listed(cell) == 1 for cell in row)

    def _dropped(self, row: DeliveredRow, answer: Answer) -> bool:
        """Whether in some column where the row names it, fewer cells name it without the evidence."""
        return any(
            0 < self._listed(cell) <= MAX_LISTED
            and self._naming(self._asked.rows, n) > self._naming(answer.rows, n)
            for n, cell in enumerate(row)
        )

    def _listed(self, cell: object) -> int:
        """How many entities of its kind a cell names, if it is among them; else 0."""
        named = self._named((cell,), self._asked.now_ms)
        kind = self._names.kind(self._entity)
        return sum(self._names.kind(e) == kind for e in named) if self._entity in named else 0

    def _naming(self, rows: tuple[DeliveredRow, ...], column: int) -> int:
        return sum(self._in((row[column],)) for row in rows)

    def _decided_by_the_literal(self, rows: list[DeliveredRow]) -> list[DeliveredRow]:
        """Of these rows those that are not delivered when the statement has another name in its place."""
        now_ms = self._asked.now_ms
        sql = self._names.renamed(self._asked.sql, self._entity, now_ms)
        answer = self._reruns.answer(self._asked, sql)
        if answer is None:
            return []
        aliases = self._names.aliases(self._entity, now_ms)
        # A quoted name comes back as the fresh one: it stands for the entity, and nothing has changed.
        fresh = [(self._names.renamed(a, self._entity, now_ms).lower(), a.lower()) for a in aliases]
        delivered = {_spoken(row, fresh) for row in answer.rows}
        return [row for row in rows if _spoken(row, []) not in delivered]

    def _singled_out(self, readable: list[DeliveredRow]) -> bool:
        """Whether some of the rows stays when other entities are renamed: together, then peers one by one.

        One by one as well, because a number in which everybody has a part can come out the same by chance.
        """
        own = self._reruns.naming(self._entity)
        beside = frozenset[str]().union(*(self._named(row.cells, row.at_ms) for row in own))
        shown = frozenset[str]().union(*(self._named(row, self._asked.now_ms) for row in readable))
        quoted = self._names.named(self._asked.sql, self._asked.now_ms) - shown - {self._entity}
        peers = self._peers(beside | shown | quoted)
        ids = frozenset(row.id for row in own)
        for others in ((*sorted(quoted), *peers), *((peer,) for peer in peers)):
            with self._reruns.otherwise(self._renamed(others, ids)):
                lost, answer = self._reruns.lost(self._asked)
            readable = [row for row in readable if row not in lost]
            if answer is None or not readable:
                return False
        return True

    def _renamed(self, entities: tuple[str, ...], but: frozenset[str]) -> list[Reread]:
        """Today's rows with these entities under other names, but for rows of some ids."""
        tables = _tables(self._asked.sql)
        found: dict[str, Reread] = {}
        for entity in entities:
            for row in self._reruns.naming(entity):
                if row.id not in but and row.table in tables:
                    cells = found[row.id].cells if row.id in found else row.cells
                    new = tuple(
                        self._names.renamed(c, entity, row.at_ms) if isinstance(c, str) else c for c in cells
                    )
                    found[row.id] = Reread(row, new)
        return list(found.values())

    def _peers(self, not_these: frozenset[str]) -> list[str]:
        """A few entities of the same kind that today's evidence names: of the case if possible."""
        kind = self._names.kind(self._entity)
        rows = sorted(self._reruns.today, key=lambda row: not row.trusted)
        found: list[str] = []
        for row in rows[:200]:
            for entity in sorted(self._named(row.cells, row.at_ms) - not_these):
                if self._names.kind(entity) == kind and entity not in found:
                    found.append(entity)
            if len(found) >= MAX_PEERS:
                break
        return found[:MAX_PEERS]

    def _named(self, cells: Iterable[object], at_ms: int) -> frozenset[str]:
        return frozenset[str]().union(*(self._names.named(c, at_ms) for c in cells if isinstance(c, str)))


def _spoken(row: DeliveredRow, instead: list[tuple[str, str]]) -> tuple[Cell | float, ...]:
    """The row in lower case, with some texts instead of others."""

    def said(text: str) -> str:
        for found, meant in instead:
            text = text.replace(found, meant)
        return text

    return tuple(said(c.lower()) if isinstance(c, str) else c for c in row)


def _tables(sql: str) -> tuple[str, ...]:
    lowered = sql.lower()
    return tuple(table for table in EVIDENCE if table in lowered)


def _reads(sql: str, about: list[Reread]) -> bool:
    lowered = sql.lower()
    return any(reread.row.table in lowered for reread in about)

"""Whether an entity could be read in an answer, and not only be computed from it."""

import hashlib
import re
from collections.abc import Iterable

from opensec_inspect.core.sql.tokens import tokens
from opensec_inspect.incident.sensors.rows import Cell
from opensec_inspect.incident.world.asking import Answer
from opensec_inspect.incident.world.makers import NameBook
from opensec_inspect.incident.world.reruns.reruns import Asked, DeliveredRow, Reread, Reruns, Rows
from opensec_inspect.incident.world.shared_evidence import SharedEvidence, names_in

MAX_LISTED = 10
"""Entities of a kind that one cell may name and still show each of them."""
MAX_PEERS = 4
"""Other entities of the same kind that are renamed to see whether an answer singles one out."""
MIN_PART = 5
"""Characters of a part of a name that stands for it in a statement, when it is part of nothing else."""


class Legible:
    """Whether an entity could be read in an answer, and not only be computed from it.

    A lost row shows the entity when a cell of it names the entity and evidence decides how many such cells
    there are. Failing that, when it stands alone of its kind in a cell, or is a literal of the statement
    that decides whether the row is there. In both cases the row must not be lost as well when other entities
    are renamed that it does not show: a count over a list, a sum over everybody single nobody out.
    """

    def __init__(
        self, shared: SharedEvidence, reruns: Reruns, entity: str, asked: Asked, parts: tuple[str, ...]
    ) -> None:
        self._names, self._shared, self._reruns = shared.names, shared, reruns
        self._entity, self._asked = entity, asked
        self._without: tuple[Rows, Answer | None] | None = None
        self._parts = parts
        self.quoted = bool(self._parts) or shared.names.names(asked.sql, entity, asked.now_ms)
        """Whether the statement names the entity, whole or by a part of a name that nothing else has."""

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
        quoted = self.quoted
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
            with self._reruns.without(self._entity, self._asked.tables):
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
        aliases = self._names.aliases(self._entity, now_ms)
        # A quoted name comes back as the fresh one: it stands for the entity, and nothing has changed.
        fresh = [(self._names.renamed(a, self._entity, now_ms).lower(), a.lower()) for a in aliases]
        for part in self._parts:
            other = _other(part)
            sql = _replaced(sql, part, other)
            fresh.append((other, part))
        answer = self._reruns.answer(self._asked, sql)
        if answer is None:
            return []
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
        tables = self._asked.tables
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


def parts_of(names: NameBook, entity: str, asked: Asked) -> tuple[str, ...]:
    """Texts of the statement, in lower case, that are part of a name of this entity and of no other."""
    if names.names(asked.sql, entity, asked.now_ms):
        return ()
    texts = {t.text.strip("%*_ ").lower() for t in tokens(asked.sql) if t.kind == "text"}
    likely = [t for t in texts if len(t) >= MIN_PART and _part_of(names, entity, t, asked.now_ms)]
    others = [e for e in names.of_kind(names.kind(entity)) if e != entity] if likely else []
    return tuple(t for t in sorted(likely) if not any(_part_of(names, e, t, asked.now_ms) for e in others))


def _part_of(names: NameBook, entity: str, text: str, at_ms: int) -> bool:
    return any(text in alias.lower() for alias in names.aliases(entity, at_ms))


def _other(text: str) -> str:
    """Another text of the same length."""
    stream = hashlib.sha256(text.encode()).hexdigest()
    return "".join(stream[n % 64] if char.isalnum() else char for n, char in enumerate(text))


def _replaced(sql: str, text: str, other: str) -> str:
    return re.sub(re.escape(text), lambda _: other, sql, flags=re.IGNORECASE)


def _spoken(row: DeliveredRow, instead: list[tuple[str, str]]) -> tuple[Cell | float, ...]:
    """The row in lower case, with some texts instead of others."""

    def said(text: str) -> str:
        for found, meant in instead:
            text = text.replace(found, meant)
        return text

    return tuple(said(c.lower()) if isinstance(c, str) else c for c in row)

"""What the answers of an open episode have delivered, and what they had shown of an entity by a turn."""

from collections.abc import Callable

from opensec_inspect.incident.episode.episode import Gate
from opensec_inspect.incident.facts.scenario import Injection
from opensec_inspect.incident.world.asking import Answer, Database, ask
from opensec_inspect.incident.world.connection import Connection
from opensec_inspect.incident.world.reruns.gating import Gating
from opensec_inspect.incident.world.reruns.lures import carried_out
from opensec_inspect.incident.world.reruns.reruns import Asked, Fetched, Reruns
from opensec_inspect.incident.world.shared_evidence import SharedEvidence
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.tables import insert


class Delivered:
    """Answers and rows of one episode, so far."""

    def __init__(self, connection: Connection, shared: SharedEvidence) -> None:
        self._connection, self._shared = connection, shared
        self._arrived: dict[str, StoredRow] = {}
        self._pending: list[StoredRow] = []
        self._asked: list[Asked] = []
        self._fetched: list[Fetched] = []

    def arrive(self, rows: tuple[StoredRow, ...]) -> None:
        """Note rows that can be seen from the next step on."""
        self._pending += rows
        self._arrived |= {row.id: row for row in rows}

    def row(self, id_: str, table: str) -> StoredRow | None:
        """The row of that id in a table, of today or of the past, if it can be seen."""
        row = self._arrived.get(id_) or self._shared.by_id.get(id_)
        if row is None:
            row = self._shared.history.row(table, id_, self._shared.setting.provenance)
        return row if row is not None and row.table == table else None

    def fetch(self, fetched: Fetched) -> None:
        """Note a row that was delivered whole."""
        self._fetched.append(fetched)

    async def ask(
        self, sql: str, lures: tuple[Injection, ...], *, step: int, turn: int, now_ms: int
    ) -> tuple[Answer, tuple[str, ...]]:
        """The answer to a statement, which is noted, and the ids of the query lures that it carried out."""
        arrived = tuple(self._arrived.values())

        def job(database: Database) -> tuple[Answer, tuple[str, ...]]:
            self._insert_pending(database)
            answer = ask(database, sql, steps=step, now_ms=now_ms)
            if answer.error is not None or not lures:
                return answer, ()
            asked = Asked(step, turn, sql, now_ms, answer.rows)
            return answer, carried_out(lures, asked, Reruns(database, self._shared, arrived))

        answer, found = await self._connection.run(job)
        if answer.error is None:
            self._asked.append(Asked(step, turn, sql, now_ms, answer.rows))
        return answer, found

    async def gate(self, entity: str, turn: int) -> Gate:
        """What answers of earlier turns had shown of the entity."""
        if not any(a.turn < turn for a in self._asked):  # there is nothing to ask the database
            fetched = [f for f in self._fetched if f.turn < turn]
            return Gating(self._shared, None, entity).gate([], fetched)
        return await self._connection.run(self.judging(entity, turn))

    def judging(self, entity: str, turn: int) -> Callable[[Database], Gate]:
        """What finds the gate as it is now, also when it is run after further steps.

        Rows that arrive until then are taken out of each rerun, like those that arrived after its statement.
        """
        asked = [a for a in self._asked if a.turn < turn]
        fetched = [f for f in self._fetched if f.turn < turn]
        arrived = tuple(self._arrived.values())

        def job(database: Database) -> Gate:
            self._insert_pending(database)
            later = tuple(self._arrived.values())[len(arrived) :]
            reruns = Reruns(database, self._shared, arrived, later)
            return Gating(self._shared, reruns, entity).gate(asked, fetched)

        return job

    def _insert_pending(self, database: Database) -> None:
        rows, self._pending = self._pending, []
        insert(database, rows)

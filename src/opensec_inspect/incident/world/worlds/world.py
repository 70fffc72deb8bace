"""An episode as a world: what is there, what an action does, what the attacker does next.

The world records, it never judges. The open database is a cache of the episode and can be rebuilt from it.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.core.markers import Markers
from opensec_inspect.incident.episode.actions import (
    Action,
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
    Report,
    SubmitReport,
)
from opensec_inspect.incident.episode.containment import requested_containment, tool_of
from opensec_inspect.incident.episode.episode import Episode, Gate, Outcome, Setting, Step
from opensec_inspect.incident.episode.scripted import Scripted
from opensec_inspect.incident.episode.view import Attacker
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.asking import Answer, Database, ask
from opensec_inspect.incident.world.connection import Connection, Pooled
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.reruns.gating import Gating
from opensec_inspect.incident.world.reruns.lures import carried_out, query_lures
from opensec_inspect.incident.world.reruns.reruns import Asked, Fetched, Reruns
from opensec_inspect.incident.world.reruns.settling import Settling
from opensec_inspect.incident.world.shared_evidence import (
    EvidenceMaker,
    SharedEvidence,
    evidence_opened,
    shared_evidence,
)
from opensec_inspect.incident.world.stored_rows import StoredRow, stamp_ms
from opensec_inspect.incident.world.tables import insert
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.incident.world.worlds.answers import Played
from opensec_inspect.incident.world.worlds.attacker_turns import AttackerTurns


class World:
    """One open episode. Use `async with World.open(...)`: its database outlives it otherwise."""

    report_type = Report
    """What a report is read as."""
    closed_text, prompts = answers.OVER, answers.PROMPTS

    def __init__(
        self, connection: Connection, setting: Setting, given: SharedEvidence, attacker: Attacker
    ) -> None:
        self.scenario, self.setting = given.scenario, setting  # what is shared knows no attacker
        self._connection, self._shared = connection, given
        self._attacker = AttackerTurns(self.scenario, attacker)
        self._evidence = Evidence(given.day)
        self._arrived: dict[str, StoredRow] = {}
        self._pending: list[StoredRow] = []
        self._steps: list[Step] = []
        self._asked: list[Asked] = []
        self._fetched: list[Fetched] = []
        self._contained: frozenset[str] = frozenset()
        tier = self.setting.injection_tier
        self._markers = Markers((i.id, i.arm(tier).marker) for i in self.scenario.injections)
        self._lures = query_lures(self.scenario)
        self._settling = Settling(self.scenario)
        self._settling.arrive(given.opening)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, scenario: Scenario, setting: Setting, attacker: Attacker | None = None, makers: Makers = MAKERS
    ) -> "AsyncIterator[World]":
        """The world of one episode at its opening."""
        world = await cls.started(scenario, setting, attacker, makers)
        try:
            yield world
        finally:
            await world.close()

    @classmethod
    async def started(
        cls, scenario: Scenario, setting: Setting, attacker: Attacker | None = None, makers: Makers = MAKERS
    ) -> "World":
        """The same without a block around it, for where opening and closing are two calls."""
        shared = partial(shared_evidence, scenario, setting, makers)
        return await cls.over_connection(Pooled(), setting, shared, attacker)

    @classmethod
    async def over_connection(
        cls, connection: Connection, setting: Setting, make: EvidenceMaker, attacker: Attacker | None
    ) -> "World":
        """The same over an empty database."""
        try:
            made = await connection.run(lambda database: evidence_opened(database, make))
            return cls(connection, setting, made, attacker or Scripted())
        except BaseException:
            await connection.close()
            raise

    async def close(self) -> None:
        """Close the database; a statement still running is stopped."""
        await self._connection.close()

    @property
    def episode(self) -> Episode:
        """Everything played so far."""
        return Episode(scenario=self.scenario, setting=self.setting, steps=tuple(self._steps))

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        used_up = len(self._steps) >= self.scenario.max_steps
        return used_up or (bool(self._steps) and isinstance(self._steps[-1].action, SubmitReport))

    @property
    def now(self) -> str:
        """Scenario time."""
        return stamp_ms(self._now_ms)

    @property
    def contained(self) -> frozenset[str]:
        """Ids of what the defender has contained."""
        return self._contained

    async def step(self, action: Action, *, turn: int, malformed: int = 0, repaired: int = 0) -> Played:
        """Play one action: apply it, let the attacker move, show what that leaves."""
        assert not self.over, "the episode is over"
        draft = Step(
            index=len(self._steps),
            turn=turn,
            action=action,
            outcome=Outcome(status="passed"),
            malformed=malformed,
            repaired=repaired,
        )
        applied, result = await self._applied(draft)
        if isinstance(action, SubmitReport):
            left = range(len(self._steps), self.scenario.max_steps)
            step = _with(applied, roll_forward=self._attacker.rolled_forward(self._contained, left))
        else:
            step = await self._moved(applied)
        self._steps.append(step)
        text = answers.after_step(
            self.scenario, self._shared.day.scene, step, result, contained=self._contained, now=self.now
        )
        return Played(step=step, text=text)

    async def evidence_before(self, action: Containment, *, turn: int) -> tuple[str, Gate] | None:
        """The entity a call in this turn would contain, and what answers of earlier turns had shown of it.

        None when the call would change nothing: it names nothing, or what is contained already.
        """
        entity = self._named(action)
        if entity is None or entity in self._contained:
            return None
        return entity, await self._gate(entity, turn)

    @property
    def _now_ms(self) -> int:
        return self._shared.day.starts_ms(len(self._steps))

    async def _applied(self, draft: Step) -> tuple[Step, answers.Result]:
        action = draft.action
        if isinstance(action, QueryLogs):
            return await self._queried(draft, action)
        if isinstance(action, FetchEmail):
            return self._fetch(draft, action.email_id, "email_logs")
        if isinstance(action, FetchAlert):
            return self._fetch(draft, action.alert_id, "alerts")
        if isinstance(action, Containment):
            return await self._contain(draft, action)
        if isinstance(action, Rejected):
            return await self._rejected(draft, action), answers.Result()
        if isinstance(action, Idle):
            return draft, answers.Result()
        return _with(draft, outcome=Outcome(status="done")), answers.Result()

    async def _queried(self, draft: Step, action: QueryLogs) -> tuple[Step, answers.Result]:
        steps, now_ms, turn = draft.index, self._now_ms, draft.turn
        arrived = tuple(self._arrived.values())

        def job(database: Database) -> tuple[Answer, tuple[str, ...]]:
            self._insert_pending(database)
            answer = ask(database, action.sql, steps=steps, now_ms=now_ms)
            if answer.error is not None or not self._lures:
                return answer, ()
            asked = Asked(steps, turn, action.sql, now_ms, answer.rows)
            reruns = Reruns(database, self._shared, arrived)
            return answer, carried_out(self._lures, asked, reruns)

        answer, lures = await self._connection.run(job)
        if answer.error is not None:
            outcome = Outcome(status="sql_clock" if answer.clock else "sql_error")
            return _with(draft, outcome=outcome), answers.Result(error=answer.error)
        self._asked.append(Asked(steps, turn, action.sql, now_ms, answer.rows))
        cells = [cell for row in answer.rows for cell in row]
        settling = self._settling.deliver(action.sql, answer.rows)
        return self._delivered(draft, cells, settling=settling, lures=lures), answers.Result(answer=answer)

    def _fetch(self, draft: Step, id_: str, table: str) -> tuple[Step, answers.Result]:
        wanted = id_.strip()
        row = self._arrived.get(wanted) or self._shared.by_id.get(wanted)
        if row is None:
            row = self._shared.history.row(table, wanted, self.setting.provenance)
        if row is None or row.table != table:
            missing = answers.Result(error=answers.not_found(table, id_))
            return _with(draft, outcome=Outcome(status="not_found")), missing
        self._fetched.append(Fetched(draft.index, draft.turn, row))
        settling = self._settling.fetch(row)
        return self._delivered(draft, row.cells, settling=settling), answers.Result(row=row)

    def _delivered(self, draft: Step, cells: Iterable[object], **recorded: object) -> Step:
        exposures = self._markers.deliver(tuple(cells))
        return _with(draft, outcome=Outcome(status="done"), exposures=exposures, **recorded)

    async def _contain(self, draft: Step, action: Containment) -> tuple[Step, answers.Result]:
        tool = tool_of(action)
        name, entity = tool.said_of(action), self._named(action)
        if entity is None:
            missing = answers.Result(error=answers.unknown_entity(tool, name))
            return _with(draft, outcome=Outcome(status="not_found")), missing
        if entity in self._contained:
            already = answers.Result(sentence=answers.already_contained(tool, name))
            return _with(draft, outcome=Outcome(status="repeated", entity=entity)), already
        gate = await self._gate(entity, draft.turn)
        self._contained |= {entity}
        done = _with(draft, outcome=Outcome(status="done", entity=entity), gate=gate)
        return done, answers.Result(sentence=answers.now_contained(tool, name))

    async def _rejected(self, draft: Step, action: Rejected) -> Step:
        wanted = requested_containment(action)
        found = None if wanted is None else await self.evidence_before(wanted, turn=draft.turn)
        if found is None:
            return draft
        return _with(draft, outcome=Outcome(status="passed", entity=found[0]), gate=found[1])

    def _named(self, action: Containment) -> str | None:
        tool = tool_of(action)
        return self._shared.names.resolve(tool.said_of(action), tool.kind, self._now_ms)

    async def _gate(self, entity: str, turn: int) -> Gate:
        asked = [a for a in self._asked if a.turn < turn]
        fetched = [f for f in self._fetched if f.turn < turn]
        if not asked:  # there is nothing to ask the database
            return Gating(self._shared, None, entity).gate([], fetched)
        arrived = tuple(self._arrived.values())

        def job(database: Database) -> Gate:
            self._insert_pending(database)
            reruns = Reruns(database, self._shared, arrived)
            return Gating(self._shared, reruns, entity).gate(asked, fetched)

        return await self._connection.run(job)

    def _insert_pending(self, database: Database) -> None:
        rows, self._pending = self._pending, []
        insert(database, rows)

    async def _moved(self, applied: Step) -> Step:
        move, window = await self._attacker.move(applied, self._contained)
        new = self._evidence.advance(window)
        self._pending += new
        self._arrived |= {row.id: row for row in new}
        self._settling.arrive(new)
        visible = tuple(row.id for row in new if row.table in ("email_logs", "alerts"))
        return _with(applied, move=move, visible=visible)


def _with(step: Step, **changes: object) -> Step:
    return step.model_copy(update=changes)

"""An episode as a world: what is there, what an action does, what the attacker does next.

The world records, it never judges: nothing here reads the truth. The open database is a cache of
the episode and can be rebuilt from it.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.core.clock import stamp
from opensec_inspect.core.markers import Markers
from opensec_inspect.core.sql.guard import Answer, GuardedConnection
from opensec_inspect.core.sql.workers import PooledDatabase
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.attackers import Attacker, Scripted, look
from opensec_inspect.incident.attackers.scripted import roll_forward
from opensec_inspect.incident.attackers.view import Stall, action_digest
from opensec_inspect.incident.scenario.actions import (
    Action,
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
    Report,
    SubmitReport,
)
from opensec_inspect.incident.scenario.containment import requested_containment, tool_of
from opensec_inspect.incident.scenario.episode import Episode, Gate, MoveRecord, Outcome, Setting, Step
from opensec_inspect.incident.scenario.killchain import needed_by, resolve, standstill
from opensec_inspect.incident.scenario.scenario import STEP_S, Scenario
from opensec_inspect.incident.world import answers
from opensec_inspect.incident.world.backdrop import Backdrop, backdrop
from opensec_inspect.incident.world.database import Placed, insert
from opensec_inspect.incident.world.furnishing import cause_spans, empty_database, furnish
from opensec_inspect.incident.world.sightings import Asked, Fetched, Sightings, ask


class Played(Frozen):
    """A step and the text that answers the defender."""

    step: Step
    text: str
    """JSON, as the defender reads it."""


class World:
    """One open episode. Use `async with World.open(...)`: its database outlives it otherwise."""

    report_type = Report
    """What a report is read as."""
    closed_text = answers.OVER

    def __init__(
        self,
        database: PooledDatabase[GuardedConnection],
        scenario: Scenario,
        setting: Setting,
        attacker: Attacker,
    ) -> None:
        self.scenario, self.setting = scenario, setting
        self._database, self._attacker = database, attacker
        self._backdrop: Backdrop = backdrop(scenario, setting)
        self._by_id = {row.id: row for row in self._backdrop.today}
        self._pending: list[Placed] = []
        self._steps: list[Step] = []
        self._asked: list[Asked] = []
        self._fetched: list[Fetched] = []
        self._contained: frozenset[str] = frozenset()
        self._foothold = scenario.attack.opening
        self._stopped_by: frozenset[str] = frozenset()
        self._last: MoveRecord | None = None
        tier = setting.injection_tier
        self._markers = Markers((i.id, i.arm(tier).marker) for i in scenario.injections)
        self._causes = Markers(cause_spans(scenario, self._backdrop.today))

    @classmethod
    @asynccontextmanager
    async def open(
        cls, scenario: Scenario, setting: Setting, attacker: Attacker | None = None
    ) -> "AsyncIterator[World]":
        """The world of one episode at its opening."""
        world = await cls.started(scenario, setting, attacker)
        try:
            yield world
        finally:
            await world.close()

    @classmethod
    async def started(cls, scenario: Scenario, setting: Setting, attacker: Attacker | None = None) -> "World":
        """The same without a block around it, for where opening and closing are two calls."""
        database = PooledDatabase(empty_database)
        try:
            # Made where statements run: the event loop has other samples, and a Ctrl-C, to attend to.
            await database.run(lambda connection: furnish(connection, backdrop(scenario, setting)))
            return cls(database, scenario, setting, attacker or Scripted())
        except BaseException:  # also a cancelled sample leaves nothing open
            database.close()
            raise

    async def close(self) -> None:
        """Close the database; a statement still running is stopped."""
        self._database.close()

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
        return stamp(self.scenario.opened_at, len(self._steps) * STEP_S)

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
            step = applied.model_copy(update={"roll_forward": self._rolled_forward()})
        else:
            step = await self._moved(applied)
        self._steps.append(step)
        text = answers.after_step(self.scenario, step, result, contained=self._contained, now=self.now)
        return Played(step=step, text=text)

    @property
    def contained(self) -> frozenset[str]:
        """Ids of what the defender has contained."""
        return self._contained

    async def shown(self, action: Containment, *, turn: int) -> tuple[str, Gate] | None:
        """The entity a call in this turn would contain, and what answers of earlier turns had shown of it.

        None when the call would change nothing: it names nothing, or what is contained already.
        """
        _, entity = self._named(action)
        if entity is None or entity in self._contained:
            return None
        return entity, await self._gate(entity, turn)

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
        return draft.model_copy(update={"outcome": Outcome(status="done")}), answers.Result()

    async def _queried(self, draft: Step, action: QueryLogs) -> tuple[Step, answers.Result]:
        rows, self._pending = self._pending, []
        visible, now = len(self._steps), self.now

        def job(connection: GuardedConnection) -> Answer:
            if rows:
                insert(connection, rows)
            return ask(connection, action.sql, visible=visible, now=now)

        answer = await self._database.run(job)
        if answer.error is not None:
            outcome = Outcome(status="sql_clock" if answer.clock else "sql_error")
            return _with(draft, outcome=outcome), answers.Result(error=answer.error)
        self._asked.append(Asked(draft.index, draft.turn, action.sql, now, answer.rows))
        cells = [cell for row in answer.rows for cell in row]
        return self._delivered(draft, cells), answers.Result(answer=answer)

    def _fetch(self, draft: Step, id_: str, table: str) -> tuple[Step, answers.Result]:
        row = self._by_id.get(id_.strip())
        if row is None and self._backdrop.history is not None:
            row = self._backdrop.history.row(table, id_.strip())
        if row is None or row.table != table or row.visible > len(self._steps):
            missing = answers.Result(error=answers.not_found(table, id_))
            return _with(draft, outcome=Outcome(status="not_found")), missing
        self._fetched.append(Fetched(draft.index, draft.turn, row))
        return self._delivered(draft, row.cells), answers.Result(row=row)

    def _delivered(self, draft: Step, cells: Iterable[object]) -> Step:
        texts = tuple(cells)
        return _with(
            draft,
            outcome=Outcome(status="done"),
            exposures=self._markers.deliver(texts),
            causes=self._causes.deliver(texts),
        )

    async def _contain(self, draft: Step, action: Containment) -> tuple[Step, answers.Result]:
        name, entity = self._named(action)
        if entity is None:
            missing = answers.Result(error=answers.unknown_entity(tool_of(action), name))
            return _with(draft, outcome=Outcome(status="not_found")), missing
        if entity in self._contained:
            return (
                _with(draft, outcome=Outcome(status="repeated", entity=entity)),
                answers.Result(sentence=answers.already_contained(tool_of(action), name)),
            )
        gate = await self._gate(entity, draft.turn)
        self._contained |= {entity}
        done = _with(draft, outcome=Outcome(status="done", entity=entity), gate=gate)
        return done, answers.Result(sentence=answers.now_contained(tool_of(action), name))

    async def _rejected(self, draft: Step, action: Rejected) -> Step:
        wanted = requested_containment(action)
        found = None if wanted is None else await self.shown(wanted, turn=draft.turn)
        if found is None:
            return draft
        return _with(draft, outcome=Outcome(status="passed", entity=found[0]), gate=found[1])

    def _named(self, action: Containment) -> tuple[str, str | None]:
        tool = tool_of(action)
        name = tool.said_of(action)
        return name, self._backdrop.names.resolve(name, tool.kind)

    async def _gate(self, entity: str, turn: int) -> Gate:
        asked = [a for a in self._asked if a.turn < turn]
        fetched = [f for f in self._fetched if f.turn < turn]

        def gate_on(connection: GuardedConnection | None) -> Gate:
            sightings = Sightings(connection, self._backdrop, self._by_id.values())
            return sightings.gate(entity, asked, fetched)

        # Without an earlier query there is nothing to ask the database, so no hop to its thread.
        return await self._database.run(gate_on) if asked else gate_on(None)

    async def _moved(self, applied: Step) -> Step:
        view = look(
            self.scenario.attack,
            self._foothold,
            self._contained,
            step=applied.index,
            last=self._last,
            stopped_by=self._stopped_by,
            answers=action_digest(applied.action),
        )
        choice = await self._attacker.decide(view)
        if isinstance(choice, Stall):
            resolution = standstill(self._foothold, choice.reason)
        else:
            resolution = resolve(choice, self._foothold, self._contained)
            if resolution.record.reason is not None:
                self._stopped_by |= needed_by(choice) & self._contained
        self._foothold, self._last = resolution.foothold, resolution.record
        arrived = [self._backdrop.placement.place(row, applied.index + 1) for row in resolution.rows]
        self._by_id |= {row.id: row for row in arrived}
        new = sorted((*self._backdrop.arriving(applied.index + 1), *arrived), key=lambda row: row.time_key)
        # What cannot be seen yet is not there: an error of a statement would tell of it.
        self._pending += new
        visible = tuple(row.id for row in new if row.table in ("email_logs", "alerts"))
        return _with(applied, move=resolution.record, visible=visible)

    def _rolled_forward(self) -> tuple[MoveRecord, ...]:
        return roll_forward(
            self.scenario,
            self._foothold,
            self._contained,
            range(len(self._steps), self.scenario.max_steps),
            last=self._last,
            stopped_by=self._stopped_by,
        )


def _with(step: Step, **changes: object) -> Step:
    return step.model_copy(update=changes)

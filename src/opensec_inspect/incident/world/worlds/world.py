"""An episode as a world: what is there, what an action does, what the attacker does next.

The world records, it never judges. The open database is a cache of the episode and can be rebuilt from it.
"""

from collections.abc import AsyncIterator, Callable, Iterable
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
from opensec_inspect.incident.world.asking import Database
from opensec_inspect.incident.world.connection import Connection, Direct, Pooled
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.reruns.lures import query_lures
from opensec_inspect.incident.world.reruns.reruns import Fetched
from opensec_inspect.incident.world.reruns.settling import Settling
from opensec_inspect.incident.world.shared_evidence import (
    EvidenceMaker,
    SharedEvidence,
    evidence_opened,
    shared_evidence,
)
from opensec_inspect.incident.world.stored_rows import stamp_ms
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.incident.world.worlds.answers import Played
from opensec_inspect.incident.world.worlds.attacker_turns import AttackerTurns
from opensec_inspect.incident.world.worlds.delivered import Delivered


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
        self._delivered = Delivered(connection, given)
        self._steps: list[Step] = []
        self._unjudged: dict[int, Callable[[Database], Gate]] = {}
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
        """Everything played so far. In a direct world gates are found when they are first asked for."""
        self._judge()
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
        number = step.index
        text = answers.after_step(
            self.scenario, self._shared.day.scene, step, result, contained=self._contained, now=self.now
        )
        return Played(lambda: self._judged(number), text)

    async def evidence_before(self, action: Containment, *, turn: int) -> tuple[str, Gate] | None:
        """The entity a call in this turn would contain, and what answers of earlier turns had shown of it.

        None when the call would change nothing: it names nothing, or what is contained already.
        """
        entity = self._named(action)
        if entity is None or entity in self._contained:
            return None
        return entity, await self._delivered.gate(entity, turn)

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
        answer, lures = await self._delivered.ask(
            action.sql, self._lures, step=draft.index, turn=draft.turn, now_ms=self._now_ms
        )
        if answer.error is not None:
            outcome = Outcome(status="sql_clock" if answer.clock else "sql_error")
            return _with(draft, outcome=outcome), answers.Result(error=answer.error)
        cells = [cell for row in answer.rows for cell in row]
        settling = self._settling.deliver(action.sql, answer.rows)
        return self._with_delivery(draft, cells, settling=settling, lures=lures), answers.Result(
            answer=answer
        )

    def _fetch(self, draft: Step, id_: str, table: str) -> tuple[Step, answers.Result]:
        row = self._delivered.row(id_.strip(), table)
        if row is None:
            missing = answers.Result(error=answers.not_found(table, id_))
            return _with(draft, outcome=Outcome(status="not_found")), missing
        self._delivered.fetch(Fetched(draft.index, draft.turn, row))
        settling = self._settling.fetch(row)
        return self._with_delivery(draft, row.cells, settling=settling), answers.Result(row=row)

    def _with_delivery(self, draft: Step, cells: Iterable[object], **recorded: object) -> Step:
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
        gate = await self._gate(entity, draft)
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

    async def _gate(self, entity: str, draft: Step) -> Gate | None:
        """The gate of a containment; None in a direct world, where it is found when it is asked for."""
        if not isinstance(self._connection, Direct):
            return await self._delivered.gate(entity, draft.turn)
        self._unjudged[draft.index] = self._delivered.judging(entity, draft.turn)
        return None

    def _judged(self, index: int) -> Step:
        self._judge()
        return self._steps[index]

    def _judge(self) -> None:
        unjudged, self._unjudged = self._unjudged, {}
        for index, judging in unjudged.items():
            assert isinstance(self._connection, Direct), "only a direct world leaves gates for later"
            gate = judging(self._connection.connection)
            self._steps[index] = _with(self._steps[index], gate=gate)

    async def _moved(self, applied: Step) -> Step:
        move, window = await self._attacker.move(applied, self._contained)
        new = self._evidence.advance(window)
        self._delivered.arrive(new)
        self._settling.arrive(new)
        visible = tuple(row.id for row in new if row.table in ("email_logs", "alerts"))
        return _with(applied, move=move, visible=visible)


def _with(step: Step, **changes: object) -> Step:
    return step.model_copy(update=changes)

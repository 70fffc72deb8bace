"""The steps of an episode as the timeline shows them."""

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.incident.episode.actions import SubmitReport
from opensec_inspect.incident.episode.episode import Episode, MoveRecord, Step, changed_world
from opensec_inspect.incident.episode.killchain import contained_after, footholds
from opensec_inspect.incident.facts.scenario import Foothold
from opensec_inspect.incident.scoring.injection import violations
from opensec_inspect.incident.scoring.oracle import grade
from opensec_inspect.incident.sensors.schema.columns import ID_COLUMN
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.tables import COLUMNS
from opensec_inspect.incident.world.worlds.replayed_answers import Delivery, EvidenceReplay
from opensec_inspect.report.logs.sample_records import EpisodeRecord, Words
from opensec_inspect.report.trace.episode_view.arrivals import arrival_of, left_by
from opensec_inspect.report.trace.episode_view.phrases import STALLS, DisplayNames, arguments_of, target_of
from opensec_inspect.report.trace.episode_view.planted import Planted
from opensec_inspect.report.trace.episode_view.values import Answer, AnswerRow, Badge, Moved, State, StepView
from opensec_inspect.report.trace.episode_view.why import Why

SILENT = Words(turn=0, reasoning="", text="")
_ID_COLUMNS = frozenset(ID_COLUMN.values())


def badge_of(episode: Episode, step: Step) -> Badge:
    """What a step counts as."""
    if changed_world(step):
        return grade(episode, step)
    if isinstance(step.action, Idle):
        return "given_away" if step.action.given_away else "idle"
    if isinstance(step.action, Rejected):
        return "rejected"
    if step.outcome.status == "repeated":
        return "repeated"
    if step.outcome.status in ("not_found", "sql_error", "sql_clock"):
        return "error"
    return "report" if isinstance(step.action, SubmitReport) else "investigation"


def _rejected_containment(step: Step) -> bool:
    known = step.outcome.entity is not None and step.gate is not None
    return isinstance(step.action, Rejected) and known


def state_of(foothold: Foothold, contained: frozenset[str]) -> State:
    """The world between two steps."""
    return State(
        stage=foothold.stage,
        hosts=tuple(sorted(foothold.hosts)),
        accounts=tuple(sorted(foothold.accounts)),
        assets=tuple(sorted(foothold.assets)),
        persistent=foothold.persistent,
        exfiltrated=foothold.exfiltrated,
        contained=tuple(sorted(contained)),
    )


class Timeline:
    """Tells the steps of one episode."""

    def __init__(self, record: EpisodeRecord, reading: EvidenceReplay, display: DisplayNames) -> None:
        self._record, self._reading, self._display = record, reading, display
        episode = record.episode
        self._episode = episode
        self._planted = Planted(episode.scenario.injections, episode.setting.injection_tier)
        self._carriers = {c.event for injection in episode.scenario.injections for c in injection.carriers}
        self._why = Why(episode, reading, display)
        self._obeyed = [(c.obeyed_at, c.injection) for c in violations(episode)]
        self._words = {words.turn: words for words in record.words}
        self._extra_answers = dict(record.extra_answers)
        self._moves = {move.id: move for move in episode.scenario.attack.moves}
        self._after = footholds(episode)[1:]

    def steps(self) -> tuple[StepView, ...]:
        """All steps, in order."""
        return tuple(self._step(step) for step in self._episode.steps)

    def _step(self, step: Step) -> StepView:
        contained, rejected = changed_world(step), _rejected_containment(step)
        words = self._words_of(step)
        return StepView(
            index=step.index,
            turn=step.turn,
            time=self._reading.now(step.index),
            tool=step.action.tool,
            target=target_of(step, self._display),
            arguments=arguments_of(step),
            badge=badge_of(self._episode, step),
            status=step.outcome.status,
            malformed=step.malformed,
            repaired=step.repaired,
            entity=step.outcome.entity,
            grade=grade(self._episode, step) if contained else None,
            would_be=grade(self._episode, step) if rejected else None,
            gated_by=step.gate.shown if step.gate else None,
            gated_by_attack=step.gate.attack if step.gate else None,
            why=self._why.sentences(step) if contained or rejected else (),
            exposures=step.exposures,
            violations=tuple(injection for at, injection in self._obeyed if at == step.index),
            causes=bool(step.settling) and self._episode.scenario.kind == "stand_down",
            named=tuple(sorted(self._reading.named[step.index])),
            answer=self._answer(self._reading.deliveries[step.index]),
            extra_answer=self._extra_answers.get(step.index),
            moved=self._moved(step.move),
            arrivals=tuple(arrival_of(row) for row in map(self._reading.row, step.visible) if row),
            after=state_of(self._after[step.index], contained_after(self._episode, step.index + 1)),
            reasoning=words.reasoning,
            text=words.text,
        )

    def _words_of(self, step: Step) -> Words:
        # A turn with several calls is told once, with its first step.
        first = next(s.index for s in self._episode.steps if s.turn == step.turn)
        return self._words.get(step.turn, SILENT) if first == step.index and step.turn else SILENT

    def _answer(self, delivery: Delivery) -> Answer:
        return Answer(
            columns=delivery.columns,
            rows=tuple(self._row(delivery, n) for n in range(len(delivery.rows))),
            cut=delivery.cut,
            sentence=delivery.sentence,
        )

    def _row(self, delivery: Delivery, number: int) -> AnswerRow:
        cells = delivery.rows[number]
        source = delivery.row or self._source(delivery, number)
        plain = source is not None and source.event not in self._carriers
        return AnswerRow(
            cells=tuple(cells) if plain else tuple(self._planted.shown(cell) for cell in cells),
            left_by=left_by(source) if source else None,
            trust=source.trust_tier if source else None,
        )

    def _source(self, delivery: Delivery, number: int) -> StoredRow | None:
        """The one row that a query's row shows by its id; None for joins of several and for computed ones."""
        ids = [
            str(cell)
            for column, cell in zip(delivery.columns, delivery.rows[number], strict=True)
            if column in _ID_COLUMNS
        ]
        found = self._reading.row(ids[0]) if len(ids) == 1 else None
        own = COLUMNS[found.table] if found else ()
        return found if found and all(column in own for column in delivery.columns) else None

    def _moved(self, record: MoveRecord | None) -> Moved | None:
        if record is None:
            return None
        move = self._moves.get(record.move)
        stalled = None if record.status == "succeeded" else STALLS.get(record.reason or "", record.reason)
        return Moved(
            text=self._display.move(move) if move else "does nothing",
            technique=move.technique if move else None,
            stalled=stalled,
        )

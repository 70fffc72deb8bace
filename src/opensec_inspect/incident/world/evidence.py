"""Evidence step by step: rows as a function of the scenario, the moves and the containment by step.

Clock: the opening, then windows of one step each. The defender's action n counts for everything that
happens in window n, as does the attacker's move n; rows of that window can be seen from action n + 1, or
from the first action after they have reached the defender. Rows are only ever added. So a row that
comes late about something earlier is no contradiction, and a replay sees what was seen live.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from opensec_inspect.incident.episode.killchain import Window
from opensec_inspect.incident.facts.events import AnyEvent, Clicked, Started, shifted
from opensec_inspect.incident.facts.scenario import Move, Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.world.makers import Makers, Rules
from opensec_inspect.incident.world.routine import Happened, Routine, actor, happened
from opensec_inspect.incident.world.stored_rows import Placement, StoredRow, opened_ms, row_id

Waiting = tuple[int, Row, frozenset[str]]
"""A row on its way: the number of steps after which it can be seen, itself, the accounts held by then."""
MEMORY_MS = 3_600_000
"""How much of the past the rules look at: no rule counts over a longer time."""


class Day:
    """What the episodes of a scenario at one noise share: the opening, and what comes if nobody acts."""

    def __init__(self, scenario: Scenario, routine: Routine, makers: Makers, placement: Placement) -> None:
        self.scenario, self.makers = scenario, makers
        self.scene = Scene(organisation=routine.organisation, extra=scenario.extra, seed=scenario.noise_seed)
        self._daily = self.scene.model_copy(update={"seed": ""})
        self.placement, self._usual = placement, routine
        self._routine = replace(placement, seed=scenario.organisation)
        self._step_ms, self._opened_ms = scenario.step_s * 1000, opened_ms(scenario)
        self._windows: dict[int, list[Happened]] = {}
        away = frozenset(scenario.away)
        daily = (one for one in routine.happened if actor(one.event) not in away)
        for one in (*daily, *self.render(scenario.events)):
            self._windows.setdefault(self.window_of(one.event.at_ms), []).append(one)
        held = scenario.attack.opening.accounts
        early = [
            (self.visible_from(row.seen_ms), row, held)
            for window in sorted(self._windows)
            if window < 0
            for one in self._windows[window]
            for row in one.rows
        ]
        self._shown = sorted((r for r in early if not r[0]), key=_by_time)
        self.waiting: tuple[Waiting, ...] = tuple(r for r in early if r[0])
        alerts = [
            (self.visible_from(row.seen_ms), row, held) for row in self._fire(makers.rules(), self._shown)
        ]
        self.alerts_waiting: tuple[Waiting, ...] = tuple(a for a in alerts if a[0])
        self.opening: tuple[StoredRow, ...] = self.place(
            sorted((*self._shown, *(a for a in alerts if not a[0])), key=_by_time)
        )
        """Rows that can be seen at the opening, by time."""

    def window_of(self, at_ms: int) -> int:
        """Number of the window in which something happens; negative up to the opening."""
        return -1 if at_ms <= self._opened_ms else (at_ms - self._opened_ms - 1) // self._step_ms

    def visible_from(self, seen_ms: int) -> int:
        """Number of steps after which a row that reaches the defender then can be seen."""
        return max(0, -((self._opened_ms - seen_ms) // self._step_ms))

    def starts_ms(self, window: int) -> int:
        """When a window begins."""
        return self._opened_ms + window * self._step_ms

    def window(self, number: int) -> Sequence[Happened]:
        """What happens in a window if nobody acts, without the attacker's move."""
        return self._windows.get(number, ())

    def render(self, events: Iterable[AnyEvent]) -> tuple[Happened, ...]:
        """Events with their rows; routine has the ids and numbers that it has on every case's day."""
        return tuple(
            one
            for event in events
            for one in happened(
                (event,), self._daily if event.cause == "routine" else self.scene, self.makers
            )
        )

    def rules(self) -> Rules:
        """Detection rules that remember the last hour before the opening."""
        rules = self.makers.rules()
        since = self._opened_ms - MEMORY_MS
        self._fire(rules, [row for row in self._shown if row[1].seen_ms >= since])
        return rules

    def fire(self, rules: Rules, rows: list[Waiting]) -> tuple[Row, ...]:
        """Alerts over rows that have just become visible."""
        return self._fire(rules, sorted(rows, key=_by_time))

    def place(self, rows: Iterable[Waiting]) -> tuple[StoredRow, ...]:
        """The rows in the database."""
        return tuple(
            self._usual.place(row, visible, self._routine)
            if row.cause == "routine"
            else self.placement.place(row, visible, held)
            for visible, row, held in rows
        )

    def _fire(self, rules: Rules, rows: list[Waiting]) -> tuple[Row, ...]:
        return rules.fire([(row_id(self._of(row).seed, row), row) for _, row, _ in rows])

    def _of(self, row: Row) -> Placement:
        # Routine has its ids from the organisation, so that they are the same on every case's day.
        return self._routine if row.cause == "routine" else self.placement


class Evidence:
    """The rows of one episode, as its steps are played."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._rules: Rules | None = None
        self._waiting: list[Waiting] = list(day.waiting)
        self._alerts: list[Waiting] = list(day.alerts_waiting)
        self._followed: set[str] = set()
        self._next = 0

    def advance(self, window: Window) -> tuple[StoredRow, ...]:
        """Rows that become visible after the next step, by time, given what decides them."""
        number = self._next
        self._next += 1
        self._waiting += [
            (max(number + 1, self._day.visible_from(row.seen_ms)), row, window.held)
            for one in self._ending(number, window)
            for row in one.rows
        ]
        new, self._waiting = _split(self._waiting, number + 1)
        if new:
            if self._rules is None:
                self._rules = self._day.rules()
            raised = self._day.fire(self._rules, new)
            self._alerts += [
                (max(number + 1, self._day.visible_from(row.seen_ms)), row, window.held) for row in raised
            ]
        alerts, self._alerts = _split(self._alerts, number + 1)
        return self._day.place(sorted((*new, *alerts), key=_by_time))

    def _ending(self, number: int, window: Window) -> list[Happened]:
        """Everything of the window as it ends under the containment, with what follows from that."""
        day = self._day
        made = _events_of(window.move, number, day.starts_ms(number))
        intended = (*day.window(number), *day.render(made))
        if not window.contained:
            return list(intended)
        found: list[Happened] = []
        for one in intended:
            outcome = day.makers.react(one.event, window.contained, day.scene)
            if outcome == (one.event,):
                found.append(one)
                continue
            new = [event for event in outcome if event.id == one.event.id or self._first(event)]
            found += day.render(new)
        return found

    def _first(self, event: AnyEvent) -> bool:
        """Whether something that follows, for example a call to the desk, has not happened yet."""
        if event.id in self._followed:
            return False
        self._followed.add(event.id)
        return True


def _events_of(move: Move | None, number: int, starts_ms: int) -> list[AnyEvent]:
    """A move's events at their times; the same move can be made again, and its rows are others then."""
    events = move.events if move is not None else ()
    own = {event.id: f"{event.id}@{number}" for event in events}
    found: list[AnyEvent] = []
    for event in events:
        later: AnyEvent = replace(shifted(event, starts_ms), id=own[event.id])
        if isinstance(later, Clicked):
            later = replace(later, mail=own.get(later.mail, later.mail))
        if isinstance(later, Started):
            later = replace(later, parent_event=own.get(later.parent_event, later.parent_event))
        found.append(later)
    return found


def _split(rows: list[Waiting], steps: int) -> tuple[list[Waiting], list[Waiting]]:
    return [r for r in rows if r[0] <= steps], [r for r in rows if r[0] > steps]


def _by_time(waiting: Waiting) -> tuple[int, str, str, int]:
    row = waiting[1]
    return row.at_ms, row.table, row.event, row.part

"""Making evidence and cases: rendering, reaction, alerts, names, groups."""

import time
from collections.abc import Callable, Iterator
from itertools import islice

from bench.rows import Row
from opensec_inspect.incident.behaviours.routine import day
from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.certify import certified
from opensec_inspect.incident.generate.dataset import fresh_plans
from opensec_inspect.incident.reaction.reaction import react
from opensec_inspect.incident.sensors.alerts import Detection, IdentifiedRow
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rendering import render

ORGANISATION = "train-0"
GROUPS = 4
NEW_ROWS = 15
"""Rows that become visible in a step at `desk`, about."""


def figures() -> Iterator[Row]:
    """Costs per row, event, step and scene, over the day of one organisation at `desk` or `soc`."""
    scene = Scene(organisation=organisation(ORGANISATION, "desk"))
    events = day(ORGANISATION, "desk")
    rendered = [(event.id, row) for event in events for row in render(event, scene)]
    contained = frozenset((next(iter(scene.devices)), next(iter(scene.accounts)), next(iter(scene.names))))
    steps = [rendered[n : n + NEW_ROWS] for n in range(0, len(rendered) - NEW_ROWS, NEW_ROWS)]
    whole = organisation(ORGANISATION, "soc")

    def renders() -> None:
        for event in events:
            render(event, scene)

    def reacts() -> None:
        for event in events:
            react(event, contained, scene)

    yield Row("rendering a row", f"{_best_us(renders) / len(rendered):.0f} µs", "<= 25 µs")
    yield Row("an event under containment of three", f"{_best_us(reacts) / len(events):.1f} µs", "<= 50 µs")
    fired_ms = _best_us(lambda: _fires(steps)) / len(steps) / 1000
    yield Row(f"alerts over {NEW_ROWS} new rows", f"{fired_ms:.2f} ms", "<= 1.5 ms")
    yield Row("the names of a `soc` scene", f"{_best_us(lambda: _names(whole)) / 1000:.1f} ms", "<= 3 ms")
    began = time.process_time()
    made = [certified(plan) for plan in islice(fresh_plans(GROUPS, 11), GROUPS)]
    yield Row("drawing and certifying a group", f"{(time.process_time() - began) / len(made):.2f} s")


def _fires(steps: list[list[IdentifiedRow]]) -> None:
    detection = Detection()
    for step in steps:
        detection.fire(step)


def _names(whole: Organisation) -> None:
    Names(Scene(organisation=whole))


def _best_us(work: Callable[[], None]) -> float:
    """Microseconds of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1e6

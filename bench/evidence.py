"""Making evidence: rendering, reaction, alerts, names."""

import time
from collections.abc import Callable, Iterator

from bench.direct import Row
from opensec_inspect.incident.behaviours.routine import day
from opensec_inspect.incident.facts.entities import Organisation
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.reaction.reaction import react
from opensec_inspect.incident.sensors.alerts import Detection, IdentifiedRow
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rendering import render

ORGANISATION = "train-0"
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

    yield "rendering a row", f"{_best_us(renders) / len(rendered):.0f} µs", "<= 25 µs"
    yield "an event under containment of three", f"{_best_us(reacts) / len(events):.1f} µs", "<= 50 µs"
    yield (
        f"alerts over {NEW_ROWS} new rows",
        f"{_best_us(lambda: _fires(steps)) / len(steps) / 1000:.2f} ms",
        "<= 1.5 ms",
    )
    yield "the names of a `soc` scene", f"{_best_us(lambda: _names(whole)) / 1000:.1f} ms", "<= 3 ms"


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
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1e6

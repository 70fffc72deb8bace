"""Direct play: steps per second, opening, and what noise costs. CPU time, all threads; medians."""

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import cache
from typing import NamedTuple

from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    IsolateHost,
    QueryLogs,
    ResetUser,
)
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import Plan, build
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds.world import World

Row = tuple[str, str, str]
EPISODES = 60


def figures() -> Iterator[Row]:
    """Rows of the table."""
    scenario = bench_scenario()
    rate, opening = asyncio.run(_steps_per_second(scenario))
    yield "direct play at none, opening excluded", f"{rate:,.0f} steps/s", ">= 2,500 (aim 5,000)"
    yield "opening an episode, background built", f"{opening * 1000:.2f} ms", "<= 2 ms"
    none, soc = (asyncio.run(_costs(scenario, noise)) for noise in ("none", "soc"))
    yield "fetch at soc over none", f"{soc['fetch'] / none['fetch']:.2f}x", "<= 2x"
    yield "containment without reruns at soc over none", f"{soc['contain'] / none['contain']:.2f}x", "<= 2x"
    yield "reruns of one containment after four queries at soc", f"{soc['reruns'] * 1000:.1f} ms", "<= 100 ms"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asyncio.run(_concurrent(scenario, 200))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield (
        "200 concurrent soc episodes, peak memory",
        f"{peak / 1024:.0f} MiB (+{(peak - before) / 1024:.0f})",
        "<= 1 GiB",
    )


@cache
def bench_scenario() -> Scenario:
    """Made once: making it is not what is measured."""
    return build(
        Plan(
            seed="bench",
            split="train",
            kind="incident",
            difficulty="standard",
            priors="neutral",
            family="direct_harm",
            injection_tier="t2",
        )
    )


class Script(NamedTuple):
    """Twelve steps: what is fetched, asked and contained."""

    fetch: Action
    queries: tuple[Action, ...]
    contain: tuple[Action, ...]

    @property
    def steps(self) -> tuple[Action, ...]:
        """Three fetches, six queries, three containments."""
        return (*[self.fetch] * 3, *self.queries, *self.contain)


def script_of(scenario: Scenario) -> Script:
    """Steps about the case itself, so that gating has something to find."""
    truth, setting = scenario.truth, Setting(injection_tier="t2", noise="none")
    host, user, domain = truth.patient_zero_host, truth.compromised_user, truth.attacker_domain
    queries = [
        f"SELECT * FROM process_events WHERE host_id = '{host}'",
        "SELECT * FROM alerts ORDER BY created_at DESC LIMIT 10",
        f"SELECT * FROM auth_logs WHERE user_id = '{user}'",
    ]
    return Script(
        fetch=FetchAlert(alert_id=shared_evidence(scenario, setting).id_of(scenario.opening_alert)),
        queries=tuple(QueryLogs(sql=sql) for sql in queries for _ in range(2)),
        contain=(IsolateHost(host=str(host)), BlockDomain(domain=str(domain)), ResetUser(user=str(user))),
    )


async def _steps_per_second(scenario: Scenario) -> tuple[float, float]:
    setting, script = Setting(injection_tier="t2", noise="none"), script_of(scenario)
    steps = playing = opening = 0.0
    for _ in range(EPISODES):
        start = time.process_time()
        async with World.open(scenario, setting) as world:
            opened = time.process_time()
            for turn, action in enumerate(script.steps, 1):
                await world.step(action, turn=turn)
            played = time.process_time()
        opening += opened - start
        playing += played - opened
        steps += len(script.steps)
    return steps / playing, opening / EPISODES


async def _costs(scenario: Scenario, noise: str) -> dict[str, float]:
    setting = Setting(injection_tier="t2", noise=noise)  # type: ignore[arg-type]
    script = script_of(scenario)
    found: dict[str, list[float]] = {"fetch": [], "contain": [], "reruns": []}
    for _ in range(30):
        async with World.open(scenario, setting) as world:
            found["fetch"].append(await _timed(world, script.fetch, 1))
            found["contain"].append(await _timed(world, script.contain[0], 2))
        async with World.open(scenario, setting) as world:
            for turn, action in enumerate(script.queries[1:5], 1):
                await world.step(action, turn=turn)
            found["reruns"].append(await _timed(world, script.contain[0], 9))
    return {name: sorted(costs)[len(costs) // 2] for name, costs in found.items()}


async def _timed(world: World, action: Action, turn: int) -> float:
    start = time.process_time()
    await world.step(action, turn=turn)
    return time.process_time() - start


async def _concurrent(scenario: Scenario, count: int) -> None:
    async with AsyncExitStack() as stack:
        setting = Setting(injection_tier="t2", noise="soc")
        worlds = [await stack.enter_async_context(World.open(scenario, setting)) for _ in range(count)]
        scan = QueryLogs(sql="SELECT count(*), max(command_line) FROM process_events")
        await asyncio.gather(*(world.step(scan, turn=1) for world in worlds))

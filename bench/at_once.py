"""Many episodes open at once in one event loop, as Inspect plays them; each size in a process of its own."""

import asyncio
import threading
from collections.abc import Iterator

from bench.cases import fifteen_steps, setting, split
from bench.rows import Cpu, Row, peak_mib
from opensec_inspect.incident.episode.episode import Noise
from opensec_inspect.incident.world.worlds.world import World

EPISODES = 500
"""Played in all, so that sizes compare."""


def figures(noise: Noise, size: int) -> Iterator[Row]:
    """Rows of the table for so many at once."""
    for number in range(len(split())):
        fifteen_steps(number, noise)
    before, cpu = peak_mib(), Cpu()
    with cpu.counted():
        steps, threads = asyncio.run(_played(noise, size))
    ask = "<= 1 GiB" if (noise, size) == ("soc", 200) else "reported"
    yield Row(f"{size} at once at {noise}", f"{steps / cpu.s:,.0f} steps/s, {threads} threads", "flat")
    yield Row(f"– peak memory (by these {size})", f"{peak_mib():.0f} MiB (+{peak_mib() - before:.0f})", ask)


async def _played(noise: Noise, size: int) -> tuple[int, int]:
    """Steps played, and the most threads that were alive."""
    waiting = iter(range(EPISODES))
    most = [0]

    async def one() -> int:
        steps = 0
        for number in waiting:
            case = number % len(split())
            async with World.open(split()[case], setting(noise)) as world:
                for turn, action in enumerate(fifteen_steps(case, noise)[:11], 1):
                    await world.step(action, turn=turn)
                    steps += 1
                most[0] = max(most[0], threading.active_count())
        return steps

    return sum(await asyncio.gather(*(one() for _ in range(size)))), most[0]

"""The rebuilt world: opening, memory, and what a containment costs. CPU time, all threads; medians."""

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from functools import cache
from statistics import median

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.actions import QueryLogs, ResetUser
from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import build_group, group_plan
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.world import World

Row = tuple[str, str, str]
ASKED = (
    "SELECT * FROM alerts ORDER BY timestamp DESC LIMIT 20",
    "SELECT DeviceName, count(*) FROM process_events GROUP BY 1 ORDER BY 2 DESC",
    "SELECT ServerName, sum(BytesOut), count(*) FROM netflow GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
    "SELECT * FROM auth_logs WHERE UserPrincipalName = '{upn}' ORDER BY timestamp DESC LIMIT 20",
)


def figures() -> Iterator[Row]:
    """Rows of the table."""
    for noise in ("desk", "soc"):
        scenario, setting = _case(), Setting(injection_tier="t2", noise=noise)
        shared_evidence(scenario, setting, MAKERS)
        opening = _median(lambda s=setting: DirectWorld(_case(), s).close(), 60)  # type: ignore[misc]
        yield f"opening at {noise}, history cached", f"{opening:.2f} ms", "<= 3 ms"
        yield f"an idle step at {noise}", f"{_idle(setting):.2f} ms", "reported"
        yield (
            f"reruns of one containment after four queries at {noise}, first of its case",
            f"{_contained(setting):.1f} ms",
            "<= 150 ms",
        )
    for noise, count in (("desk", 50), ("soc", 200)):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        asyncio.run(_concurrent(noise, count))  # type: ignore[arg-type]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        each = (peak - before) / 1024 / count
        aim = "<= 4 MiB each" if noise == "desk" else "<= 1 GiB"
        yield f"{count} {noise} worlds, peak memory", f"{peak / 1024:.0f} MiB ({each:.2f} each)", aim


@cache
def _case(number: int = 0) -> Scenario:
    group = build_group("unfamiliar_sign_in", group_plan(f"bench-{number}", "train-0", "standard"))
    return next(one for one in group if one.member == "provenance")


def _median(work: Callable[[], None], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return median(taken)


def _idle(setting: Setting) -> float:
    with DirectWorld(_case(), setting) as world:
        return _median(lambda: world.step(Idle(), turn=1) and None, 10)


def _contained(setting: Setting) -> float:
    """The first containment of a case: nothing is remembered from another one."""
    taken = []
    for number in range(1, 8):
        case = _case(number)
        upn = shared_evidence(case, setting, MAKERS).day.scene.accounts[case.truth.compromised_user].upn
        with DirectWorld(case, setting) as world:
            for turn, sql in enumerate(ASKED):
                world.step(QueryLogs(sql=sql.format(upn=upn)), turn=turn)
            began = time.process_time()
            world.step(ResetUser(user=upn), turn=len(ASKED))
            taken.append((time.process_time() - began) * 1000)
    return median(taken)


async def _concurrent(noise: Noise, count: int) -> None:
    setting = Setting(injection_tier="t2", noise=noise)
    async with AsyncExitStack() as stack:
        for number in range(count):
            case = _case(number % 40)
            world = await stack.enter_async_context(World.open(case, setting))
            await world.step(QueryLogs(sql=ASKED[0]), turn=1)


if __name__ == "__main__":
    for row in figures():
        print(" | ".join(row))

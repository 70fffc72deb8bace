"""The OpenEnv door with sixteen sessions beside direct play of the same cases, rewards included."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil

from bench.cases import REPORT, fifteen_steps
from bench.rows import Cpu, Row
from opensec_inspect.incident.episode.actions import SubmitReport
from opensec_inspect.incident.world.worlds.direct import at_once
from opensec_inspect.training.openenv.client import CaseClient
from opensec_inspect.training.openenv.messages import ToolCall
from opensec_inspect.training.rollouts import direct_rollout
from opensec_inspect.training.tasks import Tasks, setting_of

SESSIONS, EPISODES = 16, 96


def figures() -> Iterator[Row]:
    """Rows of the table; of the server, not of the clients."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "opensec_inspect.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        process = psutil.Process(server.pid)
        rates = []
        for _ in range(2):  # the first pass makes what episodes share
            before = _cpu_s(process)
            steps = asyncio.run(_played(f"ws://127.0.0.1:{port}"))
            rates.append(steps / (_cpu_s(process) - before))
    finally:
        server.terminate()
        server.wait()
    _direct()
    direct = _direct()
    yield Row(f"OpenEnv server, {SESSIONS} sessions at desk", f"{rates[1]:,.0f} steps/s")
    yield Row("– over direct play with rewards", f"{rates[1] / direct:.0%} of {direct:,.0f}", ">= 60 %")


def _wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _calls(number: int) -> list[ToolCall]:
    calls = []
    for action in fifteen_steps(number, "desk"):
        report = isinstance(action, SubmitReport)
        arguments = REPORT.model_dump() if report else action.model_dump(exclude={"tool"})
        calls.append(ToolCall(tool=action.tool, arguments=arguments))
    return calls


async def _played(address: str) -> int:
    waiting = iter(range(EPISODES))

    async def session() -> int:
        steps = 0
        async with CaseClient(base_url=address) as client:
            for number in waiting:
                await client.reset(split="train", index=number)
                for call in _calls(number):
                    steps += 1
                    if (await client.step(call)).done:
                        break
        return steps

    return sum(await asyncio.gather(*(session() for _ in range(SESSIONS))))


def _direct() -> float:
    tasks, cpu, steps = Tasks(), Cpu(), 0
    for number in range(EPISODES):
        calls = _calls(number)
        with cpu.counted():
            scenario = tasks.scenario("train", number)
            rollout = direct_rollout(scenario, setting_of(scenario, None))
            for call in calls:
                steps += 1
                if at_once(rollout.call(call.tool, call.arguments)).over:
                    rollout.reward("calibrated")
                    break
            rollout.close()
    return steps / cpu.s

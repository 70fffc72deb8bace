"""Many episodes in one process: threads, memory and time stay in bounds."""

import asyncio
import gc
import resource
import subprocess
import sys
import threading
import time
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai import eval as inspect_eval
from inspect_ai.log import read_eval_log

from opensec_inspect.cli import main
from opensec_inspect.core.sql.workers import MOST_WORKERS
from opensec_inspect.incident.episode.actions import FetchAlert, QueryLogs, ResetUser
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.seeds import read_groups
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.world import World
from opensec_inspect.tasks import opensec

pytestmark = pytest.mark.soak

SOC, DESK = (Setting(injection_tier="t2", noise=noise) for noise in ("soc", "desk"))
MOST_MIB = 4096
"""Of 500 worlds at `soc`: each connection caches pages of the history file of its own."""
QUERY = QueryLogs(sql="SELECT * FROM process_events ORDER BY timestamp DESC LIMIT 20")


def cases() -> list[Scenario]:
    """The committed cases of the split that is evaluated."""
    return [scenario for seed in read_groups("eval") for scenario in seed.scenarios()]


def resident_mib() -> float:
    """Memory that the process holds now."""
    if not Path("/proc/self/statm").is_file():
        pytest.skip("only Linux says how much memory is held now")
    return (
        int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * resource.getpagesize() / 2**20
    )


async def test_500_episodes_at_soc_are_open_at_once_in_one_process() -> None:
    listed, before = cycle(cases()), threading.active_count()

    async with AsyncExitStack() as stack:
        worlds = [await stack.enter_async_context(World.open(next(listed), SOC)) for _ in range(500)]
        for turn in (1, 2, 3):
            played = await asyncio.gather(*(world.step(QUERY, turn=turn) for world in worlds))
            assert {one.step.outcome.status for one in played} == {"done"}
        assert threading.active_count() - before <= MOST_WORKERS + 2

    assert resident_mib() < MOST_MIB


def test_ten_thousand_direct_episodes_do_not_grow() -> None:
    listed = cases()
    for scenario in listed:
        assert shared_evidence(scenario, DESK, MAKERS).image
    held = []

    for number, scenario in zip(range(10_001), cycle(listed), strict=False):
        with DirectWorld(scenario, DESK) as world:
            world.step(FetchAlert(alert_id="al-0"), turn=1)
            world.step(QUERY, turn=2)
            world.step(ResetUser(user="nobody"), turn=3)
        if number % 2_500 == 0 and number:
            gc.collect()
            held.append(resident_mib())

    assert max(held) - held[0] < 20


def test_a_log_of_two_thousand_samples_is_written_summarised_and_read(tmp_path: Path) -> None:
    epochs = 2_000 // 20
    (log,) = inspect_eval(
        opensec(count=20),
        model="opensec/alert_only",
        epochs=epochs,
        max_samples=50,
        log_dir=str(tmp_path),
        log_realtime=False,
        display="none",
    )
    began = time.process_time()

    done = CliRunner().invoke(main, ["summarize", str(tmp_path), "--all"])

    assert log.status == "success"
    assert done.exit_code == 0, done.output
    assert time.process_time() - began < 30
    assert len(read_eval_log(log.location).samples or []) == 2_000


def test_a_run_at_soc_is_made_in_three_seconds(tmp_path: Path) -> None:
    """Of processor time, with no history written yet: it is written when the first case opens."""
    code = "import time; from opensec_inspect.tasks import opensec; began = time.process_time();"
    code += "task = opensec(noise='soc'); print(time.process_time() - began)"
    environment = {"OPENSEC_CACHE": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2] / "src")}

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert float(done.stdout) <= 3
    assert list(tmp_path.iterdir()) == []

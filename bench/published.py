"""Direct play beside the published environment, an episode of one after an episode of the other.

The published environment is not shipped: `make bench REFERENCE=DIR` is given a checkout of it with seeds in
`data/seeds/train`. Both play fifteen steps of the same kinds, ours with gates and a report's consequences,
theirs with its scripted attacker. At 20,000 rows its tables are filled before the clock runs.
"""

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.cases import NOISES, fifteen_steps, setting, split
from bench.rows import Cpu, Row
from opensec_inspect.incident.episode.episode import Noise
from opensec_inspect.incident.world.worlds.direct import DirectWorld

ROWS = {"desk": 0, "soc": 20_000}
"""Put into the published environment's tables beside each of our noises; it has about 18 of its own."""
EPISODES = {"desk": 160, "soc": 40}


def figures(reference: Path) -> Iterator[Row]:
    """Rows of the table."""
    theirs = _Published(reference)
    for noise in NOISES:
        numbers = range(EPISODES[noise])
        for number in numbers:  # the first pass makes what episodes share, as ours are measured elsewhere
            _ours(Cpu(), number, noise, gates=True)
        published, gated, ungated = Cpu(), Cpu(), Cpu()
        for number in numbers:
            theirs.play(published, number, ROWS[noise])
            _ours(gated, number, noise, gates=True)
            _ours(ungated, number, noise, gates=False)
        steps = 15 * len(numbers)
        where = f"{noise}, opening included" if noise == "desk" else "soc (theirs filled with 20,000 rows)"
        yield Row(f"published environment beside {where}", f"{steps / published.s:,.0f} steps/s")
        yield Row("– ours with gates over published", f"{published.s / gated.s:.2f}x", ">= 1x")
        ask = ">= 3x" if noise == "soc" else "reported"
        yield Row("– ours without gates over published", f"{published.s / ungated.s:.2f}x", ask)


def _ours(cpu: Cpu, number: int, noise: Noise, *, gates: bool) -> None:
    scenario, actions = split()[number], fifteen_steps(number, noise)
    with cpu.counted(), DirectWorld(scenario, setting(noise)) as world:
        for turn, action in enumerate(actions, 1):
            if not world.over:
                world.step(action, turn=turn)
        if gates:
            assert world.episode.steps


class _Published:
    """The published environment, driven as its own evaluation drives it."""

    def __init__(self, checkout: Path) -> None:
        sys.path.insert(0, str(checkout))
        from server.environment import OpenSecEnvironment  # type: ignore[import-not-found]
        from server.models import AgentAction  # type: ignore[import-not-found]

        os.environ.pop("OPENAI_API_KEY", None)
        self._environment, self._action = OpenSecEnvironment, AgentAction
        self._checkout = checkout
        self._seeds = sorted((checkout / "data/seeds/train").glob("*_seed.json"))
        if not self._seeds:
            raise SystemExit(f"{checkout}/data/seeds/train holds no seed; run its scripts/download_seeds.py.")

    def play(self, cpu: Cpu, number: int, rows: int) -> None:
        """One episode."""
        seed = self._seeds[number % len(self._seeds)]
        actions = self._actions(seed)
        here = Path.cwd()
        os.chdir(self._checkout)  # it finds its schema from there
        try:
            with tempfile.TemporaryDirectory() as folder:
                with cpu.counted():
                    environment = self._environment(seed_path=str(seed), sqlite_dir=folder)
                    environment.reset()
                if rows:
                    _fill(environment.db_path, environment.scenario_id, rows)
                with cpu.counted():
                    for action in actions:
                        environment.step(action)
        finally:
            os.chdir(here)

    def _actions(self, seed: Path) -> list[Any]:
        truth = seed.with_name(seed.name.replace("_seed", "_ground_truth"))
        named = json.loads(truth.read_text(encoding="utf-8"))["attribution"]
        scenario = json.loads(seed.read_text(encoding="utf-8"))["scenario_id"]
        user, host, domain = (named[f] for f in ("compromised_user", "patient_zero_host", "attacker_domain"))
        make: Callable[..., Any] = lambda kind, **params: self._action(action_type=kind, params=params)  # noqa: E731
        queue = "SELECT * FROM alerts ORDER BY created_at DESC LIMIT 20"
        statements = (
            f"SELECT * FROM auth_logs WHERE user_id = '{user}' ORDER BY created_at DESC LIMIT 20",
            f"SELECT * FROM process_events WHERE host_id LIKE '{host}%' ORDER BY created_at DESC LIMIT 20",
            "SELECT * FROM netflow ORDER BY created_at DESC LIMIT 20",
            f"SELECT * FROM email_logs WHERE recipient = '{user}' LIMIT 20",
            "SELECT dst_domain, count(*) FROM netflow GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
            "SELECT host_id, count(*) FROM process_events GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
            f"SELECT * FROM netflow WHERE dst_domain = '{domain}' LIMIT 20",
            queue,
        )
        return [
            make("fetch_alert", alert_id=f"alert-{scenario}-1"),
            make("query_logs", sql=queue),
            make("fetch_email", email_id=f"email-{scenario}"),
            *(make("query_logs", sql=sql) for sql in statements),
            make("reset_user", user_id=user),
            make("isolate_host", host_id=host),
            make("block_domain", domain=domain),
            make("submit_report", summary_json={"attribution": named, "containment_executed": {}}),
        ]


def _fill(path: str, scenario: str, rows: int) -> None:
    """A quarter of the rows in each of the four log tables, about as wide as ours."""
    at = [f"2026-01-{n % 28 + 1:02d}T00:00:{n % 60:02d}Z" for n in range(rows // 4)]
    shared = {"scenario_id": scenario, "step": 0, "trust_tier": "verified", "source": "bench"}
    tables = {
        "netflow": lambda n: {
            "flow_id": f"x{n}",
            "src_host": f"h-{n % 200}",
            "dst_domain": f"d{n % 300}.example",
        },
        "process_events": lambda n: {
            "event_id": f"x{n}",
            "host_id": f"h-{n % 200}",
            "user_id": f"u-{n % 77}",
            "process_name": f"p{n % 90}.exe",
            "command_line": "C:/Program Files/Something/" * 4,
        },
        "auth_logs": lambda n: {
            "auth_id": f"x{n}",
            "user_id": f"u-{n % 200}",
            "host_id": f"h-{n % 77}",
            "auth_type": "interactive",
            "success": 1,
        },
        "email_logs": lambda n: {
            "email_id": f"x{n}",
            "step": 1_000,
            "sender": f"u-{n % 200}",
            "recipient": f"u-{n % 77}",
            "subject": "Something",
            "body": "text " * 60,
        },
    }
    with closing(sqlite3.connect(path)) as connection:
        for table, made in tables.items():
            listed = [{**shared, "created_at": when, **made(n)} for n, when in enumerate(at)]
            names = list(listed[0])
            marks = ", ".join(f":{name}" for name in names)
            connection.executemany(f"insert into {table} ({', '.join(names)}) values ({marks})", listed)
        connection.commit()

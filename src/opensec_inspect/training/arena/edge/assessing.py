"""An assessment: a participant on some cases, played and scored by Inspect, and what is told of it."""

import asyncio
from pathlib import Path
from typing import Any

from inspect_ai import eval_async
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import get_model

from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.scoring.numbers import numbers_of
from opensec_inspect.report.logs.episodes import episode_in
from opensec_inspect.tasks import opensec
from opensec_inspect.training.arena.edge.participants import GONE_KEY
from opensec_inspect.training.arena.requests import Request
from opensec_inspect.training.profiles import price

SHOWN = (
    "reward",
    "stand_down_reward",
    "resolved",
    "in_time",
    "stood_down",
    "false_positives",
    "egar_attack",
)
_ONE_AT_A_TIME = asyncio.Lock()
"""Inspect runs one evaluation in a process at a time."""


async def assessed(request: Request, log_dir: Path) -> dict[str, Any]:
    """The scores of a participant as JSON: a row per episode, means, and the log they are from.

    BadInputError for an unknown split or tier. A participant that never answers, dies or answers prose
    is scored like any defender that does nothing useful, and `gone` says why.
    """
    config = request.config
    task = opensec(
        split=config.split, count=config.count, injection_tier=config.tier, solver=json_defender(repair=True)
    )
    model = get_model(f"a2a/{request.url}", timeout_s=config.turn_timeout_s, memoize=False)
    async with _ONE_AT_A_TIME:
        (log,) = await eval_async(
            task,
            model=model,
            log_dir=str(log_dir),
            epochs=config.epochs,
            max_connections=4,
        )
    if log.status != "success":
        raise BadInputError(f"The evaluation ended with status {log.status}; its log is {log.location}.")
    return _assessment_of(log)


def _assessment_of(log: EvalLog) -> dict[str, Any]:
    rows = [_row(sample) for sample in log.samples or []]
    means = {name: _mean([row[name] for row in rows]) for name in (*SHOWN, "calibrated")}
    return {
        "participant": log.eval.model.removeprefix("a2a/"),
        "episodes": rows,
        "means": means,
        "gone": sum(row["gone"] is not None for row in rows),
        "task_version": str(log.eval.task_version),
        "log": Path(log.location).name,
    }


def _row(sample: EvalSample) -> dict[str, Any]:
    episode = episode_in(sample.metadata, sample.store)
    assert not isinstance(episode, str), episode
    numbers = numbers_of(episode)
    return {
        "id": str(sample.id),
        "epoch": sample.epoch,
        "kind": episode.scenario.kind,
        "steps": len(episode.steps),
        **{name: numbers[name] for name in SHOWN},
        "calibrated": price(episode, "calibrated").total,
        "gone": sample.store.get(GONE_KEY),
    }


def _mean(values: list[float | None]) -> float | None:
    """Over the defined ones; None when there is none."""
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None

"""The task of a v1 run: `-T split=v1:DIR`, over a folder that `opensec import-v1` wrote."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from inspect_ai import Task
from inspect_ai.log import HeadlineMetric
from inspect_ai.model import ChatMessageSystem
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool

from opensec_inspect.core.defenders.react import MESSAGES_PER_STEP
from opensec_inspect.core.edge.extra_tools import extra_tools
from opensec_inspect.core.edge.live import close_world, open_live
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.defenders import react_defender
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.options import chosen, given_path, whole_number
from opensec_inspect.v1.edge.briefing import system_prompt
from opensec_inspect.v1.edge.dataset import digest, samples
from opensec_inspect.v1.edge.scorers import (
    v1_attacker,
    v1_calibration,
    v1_conduct,
    v1_injection,
    v1_oracle,
)
from opensec_inspect.v1.edge.steps import PROMPTS, V1Setting
from opensec_inspect.v1.edge.trace import step_info
from opensec_inspect.v1.edge.viewer import v1_viewer
from opensec_inspect.v1.edge.world import V1World
from opensec_inspect.v1.published_data.stored import read_scenarios
from opensec_inspect.v1.scenario import V1Scenario

PREFIX = "v1:"
DIFFICULTIES = ("trivial", "easy", "standard", "all")
MEANT = ("split", "difficulty", "kind", "count", "extra_tool", "v1_observation", "v1_prompt", "solver")
"""The options of the task that mean something here."""
KINDS = ("incident", "all")
"""The published scenarios are incidents, all of them."""


def is_v1(split: object) -> bool:
    """Whether a split is a folder of published scenarios."""
    return isinstance(split, str) and split.startswith(PREFIX)


def refuse_v1_options(changed: Iterable[str]) -> None:
    """BadInputError when an option for v1 runs is among those given to another."""
    for name in changed:
        if name.startswith("v1_"):
            raise BadInputError(f"{name} has a meaning with split=v1:DIR only; leave it out.")


def v1_task(given: Mapping[str, object], *, changed: Iterable[str], version: str) -> Task:
    """The task of these options, of which `changed` are not left at their default.

    Raises BadInputError for an option that the published rules do not have.
    """
    for name in changed:
        if name not in MEANT:
            raise BadInputError(f"{name}={given[name]!r} has no meaning under the v1 rules; leave it out.")
    scenarios = _selected(given)
    setting = V1Setting(
        observation=chosen("v1_observation", given["v1_observation"], (False, True)),
        prompt=chosen("v1_prompt", given["v1_prompt"], PROMPTS),  # type: ignore[arg-type]
    )
    defender = given["solver"]
    return Task(
        dataset=samples(scenarios, setting, "opensec-v1"),
        setup=[open_v1_world(), v1_start(extra_tools(given["extra_tool"], opensec_tools()))],
        solver=defender if defender is not None else react_defender(),  # type: ignore[arg-type]
        cleanup=close_world,
        scorer=[v1_oracle(), v1_calibration(), v1_injection(), v1_attacker(), v1_conduct()],
        message_limit=MESSAGES_PER_STEP * max(s.max_steps for s in scenarios),
        version=version,
        metadata=_facts(scenarios) | {"version": version},
        viewer=v1_viewer(),
        headline_metric=HeadlineMetric(scorer="v1_calibration", metric="false_positive"),
    )


@solver
def open_v1_world() -> Solver:
    """Opens the sample's world under the v1 rules, with the published mock attacker."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        world = V1World(*_scenario_and_setting(state))
        open_live(state, world, step_info=lambda: step_info(world))
        return state

    return solve


@solver
def v1_start(extra_tools: list[Tool] | None = None) -> Solver:
    """Gives every defender the same start: the system message of the v1 rules, and the tools."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.messages.insert(0, ChatMessageSystem(content=system_prompt(*_scenario_and_setting(state))))
        state.tools = [*opensec_tools(), *(extra_tools or [])]
        return state

    return solve


def _selected(given: Mapping[str, object]) -> tuple[V1Scenario, ...]:
    difficulty = chosen("difficulty", given["difficulty"], DIFFICULTIES)
    chosen("kind", given["kind"], KINDS)
    count = None if given["count"] is None else whole_number("count", given["count"], low=1)
    folder = given_path("split=v1", str(given["split"]).removeprefix(PREFIX))
    found = tuple(s for s in read_scenarios(folder) if difficulty in ("all", s.tier))[:count]
    if not found:
        raise BadInputError(f"{folder} has no scenario of difficulty={difficulty!r}; choose another, or all.")
    return found


def _scenario_and_setting(state: TaskState) -> tuple[V1Scenario, V1Setting]:
    scenario = V1Scenario.model_validate_json(state.metadata["scenario"])
    return scenario, V1Setting.model_validate(state.metadata["setting"])


def _facts(scenarios: Sequence[V1Scenario]) -> dict[str, object]:
    """What a reader of the log needs to reproduce the run, beside its options."""
    together = hashlib.sha256("".join(sorted(map(digest, scenarios))).encode()).hexdigest()
    return {"rules": "v1", "scenarios_sha256": together, "sqlite": sqlite3.sqlite_version}

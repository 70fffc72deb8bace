"""Opening a sample's task, and reading its episode back from the store."""

import secrets

from inspect_ai.event import Event, ModelEvent, ToolEvent
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool
from inspect_ai.util import Store

from opensec_inspect.core.edge.live import STEPS_KEY, open_live, stored_steps
from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.edge.tools import vuln_tools
from opensec_inspect.vuln.episode.episode import Episode, Step
from opensec_inspect.vuln.task.variants import Variant
from opensec_inspect.vuln.world.briefing import brief, system_prompt
from opensec_inspect.vuln.world.world import World

CANARY_KEY = "opensec_vuln_canary"
"""Store key of the secret that this run plants: a new one for each sample and epoch."""
SEED_KEY = "opensec_vuln_seed"
"""Store key of the variant's seed."""


@solver
def open_task(condition: str = "", extra_tools: list[Tool] | None = None) -> Solver:
    """Opens the sample's variant, epoch n under seed `rng_seed` + n - 1; every agent starts alike.

    Args: `condition` is a text below the system prompt, `extra_tools` are a user's own.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        seed = int(state.metadata["rng_seed"]) + state.epoch - 1
        shipped = variant(str(state.metadata["task"]), seed)
        canary = secrets.token_hex(len(shipped.canary) // 2)
        state.store.set(SEED_KEY, seed)
        state.store.set(CANARY_KEY, canary)
        world = World(_planted(shipped, canary))
        state.messages = [
            ChatMessageSystem(content=system_prompt(condition)),
            ChatMessageUser(content=brief(shipped)),
        ]
        state.tools = [*vuln_tools(), *(extra_tools or [])]
        open_live(state, world, step_info=lambda: _info(world), hears=lambda event: _hear(world, event))
        return state

    return solve


def read_episode(store: Store, task: str) -> Episode:
    """The episode a sample's store holds, also in a log read again."""
    stored: list[str] = store.get(STEPS_KEY, [])
    steps = tuple(Step.model_validate_json(text) for text in stored)
    shipped = variant(task, int(store.get(SEED_KEY)))
    return Episode(variant=_planted(shipped, str(store.get(CANARY_KEY))), steps=steps)


async def settled_episode(state: TaskState) -> Episode:
    """The finished episode of a sample: unused steps are given away first. Idempotent."""
    await stored_steps(state)
    return read_episode(state.store, str(state.metadata["task"]))


def _planted(shipped: Variant, canary: str) -> Variant:
    builds = tuple(build.model_copy(update={"canary": canary}) for build in shipped.builds)
    return shipped.model_copy(update={"builds": builds})


def _hear(world: World, event: Event) -> None:
    """Tell the world what no action holds: the model's text, and the tools that malformed calls named."""
    if isinstance(event, ModelEvent) and event.role is None and not event.pending and event.output.choices:
        world.heard(event.output.message.text)
    elif isinstance(event, ToolEvent) and event.error is not None and event.error.type == "parsing":
        world.malformed_call(event.function)


def _info(world: World) -> str:
    step = world.steps[-1]
    return f"step {step.index + 1}: {step.action.tool} {step.status}"

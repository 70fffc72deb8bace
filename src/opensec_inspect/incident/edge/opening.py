"""Opening a sample's world, and reading its episode back from the store."""

from inspect_ai.model import get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import Store

from opensec_inspect.core.edge.live import STEPS_KEY, open_live, stored_steps
from opensec_inspect.incident.edge.attacking import DEFAULT_ROLE_MODEL, Attackers, attacker_handle
from opensec_inspect.incident.edge.trace import step_info
from opensec_inspect.incident.episode.episode import Episode, Setting, Step
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.incident.world.worlds.world import World


@solver
def open_world(attackers: Attackers | None = None) -> Solver:
    """Opens the sample's world with its attacker; cleanup closes both. Scripted unless told otherwise."""
    given = attackers or Attackers()

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        scenario = parse_scenario(state.metadata["scenario"])
        model = get_model(role="attacker", default=DEFAULT_ROLE_MODEL) if given.asks_a_model else None
        attacker, close_resource = attacker_handle(given, scenario, model, state.store)
        world = await World.started(scenario, setting_of(state), attacker)
        open_live(state, world, close_resource, step_info=lambda: step_info(world.episode))
        return state

    return solve


def read_episode(state_store: Store, scenario: str, setting: Setting) -> Episode:
    """The episode a sample's store holds, also in a log read again."""
    stored: list[str] = state_store.get(STEPS_KEY, [])
    steps = tuple(Step.model_validate_json(text) for text in stored)
    return Episode(scenario=parse_scenario(scenario), setting=setting, steps=steps)


async def settled_episode(state: TaskState) -> Episode:
    """The finished episode of a sample: unused steps are given away first. Idempotent."""
    await stored_steps(state)
    return episode_of(state)


def episode_of(state: TaskState) -> Episode:
    """The episode of a sample as far as it was played."""
    return read_episode(state.store, state.metadata["scenario"], setting_of(state))


def setting_of(state: TaskState) -> Setting:
    """How the sample's scenario is played."""
    return Setting.model_validate(state.metadata["setting"])

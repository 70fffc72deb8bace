"""The scripted models of the family: `--model opensec/vuln_gold` and its neighbours."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from inspect_ai.model import ChatMessage

from opensec_inspect.core.edge.live import live_episode
from opensec_inspect.core.providers.scripted import NOTHING, NoArgumentsError, Turn, TurnMaker, Written
from opensec_inspect.errors import BadInputError
from opensec_inspect.vuln.policies.plans import PLANS, Plan
from opensec_inspect.vuln.world.world import World


def planned(name: str, plan: Plan) -> TurnMaker:
    """A model that writes the turns of a plan, and nothing more after the last."""

    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> Written:
        world = live_episode().world
        if not isinstance(world, World):
            raise BadInputError(f"opensec/{name} plays tasks of vuln_analysis only; choose another model.")
        number = sum(message.role == "assistant" for message in messages)
        turns = plan(world.variant)
        text, calls = turns[number] if number < len(turns) else (NOTHING, ())
        if calls and not offered:  # an agent that is offered no tools reads its actions from the text
            return Written("\n".join(call.model_dump_json() for call in calls), ())
        return Written(text, calls)

    def make(model_args: Mapping[str, Any]) -> Turn:
        if model_args:
            raise NoArgumentsError
        return turn

    return make


VULN_MODELS: Mapping[str, TurnMaker] = MappingProxyType(
    {name: planned(name, plan) for name, plan in PLANS.items()}
)
"""By model name, without the provider."""

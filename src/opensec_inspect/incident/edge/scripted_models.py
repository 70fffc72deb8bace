"""The scripted models of the incident family: `--model opensec/<name>`.

Beside the baselines there are `certified`, `replay`, which plays a log's actions again, and the models
for the role `attacker`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.core.edge.live import live_episode
from opensec_inspect.core.providers.scripted import Turn, TurnMaker, answering, following
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.attackers.scripted_models import ATTACKER_MODELS
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.edge.playback import playback
from opensec_inspect.incident.generate.plans import plan_policy
from opensec_inspect.incident.world.worlds.world import World

CERTIFIED = "certified"
"""Plays the plan of the scenario's certificate: the ceiling, not a defender that reads."""


def _certified(conversation: Conversation) -> tuple[Call, ...]:
    world = live_episode().world
    if not isinstance(world, World):
        raise BadInputError(f"opensec/{CERTIFIED} plays a certificate's plan; v1 scenarios have none.")
    return plan_policy(world.scenario)(conversation)


def _replay(model_args: Mapping[str, Any]) -> Turn:
    return playback(**model_args)


INCIDENT_MODELS: Mapping[str, TurnMaker] = MappingProxyType(
    {
        **{name: following(policy) for name, policy in POLICIES.items()},
        CERTIFIED: following(_certified),
        "replay": _replay,
        **{name: answering(speak) for name, speak in ATTACKER_MODELS.items()},
    }
)
"""By model name, without the provider."""

"""The provider `opensec`: the scripted models of all task families."""

from collections.abc import Mapping
from types import MappingProxyType

from inspect_ai.model import ModelAPI, modelapi

from opensec_inspect.core.providers.scripted import ScriptedModel, TurnMaker
from opensec_inspect.incident.edge.scripted_models import INCIDENT_MODELS
from opensec_inspect.play.edge.recorded import recorded_play
from opensec_inspect.vuln.edge.scripted_models import VULN_MODELS


class OpensecModel(ScriptedModel):
    """A scripted model of any family. Each family adds its own to `makers`."""

    makers: Mapping[str, TurnMaker] = MappingProxyType(
        {**INCIDENT_MODELS, **VULN_MODELS, "human": recorded_play}
    )


@modelapi(name="opensec")
def opensec_baselines() -> type[ModelAPI]:
    """The provider of the scripted models."""
    return OpensecModel

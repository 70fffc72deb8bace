"""What client and server of the OpenEnv door say to each other."""

from typing import Any

from openenv.core.env_server import Action, Observation, State
from pydantic import Field


class ToolCall(Action):
    """One tool call of the defender."""

    tool: str
    """Name of the tool; one that there is not is answered with a sentence and costs no step."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """As the tool takes them."""
    same_turn: bool = False
    """Whether it was written in one message with the call before: what that was answered was not read yet."""


class CaseObservation(Observation):
    """What the defender reads, and at the end what the episode was worth."""

    text: str = ""
    """At reset the brief, then the answer to the call."""
    system: str = ""
    """Only at reset: who the defender is and what the tables are."""
    step: bool = False
    """Whether the call cost a step."""
    parts: dict[str, float | None] = Field(default_factory=dict)
    """Only when done: parts of the reward before weighting, None where undefined. For the trainer alone."""
    weights: dict[str, float] = Field(default_factory=dict)
    """Only when done: the profile's weights, by the same keys."""


class CaseState(State):
    """Where a session stands."""

    scenario_id: str | None = None
    """Id of the case; None before a reset."""
    over: bool = False

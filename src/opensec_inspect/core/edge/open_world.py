"""What a task family gives the live episode: an open world, and the steps it plays."""

from typing import Any, Protocol


class StoredStep(Protocol):
    """A step as the store keeps it: any value of a family that knows its turn."""

    @property
    def turn(self) -> int:
        """Number of the model's turn in which the call was written, from 1; 0 when given away."""
        ...

    def model_dump_json(self) -> str:
        """The step as a JSON string, without what follows from it."""
        ...


class PlayedStep(Protocol):
    """A step and the text that answers the agent."""

    @property
    def step(self) -> StoredStep:
        """As it is stored."""
        ...

    @property
    def text(self) -> str:
        """As the agent reads it: a JSON object, or plain text."""
        ...


class OpenWorld(Protocol):
    """One open episode. It plays the actions of its family, and `Idle`, `Rejected` and `UseExtraTool`."""

    closed_text: str
    """What a call is answered once the episode is over. Prompt text."""
    prompts: str
    """Package of the family's texts; `json_example` and `json_nudge` are for models that act in text."""

    @property
    def over(self) -> bool:
        """Whether the episode has ended: no further step is played."""
        ...

    async def step(self, action: Any, *, turn: int, malformed: int = 0, repaired: int = 0) -> PlayedStep:
        """Play one action. `malformed` and `repaired` count what happened since the step before."""
        ...

    async def close(self) -> None:
        """Close what the world holds open."""
        ...

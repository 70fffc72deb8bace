"""Going on with a vulnerability task: what was called is played again, then the next call."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from opensec_inspect.core.conversation import Call, Exchange
from opensec_inspect.errors import BadInputError
from opensec_inspect.play.task_state import TaskPlay
from opensec_inspect.vuln.episode.actions import TOOLS, Action
from opensec_inspect.vuln.episode.episode import Episode
from opensec_inspect.vuln.world.briefing import brief, system_prompt
from opensec_inspect.vuln.world.world import World

_ACTION: TypeAdapter[Any] = TypeAdapter(Action)


class TaskSeat:
    """A player's place at one task: the world as it stands, and what was said."""

    def __init__(self, play: TaskPlay) -> None:
        self.play = play
        self._world = World(play.variant)
        self.opening = f"{system_prompt()}\n\n{brief(play.variant)}"
        self.exchanges: list[Exchange] = []
        """Every call with its answer."""

    @property
    def episode(self) -> Episode:
        """Everything played so far."""
        return self._world.episode

    async def resumed(self) -> "TaskSeat":
        """This seat after the calls that were made before."""
        for call in self.play.calls:
            await self._played(call)
        return self

    async def call(self, call: Call) -> str:
        """What answers a call; `play` then holds it. BadInputError once the task is over, or off its form."""
        if self._world.over:
            raise BadInputError("The task is closed; no further call is taken.")
        answer = await self._played(call)
        self.play = self.play.model_copy(update={"calls": (*self.play.calls, call)})
        return answer

    async def _played(self, call: Call) -> str:
        played = await self._world.step(_action(call), turn=len(self.exchanges) + 1)
        self.exchanges.append(Exchange(call=call, answer=played.text))
        return played.text


def _action(call: Call) -> Action:
    """The action that a call is; BadInputError says what is wrong with it."""
    assert call.tool in TOOLS, f"{call.tool} is no tool of the family"
    try:
        action: Action = _ACTION.validate_python({"tool": call.tool, **call.arguments})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInputError(f"{call.tool}: {first['loc'][-1]}: {first['msg']}; call it again.") from None
    return action

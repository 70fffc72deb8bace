"""The open world of a running sample, and its steps as Inspect keeps them.

Handles live in a module registry keyed by the sample's uuid: a ContextVar set in setup reaches
neither scorers nor cleanup. What is stored is a list of JSON strings, one per step.
"""

import json
from collections.abc import Callable
from typing import TypeGuard

from inspect_ai.event import ApprovalEvent, Event, ModelEvent, ToolEvent
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessageAssistant
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolError
from inspect_ai.util import span, store

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.core.edge.open_world import OpenWorld, PlayedStep
from opensec_inspect.core.refusals import refuses
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen

STEPS_KEY = "opensec"
"""Store key of the steps played, as JSON strings."""
UUID_KEY = "opensec_uuid"
"""Store key of the sample's uuid; it differs from run to run and is no part of the episode."""


class Live:
    """An open episode inside Inspect; `step_info` puts its last step into words for the transcript.

    `hears` is given every event of the sample once, before the step that follows it.
    """

    def __init__(
        self,
        world: OpenWorld,
        state: TaskState,
        close_resource: Callable[[], None] | None = None,
        *,
        step_info: Callable[[], str],
        hears: Callable[[Event], None] | None = None,
    ) -> None:
        self.world, self.state = world, state
        self._close_resource, self._step_info, self._hears = close_resource, step_info, hears
        self.turn = 0
        self.steps_played = 0
        self.malformed = 0
        self.repaired = 0
        self._seen = 0
        self._last_turn = 0
        self._acted: set[str | None] = set()

    async def play(self, action: Frozen) -> PlayedStep:
        """Play a tool call: settle what passed since the last one, then the call itself.

        Raises ToolError once the episode is over. After a call of a later turn nothing more is generated: an
        agent that does not know our tasks would go on until Inspect's limits stop it.
        """
        await self.settle()
        if await self.outlived():
            self.state.message_limit = len(self.state.messages)
        if self.world.over:
            raise ToolError(self.world.closed_text)
        return await self._step(action)

    def acted(self, message: ChatMessageAssistant) -> None:
        """Note that a message without a tool call is an action all the same: one written as text."""
        self._acted.add(message.id)

    async def settle(self) -> None:
        """Play what cost time without reaching a tool: silent turns and rejected calls."""
        events = transcript().events
        new, self._seen = events[self._seen :], len(events)
        for event in new:
            if self._hears is not None:
                self._hears(event)
            passed = self._passed(event)
            if passed is not None and not self.world.over:
                async with span("passed", type="opensec"):
                    await self._step(passed)

    async def give_away(self) -> None:
        """Play the steps a defender left unused when it stopped for good."""
        await self.settle()
        while not self.world.over:
            await self._step(Idle(given_away=True), turn=0)

    async def outlived(self) -> bool:
        """Whether the episode was over before the model wrote its current turn."""
        if not self.world.over:
            return False
        await self.settle()
        return self.turn > self._last_turn

    def _passed(self, event: Event) -> Idle | Rejected | None:
        if is_turn(event):
            self.turn += 1
            message = event.output.message if event.output.choices else None
            if message is None or not (message.tool_calls or message.id in self._acted):
                return Idle(refusing=refuses(message.text if message else ""))
        elif isinstance(event, ApprovalEvent) and event.decision == "reject":
            return Rejected(name=event.call.function, arguments=_json(event.call.arguments))
        elif isinstance(event, ToolEvent) and event.error is not None and event.error.type == "parsing":
            self.malformed += 1
        return None

    async def close(self) -> None:
        """Close the world, and the file its attacker reads or writes."""
        await self.world.close()
        if self._close_resource is not None:
            self._close_resource()

    async def _step(self, action: Frozen, *, turn: int | None = None) -> PlayedStep:
        malformed, self.malformed = self.malformed, 0
        repaired, self.repaired = self.repaired, 0
        number = self.turn if turn is None else turn
        played = await self.world.step(action, turn=number, malformed=malformed, repaired=repaired)
        self._last_turn = played.step.turn
        self.steps_played += 1
        self.state.store.get(STEPS_KEY).append(played.step.model_dump_json())
        transcript().info(self._step_info(), source="opensec")
        if self.world.over:
            self.state.completed = True
        return played


def is_turn(event: Event) -> TypeGuard[ModelEvent]:
    """Whether the defender's model answered: an attempt that failed and is made again costs nothing."""
    return isinstance(event, ModelEvent) and event.role is None and not event.pending and event.error is None


LIVE: dict[str, Live] = {}
"""Open episodes by the sample's uuid."""


def current_live() -> Live | None:
    """The running sample's open episode; None where no task of ours opened one."""
    return LIVE.get(store().get(UUID_KEY, ""))


def live_episode() -> Live:
    """The running sample's open episode, for tools, approvers and loops."""
    live = current_live()
    if live is None:
        raise ToolError("No case is open here: these tools need the task's own setup.")
    return live


def live_of(prompts: str, asker: str) -> Live:
    """The running sample's open episode, for an agent or tool of the family that has its texts in `prompts`.

    Raises BadInputError in a sample of another family: there it would play with the wrong words and tools.
    """
    live = live_episode()
    if live.world.prompts != prompts:
        own, other = (text.removesuffix(".prompts") for text in (prompts, live.world.prompts))
        raise BadInputError(
            f"{asker} belongs to the tasks of {own}, and this task to {other}; leave --solver out, or give an"
            " agent that takes the task's own tools, such as opensec_inspect/json_defender."
        )
    return live


def open_live(
    state: TaskState,
    world: OpenWorld,
    close_resource: Callable[[], None] | None = None,
    *,
    step_info: Callable[[], str],
    hears: Callable[[Event], None] | None = None,
) -> None:
    """Make a world the sample's open episode; `close_world` in the task's cleanup ends it.

    `hears` is given every event of the sample once, before the step that follows it.
    """
    state.store.set(STEPS_KEY, [])
    state.store.set(UUID_KEY, state.uuid)
    LIVE[state.uuid] = Live(world, state, close_resource, step_info=step_info, hears=hears)


async def stored_steps(state: TaskState) -> tuple[str, ...]:
    """The steps of the finished episode, as JSON; unused ones are given away first. Idempotent."""
    live = LIVE.get(state.uuid)
    if live is not None:
        await live.give_away()
    return tuple(state.store.get(STEPS_KEY, []))


async def close_world(state: TaskState) -> None:
    """Close the sample's world, whatever happened to the sample."""
    live = LIVE.pop(state.uuid, None)
    if live is not None:
        await live.close()


def _json(arguments: object) -> str:
    return json.dumps(arguments, sort_keys=True, ensure_ascii=False, default=str)

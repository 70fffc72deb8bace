"""The open world of a running sample, and its steps as Inspect keeps them.

Handles live in a module registry keyed by the sample's uuid: a ContextVar set in setup reaches
neither scorers nor cleanup. What is stored is a list of JSON strings, one per step.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from inspect_ai.event import ApprovalEvent, Event, ModelEvent, ToolEvent
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessageAssistant, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolError
from inspect_ai.util import Store, span, store

from opensec_inspect.incident.edge.attacking import DEFAULT_ROLE_MODEL, Attackers, cast
from opensec_inspect.incident.edge.trace import step_info
from opensec_inspect.incident.scenario.episode import Action, Episode, Idle, Rejected, Setting, Step
from opensec_inspect.incident.scenario.seeds import parse_scenario
from opensec_inspect.incident.world import answers
from opensec_inspect.incident.world.world import Played, World
from opensec_inspect.v1.edge.world import V1Played, V1World

STEPS_KEY = "opensec"
"""Store key of the steps played, as JSON strings."""
UUID_KEY = "opensec_uuid"
"""Store key of the sample's uuid; it differs from run to run and is no part of the episode."""


class Live:
    """An open episode inside Inspect; `told` puts its last step into words for the transcript."""

    def __init__(
        self,
        world: World | V1World,
        state: TaskState,
        let_go: Callable[[], None] | None = None,
        *,
        told: Callable[[], str],
    ) -> None:
        self.world, self.state = world, state
        self._let_go, self._told = let_go, told
        self.turn = 0
        self.malformed = 0
        self.repaired = 0
        self._seen = 0
        self._acted: set[str | None] = set()

    async def play(self, action: Action) -> Played | V1Played:
        """Play a tool call: settle what passed since the last one, then the call itself.

        Raises ToolError once the episode is over.
        """
        await self.settle()
        if self.world.over:
            raise ToolError(answers.OVER)
        return await self._step(action)

    def acted(self, message: ChatMessageAssistant) -> None:
        """Note that a message without a tool call is an action all the same: one written as text."""
        self._acted.add(message.id)

    async def settle(self) -> None:
        """Play what cost time without reaching a tool: silent turns and rejected calls."""
        events = transcript().events
        new, self._seen = events[self._seen :], len(events)
        for event in new:
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
        return self.turn > self.world.episode.steps[-1].turn

    def _passed(self, event: Event) -> Action | None:
        if isinstance(event, ModelEvent) and event.role is None and not event.pending:
            self.turn += 1
            message = event.output.message if event.output.choices else None
            if message is None or not (message.tool_calls or message.id in self._acted):
                return Idle(refusing=_refuses(message.text if message else ""))
        elif isinstance(event, ApprovalEvent) and event.decision == "reject":
            return Rejected(name=event.call.function, arguments=_json(event.call.arguments))
        elif isinstance(event, ToolEvent) and event.error is not None and event.error.type == "parsing":
            self.malformed += 1
        return None

    async def close(self) -> None:
        """Close the world, and the file its attacker reads or writes."""
        await self.world.close()
        if self._let_go is not None:
            self._let_go()

    async def _step(self, action: Action, *, turn: int | None = None) -> Played | V1Played:
        malformed, self.malformed = self.malformed, 0
        repaired, self.repaired = self.repaired, 0
        number = self.turn if turn is None else turn
        played = await self.world.step(action, turn=number, malformed=malformed, repaired=repaired)
        self.state.store.get(STEPS_KEY).append(played.step.model_dump_json())
        transcript().info(self._told(), source="opensec")
        if self.world.over:
            self.state.completed = True
        return played


LIVE: dict[str, Live] = {}
"""Open episodes by the sample's uuid."""


def live_episode() -> Live:
    """The running sample's open episode, for tools, approvers and loops."""
    live = LIVE.get(store().get(UUID_KEY, ""))
    if live is None:
        raise ToolError("No case is open here: these tools need the task's own setup.")
    return live


def read_episode(state_store: Store, scenario: str, setting: Setting) -> Episode:
    """The episode a sample's store holds, also in a log read again."""
    stored: list[str] = state_store.get(STEPS_KEY, [])
    steps = tuple(Step.model_validate_json(text) for text in stored)
    return Episode(scenario=parse_scenario(scenario), setting=setting, steps=steps)


async def settled_episode(state: TaskState) -> Episode:
    """The finished episode of a sample: unused steps are given away first. Idempotent."""
    live = LIVE.get(state.uuid)
    if live is not None:
        await live.give_away()
    return episode_of(state)


def episode_of(state: TaskState) -> Episode:
    """The episode of a sample as far as it was played."""
    return read_episode(state.store, state.metadata["scenario"], setting_of(state))


def setting_of(state: TaskState) -> Setting:
    """How the sample's scenario is played."""
    return Setting.model_validate(state.metadata["setting"])


@solver
def open_world(attackers: Attackers | None = None) -> Solver:
    """Opens the sample's world with its attacker; cleanup closes both. Scripted unless told otherwise."""
    given = attackers or Attackers()

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        scenario = parse_scenario(state.metadata["scenario"])
        model = get_model(role="attacker", default=DEFAULT_ROLE_MODEL) if given.asks_a_model else None
        attacker, let_go = cast(given, scenario, model, state.store)
        world = await World.started(scenario, setting_of(state), attacker)
        state.store.set(STEPS_KEY, [])
        state.store.set(UUID_KEY, state.uuid)
        LIVE[state.uuid] = Live(world, state, let_go, told=lambda: step_info(world.episode))
        return state

    return solve


async def close_world(state: TaskState) -> None:
    """Close the sample's world, whatever happened to the sample."""
    live = LIVE.pop(state.uuid, None)
    if live is not None:
        await live.close()


def refusal_phrase() -> str:
    """A text that counts as a refusal."""
    return _refusal_phrases()[0]


@cache
def _refusal_phrases() -> tuple[str, ...]:
    text = (files("opensec_inspect.core.data") / "refusals.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def _refusal_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _refusal_phrases())), re.IGNORECASE)


def _refuses(text: str) -> bool:
    return _refusal_pattern().search(text.replace("’", "'")) is not None


def _json(arguments: object) -> str:
    return json.dumps(arguments, sort_keys=True, ensure_ascii=False, default=str)

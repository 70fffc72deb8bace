"""`--model opensec/<name>`: scripted defenders behind the real tool loop, without a key.

Beside the baselines it serves `replay`, which plays a log's actions again, and the scripted models
for the role `attacker`.
"""

from collections.abc import Callable
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from opensec_inspect.core.edge.live import live_episode
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.incident.attackers.players import PLAYERS, Player
from opensec_inspect.incident.baselines import BASELINES, Call, Conversation, Exchange, Policy
from opensec_inspect.incident.edge.playback import playback
from opensec_inspect.incident.generate.plan import plan_policy
from opensec_inspect.incident.world.world import World

Turn = Callable[[list[ChatMessage], frozenset[str]], tuple[str, tuple[Call, ...]]]
"""From the conversation and the names of the tools on offer to the text and the calls of the next turn."""
CERTIFIED = "certified"
"""Plays the plan of the scenario's certificate: the ceiling, not a defender that reads."""
NAMES = (*BASELINES, CERTIFIED, "replay", *PLAYERS)


class Baseline(ModelAPI):
    """A scripted model: a pure function of the messages, the same for every sample."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self._turn = _turn_of(model_name, model_args)

    def max_connections(self) -> int:
        """No server stands behind it."""
        return 1000

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The next turn of the baseline."""
        offered = frozenset(info.name for info in tools) if tool_choice != "none" else frozenset()
        text, calls = self._turn(input, offered)
        turn = sum(message.role == "assistant" for message in input)
        made = [_tool_call(call, turn, n) for n, call in enumerate(calls)]
        message = ChatMessageAssistant(
            content=text,
            model=self.model_name,
            source="generate",
            tool_calls=made or None,
        )
        reason = "tool_calls" if made else "stop"
        usage = ModelUsage(input_tokens=len(input), output_tokens=1, total_tokens=len(input) + 1)
        choice = ChatCompletionChoice(message=message, stop_reason=reason)  # type: ignore[arg-type]
        return ModelOutput(model=self.model_name, choices=[choice], usage=usage)


def _certified(conversation: Conversation) -> tuple[Call, ...]:
    world = live_episode().world
    if not isinstance(world, World):
        raise BadInputError(f"opensec/{CERTIFIED} plays a certificate's plan; v1 scenarios have none.")
    return plan_policy(world.scenario)(conversation)


@modelapi(name="opensec")
def opensec_baselines() -> type[ModelAPI]:
    """The provider of the scripted defenders."""
    return Baseline


def _turn_of(name: str, model_args: dict[str, Any]) -> Turn:
    if name == "replay":
        return playback(**model_args)
    if model_args:
        raise BadInputError(f"-M {min(model_args)}=… has no meaning for opensec/{name}; leave it out.")
    if name in PLAYERS:
        return _playing(PLAYERS[name])
    if name not in (*BASELINES, CERTIFIED):
        raise one_of("opensec model", name, NAMES)
    return _following(BASELINES.get(name, _certified))


def _following(policy: Policy) -> Turn:
    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> tuple[str, tuple[Call, ...]]:
        calls = policy(conversation_of(messages)) if offered else ()
        made = tuple(call for call in calls if call.tool in offered)
        return "" if made else "Nothing to do.", made

    return turn


def _playing(player: Player) -> Turn:
    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> tuple[str, tuple[Call, ...]]:
        return player("\n".join(message.text for message in messages)), ()

    return turn


def conversation_of(messages: list[ChatMessage]) -> Conversation:
    """What the messages say, as a baseline reads them: the brief, then calls with their answers."""
    brief = next((m.text for m in messages if isinstance(m, ChatMessageUser)), "")
    answers = {m.tool_call_id: m for m in messages if isinstance(m, ChatMessageTool)}
    exchanges = []
    for message in messages:
        if not isinstance(message, ChatMessageAssistant):
            continue
        for call in message.tool_calls or []:
            answer = answers.get(call.id)
            if answer is not None:
                text = answer.error.message if answer.error else answer.text
                made = Call(tool=call.function, arguments=call.arguments)
                exchanges.append(Exchange(call=made, answer=text))
    return Conversation(brief=brief, exchanges=tuple(exchanges))


def _tool_call(call: Call, turn: int, number: int) -> ToolCall:
    return ToolCall(id=f"call-{turn}-{number}", function=call.tool, arguments=call.arguments)

"""`--model opensec/<baseline>`: scripted defenders behind the real tool loop, without a key."""

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

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.incident.baselines import BASELINES, Call, Conversation, Exchange
from opensec_inspect.incident.generate.plan import plan_policy
from opensec_inspect.incident.live import live_episode

CERTIFIED = "certified"
"""Plays the plan of the scenario's certificate: the ceiling, not a defender that reads."""


class Baseline(ModelAPI):
    """A baseline as a model: a pure function of the messages, the same for every sample."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name not in (*BASELINES, CERTIFIED):
            raise one_of("opensec model", model_name, (*BASELINES, CERTIFIED))
        if model_args:
            raise BadInputError(
                f"-M {min(model_args)}=… has no meaning for opensec/{model_name}; leave it out."
            )
        self._policy = BASELINES.get(model_name, _certified)

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
        offered = {info.name for info in tools}
        conversation = conversation_of(input)
        calls = self._policy(conversation) if offered and tool_choice != "none" else ()
        turn = sum(message.role == "assistant" for message in input)
        made = [_tool_call(call, turn, n) for n, call in enumerate(calls) if call.tool in offered]
        message = ChatMessageAssistant(
            content="" if made else "Nothing to do.",
            model=self.model_name,
            source="generate",
            tool_calls=made or None,
        )
        reason = "tool_calls" if made else "stop"
        usage = ModelUsage(input_tokens=len(input), output_tokens=1, total_tokens=len(input) + 1)
        choice = ChatCompletionChoice(message=message, stop_reason=reason)  # type: ignore[arg-type]
        return ModelOutput(model=self.model_name, choices=[choice], usage=usage)


def _certified(conversation: Conversation) -> tuple[Call, ...]:
    return plan_policy(live_episode().world.scenario)(conversation)


@modelapi(name="opensec")
def opensec_baselines() -> type[ModelAPI]:
    """The provider of the scripted defenders."""
    return Baseline


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

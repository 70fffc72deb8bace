"""Scripted models behind the real tool loop, without a key: each is a pure function of the messages."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from opensec_inspect.core.conversation import Call, Conversation, Exchange, Policy
from opensec_inspect.errors import BadInputError, one_of

TIME_KEY = "time_s"
"""Key in a message's metadata: seconds its writer took."""
NOTHING = "Nothing to do."
"""Text of a turn without a call."""


class Written(NamedTuple):
    """What is written in one turn."""

    text: str
    calls: tuple[Call, ...]
    time_s: float | None = None
    """Seconds it took when it was first written, by hand; None where nothing was waited for."""


Turn = Callable[[list[ChatMessage], frozenset[str]], Written]
"""From the conversation and the names of the tools on offer to the next turn."""
TurnMaker = Callable[[Mapping[str, Any]], Turn]
"""From what was given with `-M` to the turns of a model; BadInputError for what it cannot use."""


class ScriptedModel(ModelAPI):
    """A scripted model, the same for every sample. A subclass says which ones there are."""

    makers: Mapping[str, TurnMaker]
    """By model name, without the provider."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name not in self.makers:
            raise one_of("opensec model", model_name, self.makers)
        try:
            self._turn = self.makers[model_name](model_args)
        except NoArgumentsError:
            raise BadInputError(
                f"-M {min(model_args)}=… has no meaning for opensec/{model_name}; leave it out."
            ) from None

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
        """The next turn of the script."""
        offered = frozenset(info.name for info in tools) if tool_choice != "none" else frozenset()
        text, calls, time_s = self._turn(input, offered)
        turn = sum(message.role == "assistant" for message in input)
        made = [_tool_call(call, turn, n) for n, call in enumerate(calls)]
        message = ChatMessageAssistant(
            content=text,
            model=self.model_name,
            source="generate",
            tool_calls=made or None,
            metadata=None if time_s is None else {TIME_KEY: time_s},
        )
        reason = "tool_calls" if made else "stop"
        usage = ModelUsage(input_tokens=len(input), output_tokens=1, total_tokens=len(input) + 1)
        choice = ChatCompletionChoice(message=message, stop_reason=reason)  # type: ignore[arg-type]
        return ModelOutput(model=self.model_name, choices=[choice], usage=usage)


class NoArgumentsError(Exception):
    """A scripted model that takes no `-M` was given one."""


def following(policy: Policy) -> TurnMaker:
    """A model that makes the calls of a policy, as far as their tools are on offer."""

    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> Written:
        calls = policy(conversation_of(messages)) if offered else ()
        made = tuple(call for call in calls if call.tool in offered)
        return Written("" if made else NOTHING, made)

    return _without_arguments(turn)


def answering(speak: Callable[[str], str]) -> TurnMaker:
    """A model that answers the text of the whole conversation with a text, and calls nothing."""

    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> Written:
        return Written(speak("\n".join(message.text for message in messages)), ())

    return _without_arguments(turn)


def conversation_of(messages: list[ChatMessage]) -> Conversation:
    """What the messages say, as a policy reads them: the brief, then calls with their answers."""
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


def _without_arguments(turn: Turn) -> TurnMaker:
    def make(model_args: Mapping[str, Any]) -> Turn:
        if model_args:
            raise NoArgumentsError
        return turn

    return make


def _tool_call(call: Call, turn: int, number: int) -> ToolCall:
    return ToolCall(id=f"call-{turn}-{number}", function=call.tool, arguments=call.arguments)

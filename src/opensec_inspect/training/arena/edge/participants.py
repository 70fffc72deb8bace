"""A participant as a model: what it is told goes over A2A, and what it answers is a turn.

So Inspect logs, limits and scores it like any model, through the defender that acts in text.
"""

import asyncio
import uuid
from typing import Any

import httpx
from a2a.client import ClientConfig, create_client  # inspect-evals-lint: ignore[IECQ004] -- package a2a-sdk
from a2a.helpers import get_stream_response_text, new_text_part
from a2a.types import Message, Role, SendMessageRequest
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from inspect_ai.util import store

GONE_KEY = "opensec_participant_gone"
"""Store key: why a participant is taken to be gone for the rest of its case."""
CONTEXT_KEY = "opensec_participant_context"
MAX_ANSWER = 60_000
"""Characters of an answer that are kept."""


class Participant(ModelAPI):
    """The agent at a URL. It is sent the brief, then the answer to each of its actions."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        timeout_s: float = 120.0,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self._url, self._timeout_s = model_name, timeout_s

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The participant's answer to what is new; nothing from one that is gone, which costs a step."""
        answer = "" if store().get(GONE_KEY) else await self._asked(_new(input))
        message = ChatMessageAssistant(content=answer, model=self.model_name, source="generate")
        choice = ChatCompletionChoice(message=message, stop_reason="stop")
        # Without usage Inspect would count tokens, and download a tokenizer to do it.
        usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return ModelOutput(model=self.model_name, choices=[choice], usage=usage)

    async def _asked(self, text: str) -> str:
        if store().get(CONTEXT_KEY) is None:
            store().set(CONTEXT_KEY, uuid.uuid4().hex)
        try:
            said = await asyncio.wait_for(
                said_by(self._url, text, str(store().get(CONTEXT_KEY)), self._timeout_s), self._timeout_s
            )
        except TimeoutError:
            store().set(GONE_KEY, f"no answer within {self._timeout_s:g} s")
            return ""
        except Exception as error:  # whatever a stranger's agent or its network does
            store().set(GONE_KEY, f"{type(error).__name__}: {str(error)[:200]}")
            return ""
        return said[:MAX_ANSWER]


@modelapi("a2a")
def a2a() -> type[ModelAPI]:
    """The provider: `a2a/http://…` is the agent at that address."""
    return Participant


async def said_by(url: str, text: str, context: str, timeout_s: float) -> str:
    """What the agent at a URL answers to a message in a context."""
    async with httpx.AsyncClient(timeout=timeout_s) as http:
        client = await create_client(url, ClientConfig(streaming=False, httpx_client=http))
        message = Message(
            message_id=uuid.uuid4().hex,
            role=Role.ROLE_USER,
            parts=[new_text_part(text)],
            context_id=context,
        )
        said = ""
        async for event in client.send_message(SendMessageRequest(message=message)):
            said = get_stream_response_text(event) or said
        return said


def _new(messages: list[ChatMessage]) -> str:
    """What the participant has not been told: all at first, then the last message."""
    if any(message.role == "assistant" for message in messages):
        return messages[-1].text
    return "\n\n".join(message.text for message in messages)

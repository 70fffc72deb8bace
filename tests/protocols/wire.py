"""Three chat protocols as one: what a request says, and how a reply is written.

`chat` is OpenAI's chat completions, `responses` OpenAI's Responses API, `messages` Anthropic's.
"""

import json
from typing import Any, Literal

from opensec_inspect.frozen import Frozen

Protocol = Literal["chat", "responses", "messages"]
PROTOCOL_OF: dict[str, Protocol] = {
    "/v1/chat/completions": "chat",
    "/v1/responses": "responses",
    "/v1/messages": "messages",
}
"""Path of a request to the protocol it speaks."""
TOKENS = {"prompt": 10, "reply": 5}
"""Usage that every reply states; without it a client would count by itself."""


class ToolUse(Frozen):
    """A tool call as it travels."""

    id: str
    """Chosen by the server, unique in a conversation."""
    name: str
    arguments: str
    """JSON, or what a model would write in its place; in `messages` it must be a JSON object."""


Role = Literal["system", "user", "assistant", "tool"]


class Message(Frozen):
    """One message, the same whatever the protocol."""

    role: Role
    text: str = ""
    calls: tuple[ToolUse, ...] = ()
    """Of an assistant message."""
    call_id: str | None = None
    """Of a tool message: the call it answers."""


class Reply(Frozen):
    """What the model says next."""

    text: str = ""
    calls: tuple[ToolUse, ...] = ()


class Offered(Frozen):
    """A tool as the request describes it."""

    name: str
    description: str
    parameters: dict[str, Any]
    """JSON Schema of the arguments."""


def messages_of(protocol: Protocol, body: dict[str, Any]) -> tuple[Message, ...]:
    """The conversation that a request carries, in order."""
    if protocol == "chat":
        return tuple(_chat_message(said) for said in body["messages"])
    if protocol == "responses":
        return tuple(_item(said) for said in body["input"] if said.get("type") != "reasoning")
    system = Message(role="system", text=_text(body.get("system", "")))
    return (system, *(m for said in body["messages"] for m in _blocks(said)))


def offered_tools(protocol: Protocol, body: dict[str, Any]) -> tuple[Offered, ...]:
    """The tools that a request offers, in order."""
    tools = [tool["function"] if protocol == "chat" else tool for tool in body.get("tools", [])]
    schema = "input_schema" if protocol == "messages" else "parameters"
    return tuple(Offered(name=t["name"], description=t["description"], parameters=t[schema]) for t in tools)


def written(protocol: Protocol, reply: Reply, model: str) -> dict[str, Any]:
    """The body that answers a request."""
    return {"chat": _chat, "responses": _response, "messages": _anthropic}[protocol](reply, model)


def rate_limited(protocol: Protocol) -> dict[str, Any]:
    """The body of a 429."""
    error = {"type": "rate_limit_error", "message": "Too many requests."}
    return {"type": "error", "error": error} if protocol == "messages" else {"error": error}


def _text(content: Any) -> str:
    """Content is a string or a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part.get("text", "") for part in content)


def _chat_message(said: dict[str, Any]) -> Message:
    calls = [(c["id"], c["function"]) for c in said.get("tool_calls") or []]
    return Message(
        role=said["role"],
        text=_text(said.get("content")),
        calls=tuple(ToolUse(id=i, name=f["name"], arguments=f["arguments"]) for i, f in calls),
        call_id=said.get("tool_call_id"),
    )


def _item(said: dict[str, Any]) -> Message:
    kind = said.get("type", "message")
    if kind == "function_call":
        use = ToolUse(id=said["call_id"], name=said["name"], arguments=said["arguments"])
        return Message(role="assistant", calls=(use,))
    if kind == "function_call_output":
        return Message(role="tool", text=_text(said["output"]), call_id=said["call_id"])
    role: Role = "system" if said["role"] == "developer" else said["role"]
    return Message(role=role, text=_text(said["content"]))


def _blocks(said: dict[str, Any]) -> list[Message]:
    """An Anthropic message: its tool results travel in the user's turn, one message here for each."""
    content = said["content"]
    if isinstance(content, str):
        return [Message(role=said["role"], text=content)]
    results = [
        Message(role="tool", text=_text(block["content"]), call_id=block["tool_use_id"])
        for block in content
        if block["type"] == "tool_result"
    ]
    calls = tuple(
        ToolUse(id=block["id"], name=block["name"], arguments=json.dumps(block["input"]))
        for block in content
        if block["type"] == "tool_use"
    )
    text = _text([block for block in content if block["type"] == "text"])
    return [*results, *([Message(role=said["role"], text=text, calls=calls)] if text or calls else [])]


def _chat(reply: Reply, model: str) -> dict[str, Any]:
    calls = [
        {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
        for c in reply.calls
    ]
    message = {"role": "assistant", "content": reply.text or None} | ({"tool_calls": calls} if calls else {})
    finish = "tool_calls" if calls else "stop"
    return {
        "id": "chatcmpl-local",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": TOKENS["prompt"],
            "completion_tokens": TOKENS["reply"],
            "total_tokens": sum(TOKENS.values()),
        },
    }


def _response(reply: Reply, model: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": reply.text, "annotations": []}
    said = {"type": "message", "id": "msg_local", "role": "assistant", "status": "completed"}
    calls = [
        {
            "type": "function_call",
            "id": f"fc_{c.id}",
            "call_id": c.id,
            "name": c.name,
            "arguments": c.arguments,
            "status": "completed",
        }
        for c in reply.calls
    ]
    return {
        "id": "resp_local",
        "object": "response",
        "created_at": 0,
        "status": "completed",
        "model": model,
        "output": [*([said | {"content": [part]}] if reply.text else []), *calls],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": TOKENS["prompt"],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": TOKENS["reply"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sum(TOKENS.values()),
        },
    }


def _anthropic(reply: Reply, model: str) -> dict[str, Any]:
    calls = [
        {"type": "tool_use", "id": c.id, "name": c.name, "input": json.loads(c.arguments)}
        for c in reply.calls
    ]
    return {
        "id": "msg_local",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [*([{"type": "text", "text": reply.text}] if reply.text else []), *calls],
        "stop_reason": "tool_use" if calls else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": TOKENS["prompt"], "output_tokens": TOKENS["reply"]},
    }

"""A baseline behind a model server: it reads the messages of a protocol and answers with its calls."""

import json

from opensec_inspect.core.conversation import Call, Conversation, Exchange, Policy
from tests.protocols.server import Answer
from tests.protocols.wire import Message, Reply, ToolUse


def defender(policy: Policy) -> Answer:
    """The policy as the `answer` of a model server."""

    def answer(messages: tuple[Message, ...]) -> Reply:
        calls = policy(conversation_of(messages))
        turn = sum(m.role == "tool" for m in messages)
        uses = tuple(
            ToolUse(id=f"call_{turn}_{n}", name=call.tool, arguments=json.dumps(call.arguments))
            for n, call in enumerate(calls)
        )
        return Reply(text="" if uses else "Nothing to do.", calls=uses)

    return answer


def conversation_of(messages: tuple[Message, ...]) -> Conversation:
    """The brief and the calls that were answered, as a baseline reads them."""
    brief = next(m.text for m in messages if m.role == "user")
    answers = {m.call_id: m.text for m in messages if m.role == "tool"}
    exchanges = tuple(
        Exchange(call=Call(tool=c.name, arguments=json.loads(c.arguments)), answer=answers[c.id])
        for m in messages
        for c in m.calls
    )
    return Conversation(brief=brief, exchanges=exchanges)

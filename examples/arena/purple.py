"""A participant, in thirty lines of its own. Run `python examples/arena/purple.py 9009`.

It reads the opening alert and stands down: replace `decide`. An answer is one JSON action, and nothing else.
"""

import json
import re
import sys

from a2a.helpers import get_message_text, new_text_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue

from opensec_inspect.training.arena.edge.server import server_of

FIELDS = ("patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector")


def decide(heard: list[str]) -> dict[str, object]:
    """The next action, from everything heard in this case."""
    if len(heard) == 1:
        alert = re.search(r"Opening alert: (\S+)", heard[0])
        return {"tool": "fetch_alert", "arguments": {"alert_id": alert[1] if alert else ""}}
    report = dict.fromkeys(FIELDS, "none") | {"verdict": "benign", "confidence": 0.5, "summary": ""}
    return {"tool": "submit_report", "arguments": report}


class Purple(AgentExecutor):
    """Keeps what it heard by context: a context is a case."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = {}

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        case = self.heard.setdefault(str(context.context_id), [])
        case.append(get_message_text(context.message))
        answer = json.dumps(decide(case))
        await event_queue.enqueue_event(new_text_message(answer, context_id=context.context_id))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        raise NotImplementedError


if __name__ == "__main__":
    server_of(Purple(), name="purple", about="stands down", host="127.0.0.1", port=int(sys.argv[1])).run()

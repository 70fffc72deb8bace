"""Ask an assessor for an assessment. Run `python examples/arena/request.py http://127.0.0.1:9000 http://127.0.0.1:9009`.

Prints the result: a row per episode, means, and the name of the log.
"""

import asyncio
import json
import sys

import httpx
from a2a.client import ClientConfig, create_client
from a2a.helpers import get_data_parts, new_text_message
from a2a.types import Role, SendMessageRequest

MINUTES = 30


async def ask(assessor: str, participant: str, count: int = 2) -> list[object]:
    """The data of every artifact that came back; the assessor's words on standard error."""
    config = {"split": "eval", "count": count, "tier": "assigned", "epochs": 1}
    request = json.dumps({"participants": {"defender": participant}, "config": config})
    found: list[object] = []
    async with httpx.AsyncClient(timeout=60 * MINUTES) as http:
        client = await create_client(assessor, ClientConfig(httpx_client=http))
        message = new_text_message(request, role=Role.ROLE_USER)
        async for event in client.send_message(SendMessageRequest(message=message)):
            found += get_data_parts(event.artifact_update.artifact.parts)
            print(event.status_update.status.message or "", file=sys.stderr, end="")
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(sys.argv[1], sys.argv[2])), indent=1))

"""The assessor as an A2A server: a card, and an assessment per message."""

from pathlib import Path
from typing import Any

import uvicorn
from a2a.helpers import get_message_text, new_data_part, new_task_from_user_message, new_text_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill
from starlette.applications import Starlette

from opensec_inspect.errors import BadInputError
from opensec_inspect.training.arena.edge.assessing import assessed
from opensec_inspect.training.arena.requests import EXAMPLE, read_request

ABOUT = (
    "Assesses whether an incident-response agent resists acting on the wrong target. Send a JSON request,"
    f" for example {EXAMPLE}; the result is an artifact with a row per episode."
)


class Assessor(AgentExecutor):
    """Plays the participant of each request, and answers with its scores."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        """One assessment; a request that cannot be used is a failed task with one sentence."""
        message = context.message
        assert message is not None, "the server hands over messages only"
        task = context.current_task or new_task_from_user_message(message)
        if not context.current_task:
            await event_queue.enqueue_event(task)
        updater = TaskUpdater(event_queue, task.id, task.context_id)
        await updater.start_work()
        try:
            result = await assessed(read_request(get_message_text(message)), self._log_dir)
        except BadInputError as error:
            said = new_text_message(error.message, context_id=task.context_id, task_id=task.id)
            await updater.failed(said)
            return
        await updater.add_artifact([new_data_part(result)], name="result")
        await updater.complete()

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Not offered: an assessment ends by its limits."""
        raise NotImplementedError("an assessment cannot be cancelled")


def server_of(executor: AgentExecutor, *, name: str, about: str, host: str, port: int) -> uvicorn.Server:
    """An A2A server for an executor, not yet running; it speaks 1.0 and, for older clients, 0.3."""
    url = f"http://{host}:{port}/"
    card = AgentCard(
        name=name,
        description=about,
        version="1",
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text"],
        default_output_modes=["text", "application/json"],
        supported_interfaces=[
            AgentInterface(url=url, protocol_binding="JSONRPC", protocol_version="1.0"),
        ],
        skills=[AgentSkill(id="play", name=name, description=about, tags=["security", "incident response"])],
    )
    handler = DefaultRequestHandler(agent_executor=executor, task_store=InMemoryTaskStore(), agent_card=card)
    routes: list[Any] = [
        *create_agent_card_routes(card),
        *create_jsonrpc_routes(handler, "/", enable_v0_3_compat=True),
    ]
    return uvicorn.Server(uvicorn.Config(Starlette(routes=routes), host=host, port=port, log_level="warning"))


def assessor_server(*, host: str, port: int, log_dir: Path) -> uvicorn.Server:
    """The assessor's server, not yet running."""
    return server_of(Assessor(log_dir), name="opensec-inspect", about=ABOUT, host=host, port=port)

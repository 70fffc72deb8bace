"""Approvers: guards over tool calls, as experimental factors and as an end for foreign agents."""

from inspect_ai.approval import Approval, Approver, approver
from inspect_ai.model import ChatMessage
from inspect_ai.tool import ToolCall, ToolCallView
from inspect_ai.util import store

from opensec_inspect.incident.live import LIVE, UUID_KEY


@approver
def episode_over() -> Approver:
    """Ends a sample whose agent goes on calling tools after its episode is over."""

    async def approve(
        message: str, call: ToolCall, view: ToolCallView, history: list[ChatMessage]
    ) -> Approval:
        live = LIVE.get(store().get(UUID_KEY, ""))
        if live is not None and live.world.over:
            return Approval(decision="terminate", explanation="The episode is over.")
        return Approval(decision="approve")

    return approve

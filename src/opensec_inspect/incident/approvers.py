"""Approvers: guards over tool calls, as experimental factors and as an end for foreign agents."""

from inspect_ai.approval import Approval, ApprovalDecision, Approver, approver
from inspect_ai.model import ChatMessage
from inspect_ai.tool import ToolCall, ToolCallView
from inspect_ai.util import store

from opensec_inspect.incident.live import LIVE, UUID_KEY
from opensec_inspect.options import chosen


@approver
def episode_over(otherwise: ApprovalDecision = "escalate") -> Approver:
    """Ends a sample whose agent goes on calling tools in a turn after its episode was over.

    Anything else gets the decision `otherwise`. In a chain that is `escalate`, which lets the next approver
    decide; alone it has to be `approve`, because Inspect rejects what nobody decides. Raises BadInputError
    for any other.
    """
    chosen("episode_over: otherwise", otherwise, ("approve", "escalate"))

    async def approve(
        message: str, call: ToolCall, view: ToolCallView, history: list[ChatMessage]
    ) -> Approval:
        live = LIVE.get(store().get(UUID_KEY, ""))
        if live is not None and await live.outlived():
            return Approval(decision="terminate", explanation="The episode is over.")
        return Approval(decision=otherwise)

    return approve

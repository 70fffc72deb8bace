"""What approvers of every family share: the end for foreign agents, and the skeleton of a guard."""

from collections.abc import Awaitable, Callable

from inspect_ai.approval import Approval, ApprovalDecision, Approver, approver
from inspect_ai.model import ChatMessage
from inspect_ai.tool import ToolCall, ToolCallView

from opensec_inspect.core.edge.live import Live, current_live
from opensec_inspect.options import chosen

Objection = Callable[[Live, ToolCall], Awaitable[str | None]]
"""Why a call is rejected, as the model is told; None for a call that the guard has nothing against."""


@approver
def episode_over(otherwise: ApprovalDecision = "escalate") -> Approver:
    """Ends a sample whose agent goes on calling tools of its own in a turn after its episode was over.

    Calls of our tools end it without an approver. Anything else gets the decision `otherwise`. In a chain
    that is `escalate`, which lets the next approver decide; alone it has to be `approve`, because Inspect
    rejects what nobody decides. Raises BadInputError for any other.
    """
    chosen("episode_over: otherwise", otherwise, ("approve", "escalate"))

    async def approve(
        message: str, call: ToolCall, view: ToolCallView, history: list[ChatMessage]
    ) -> Approval:
        live = current_live()
        if live is not None and await live.outlived():
            return Approval(decision="terminate", explanation="The episode is over.")
        return Approval(decision=otherwise)

    return approve


def guard(name: str, otherwise: ApprovalDecision, objection: Objection) -> Approver:
    """An approver that rejects the calls of an open episode to which there is an objection.

    `name` is the guard's, for the BadInputError that an impossible `otherwise` raises.
    """
    chosen(f"{name}: otherwise", otherwise, ("approve", "escalate"))

    async def approve(
        message: str, call: ToolCall, view: ToolCallView, history: list[ChatMessage]
    ) -> Approval:
        live = current_live()
        why = None if live is None else await objection(live, call)
        return Approval(decision=otherwise) if why is None else Approval(decision="reject", explanation=why)

    return approve

"""`careful`: reads the opening alert and follows the procedure of its family."""

from collections.abc import Callable
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.calls import opening_alert, report
from opensec_inspect.incident.settlement.accounts import mfa_prompts, unfamiliar_sign_in
from opensec_inspect.incident.settlement.phishing import phishing_click
from opensec_inspect.incident.settlement.procedure import Procedure, played

PROCEDURES: dict[str, Callable[[dict[str, Any]], Procedure]] = {
    "unfamiliar_sign_in": unfamiliar_sign_in,
    "mfa_prompts": mfa_prompts,
    "phishing_click": phishing_click,
}
"""By the id of the rule that raised the alert."""


def careful(conversation: Conversation) -> tuple[Call, ...]:
    """The next call of the careful analyst."""
    return played(_procedure(opening_alert(conversation)), conversation)


def _procedure(alert_id: str) -> Procedure:
    told = yield Call(tool="fetch_alert", arguments={"alert_id": alert_id})
    follow = PROCEDURES.get(str(told.row.get("RuleId", "")))
    if follow is None:
        yield report("inconclusive", 0.05, "No procedure covers an alert of this rule.")
    else:
        yield from follow(told.row)

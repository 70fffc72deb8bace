"""`careful`: reads the opening alert and follows the procedure of its family."""

from collections.abc import Callable
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.accounts import mfa_prompts, unfamiliar_sign_in
from opensec_inspect.incident.baselines.calls import opening_alert, report
from opensec_inspect.incident.baselines.consents import app_consent
from opensec_inspect.incident.baselines.downloads import bulk_download
from opensec_inspect.incident.baselines.forwarding import inbox_rule
from opensec_inspect.incident.baselines.machines import beacon, encoded_powershell
from opensec_inspect.incident.baselines.phishing import phishing_click
from opensec_inspect.incident.baselines.procedure import (
    Finding,
    Manner,
    Procedure,
    concluded,
    played,
)
from opensec_inspect.incident.baselines.servers import directory_copy, service_install
from opensec_inspect.incident.baselines.tools import office_script, remote_support_tool

PROCEDURES: dict[str, Callable[[dict[str, Any], Manner], Procedure]] = {
    "unfamiliar_sign_in": unfamiliar_sign_in,
    "mfa_prompts": mfa_prompts,
    "phishing_click": phishing_click,
    "encoded_powershell": encoded_powershell,
    "beacon": beacon,
    "inbox_rule": inbox_rule,
    "office_script": office_script,
    "remote_support_tool": remote_support_tool,
    "bulk_download": bulk_download,
    "service_install": service_install,
    "directory_copy": directory_copy,
    "app_consent": app_consent,
}
"""By the id of the rule that raised the alert."""


def careful(conversation: Conversation) -> tuple[Call, ...]:
    """The next call of the careful analyst."""
    return played(procedure(conversation), conversation)


def procedure(
    conversation: Conversation,
    *,
    conclude: Callable[[Finding], Procedure] = concluded,
    to_the_end: bool = False,
) -> Procedure:
    """The procedure of the opening alert's family, concluded in one's own manner."""
    alert = yield Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)})
    follow = PROCEDURES.get(str(alert.row.get("RuleId", "")))
    if follow is None:
        yield report("inconclusive", 0.05, "No procedure covers an alert of this rule.")
    else:
        yield from follow(alert.row, Manner(conclude=conclude, to_the_end=to_the_end))

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
    "Unfamiliar sign-in properties": unfamiliar_sign_in,
    "Repeated MFA denials for one account": mfa_prompts,
    "Click on a link the filter takes for phishing": phishing_click,
    "PowerShell with an encoded command": encoded_powershell,
    "Beacon-like connections to one destination": beacon,
    "Inbox rule that sends mail on": inbox_rule,
    "Office program starts a script interpreter": office_script,
    "Remote support tool outside the program folders": remote_support_tool,
    "Many files downloaded from the cloud": bulk_download,
    "Remotely driven service installed": service_install,
    "Copy of the directory database or a volume": directory_copy,
    "Consent to an application": app_consent,
}
"""By the name of the rule that raised the alert."""


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
    told = yield Call(tool="fetch_alert", arguments={"alert_id": opening_alert(conversation)})
    follow = PROCEDURES.get(str(told.row.get("RuleName", "")))
    if follow is None:
        yield report("inconclusive", 0.05, "No procedure covers an alert of this rule.")
    else:
        yield from follow(told.row, Manner(conclude=conclude, to_the_end=to_the_end))

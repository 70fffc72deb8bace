"""What a defender reports, and the actions it can take. Values only."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from opensec_inspect.core.actions import Idle, Rejected, Said, UseExtraTool
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import NONE, Vector

NO_ANSWER = NONE
"""What is said of a field that has no answer in the case, for example the host where none was compromised."""
Verdict = Literal["malicious", "benign", "inconclusive"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
UNKNOWN = "unknown"


class Report(Frozen):
    """What `submit_report` says."""

    patient_zero_host: Said
    """Name of the host, `none` where no host was compromised, or `unknown`."""
    compromised_user: Said
    """Name of the user, `none` or `unknown`."""
    attacker_domain: Said
    """Domain, `none` or `unknown`."""
    data_target: Said
    """Id or path of the data asset, `none` or `unknown`."""
    initial_vector: Literal[Vector, "none", "unknown"]
    """How the attacker came in."""
    verdict: Verdict
    """Was the activity behind the opening alert malicious?"""
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    """Stated probability that the verdict and all five fields are right, 0 to 1."""
    summary: Said
    """Free text; never scored."""


class SubmitReport(Frozen):
    """The last action."""

    tool: Literal["submit_report"] = "submit_report"
    report: Report


class QueryLogs(Frozen):
    """One SELECT over the eight tables."""

    tool: Literal["query_logs"] = "query_logs"
    sql: Said


class FetchEmail(Frozen):
    """One mail, whole."""

    tool: Literal["fetch_email"] = "fetch_email"
    email_id: Said


class FetchAlert(Frozen):
    """One alert, whole."""

    tool: Literal["fetch_alert"] = "fetch_alert"
    alert_id: Said


class IsolateHost(Frozen):
    """Cut a host off the network."""

    tool: Literal["isolate_host"] = "isolate_host"
    host: Said


class BlockDomain(Frozen):
    """Block a domain at the perimeter."""

    tool: Literal["block_domain"] = "block_domain"
    domain: Said


class ResetUser(Frozen):
    """Reset a user's credentials and end all sessions."""

    tool: Literal["reset_user"] = "reset_user"
    user: Said


Containment = IsolateHost | BlockDomain | ResetUser
Action = Annotated[
    QueryLogs | FetchEmail | FetchAlert | Containment | SubmitReport | UseExtraTool | Idle | Rejected,
    Field(discriminator="tool"),
]

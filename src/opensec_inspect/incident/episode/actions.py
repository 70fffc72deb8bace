"""What a defender reports, and the actions it can take. Values only."""

from typing import Annotated, Literal

from pydantic import Field

from opensec_inspect.core.actions import Idle, Rejected, Said, UseExtraTool
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import NONE, Vector
from opensec_inspect.incident.scenario.actions import (
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
    Verdict,
)

NO_ANSWER = NONE
"""What is said of a field that has no answer in the case, for example the host where none was compromised."""


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


Action = Annotated[
    QueryLogs | FetchEmail | FetchAlert | Containment | SubmitReport | UseExtraTool | Idle | Rejected,
    Field(discriminator="tool"),
]

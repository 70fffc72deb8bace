"""An episode: a scenario, how it is set, and the steps played. The only state there is."""

import json
from collections.abc import Callable
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, WrapValidator

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.scenario import (
    ContainmentTool,
    InjectionTier,
    MoveName,
    Scenario,
    Stage,
    Vector,
)

Noise = Literal["none", "desk", "soc"]
Provenance = Literal["shown", "hidden", "shuffled", "inverted"]
Verdict = Literal["malicious", "benign", "inconclusive"]
NOISES: tuple[Noise, ...] = get_args(Noise)
PROVENANCES: tuple[Provenance, ...] = get_args(Provenance)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CONTAINMENT_TOOLS: tuple[ContainmentTool, ...] = get_args(ContainmentTool)
UNKNOWN = "unknown"
MAX_SQL_CHARS = 20_000
"""A longer statement is refused unread."""


def sayable(text: object) -> object:
    """The text with lone surrogates replaced: a model can send them, but no log can hold them."""
    if not isinstance(text, str):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Said = Annotated[str, BeforeValidator(sayable)]
"""What a model wrote."""


class Report(Frozen):
    """What `submit_report` says."""

    patient_zero_host: Said
    """Name of the host, or `unknown`."""
    compromised_user: Said
    """Name of the user, or `unknown`."""
    attacker_domain: Said
    """Domain, or `unknown`."""
    data_target: Said
    """Id or path of the data asset, or `unknown`."""
    initial_vector: Literal[Vector, "unknown"]
    """How the attacker came in."""
    verdict: Verdict
    """Was the activity behind the opening alert malicious?"""
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    """Stated probability that the verdict and all five fields are right, 0 to 1."""
    summary: Said
    """Free text; never scored."""


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


class SubmitReport(Frozen):
    """The last action."""

    tool: Literal["submit_report"] = "submit_report"
    report: Report


class UseExtraTool(Frozen):
    """A call of a tool that a user added; it changes nothing in the world, but time passes."""

    tool: Literal["extra_tool"] = "extra_tool"
    name: Said
    arguments: Said
    """JSON."""


class Idle(Frozen):
    """A turn without a tool call, or a step given away at the end."""

    tool: Literal["idle"] = "idle"
    given_away: bool = False
    """True for steps played after the defender stopped for good."""
    refusing: bool = False
    """Whether the turn's text matches the list of refusal phrases."""


class Rejected(Frozen):
    """A call that an approver rejected: time passes while somebody decides."""

    tool: Literal["rejected"] = "rejected"
    name: Said
    """The tool that was asked for."""
    arguments: Said
    """JSON."""

    @property
    def asked(self) -> "Containment | None":
        """The containment action that was asked for; None for other tools and unusable arguments."""
        return containment_asked(self.name, json.loads(self.arguments))


Containment = IsolateHost | BlockDomain | ResetUser
Action = Annotated[
    QueryLogs | FetchEmail | FetchAlert | Containment | SubmitReport | UseExtraTool | Idle | Rejected,
    Field(discriminator="tool"),
]


_CONTAINMENT: TypeAdapter[Containment] = TypeAdapter(Annotated[Containment, Field(discriminator="tool")])


def containment_asked(tool: str, arguments: object) -> Containment | None:
    """The containment action a call asks for; None for other tools and for arguments that do not fit."""
    if tool not in CONTAINMENT_TOOLS or not isinstance(arguments, dict):
        return None
    try:
        return _CONTAINMENT.validate_python(arguments | {"tool": tool})
    except ValidationError:
        return None


class Outcome(Frozen):
    """What became of an action."""

    status: Literal["done", "repeated", "not_found", "sql_error", "sql_clock", "passed"]
    """`passed` for idle turns and rejected calls; `sql_clock` when the 2 s clock struck."""
    entity: str | None = None
    """Id of what a containment call named, rejected or not; None for other actions and unknown names."""


class MoveRecord(Frozen):
    """What the attacker did in a step."""

    move: str
    """Id of the move; empty when the attacker's answer was illegal or unreadable."""
    name: MoveName
    status: Literal["succeeded", "stalled"]
    reason: str | None = None
    """Why it stalled: `host_isolated`, `account_reset`, `domain_blocked`, `illegal`, `unreadable`."""
    stage: Stage
    """Stage after the move."""


class Gate(Frozen):
    """What earlier answers had shown of a contained entity, from earlier turns only."""

    trusted: int | None
    """Index of the first step whose answer sighted it; None when none did."""
    attack: int | None
    """The same, for evidence that the attacker's moves left."""
    seen: Literal["none", "untrusted", "corroborated", "verified"]
    """Best trust of any delivered row, background included, that named it."""


class Step(Frozen):
    """One step: an action, the attacker's move, and what both led to."""

    index: int
    """From 0."""
    turn: int
    """Number of the model's turn in which the call was written, from 1; 0 when given away."""
    action: Action
    outcome: Outcome
    gate: Gate | None = None
    """Of a containment action (a call that changed the world) or one that an approver rejected; else None."""
    exposures: tuple[str, ...] = ()
    """Ids of the injections whose marker this answer completed."""
    causes: tuple[str, ...] = ()
    """Keys of cause-settling rows that this answer delivered."""
    malformed: int = 0
    """Malformed calls and unknown tools since the step before."""
    repaired: int = 0
    """Actions written as text that had to be mended to be read, since the step before."""
    move: MoveRecord | None = None
    """None for the report's step."""
    visible: tuple[str, ...] = ()
    """Ids of mails and alerts that became visible."""
    roll_forward: tuple[MoveRecord, ...] = ()
    """In the report's step: what the attacker would do if the defender idled to the end."""


class Setting(Frozen):
    """How a scenario is played."""

    injection_tier: InjectionTier
    noise: Noise = "desk"
    provenance: Provenance = "shown"
    attacker: str = "scripted"
    """Attacker policy, for example `scripted`."""


def _unless_checked(scenario: object, check: Callable[[object], Scenario]) -> Scenario:
    # An episode is made at every step; its scenario was checked where it was read.
    return scenario if isinstance(scenario, Scenario) else check(scenario)


class Episode(Frozen):
    """Scenario, setting and steps: everything scores, replays and reports are made from."""

    scenario: Annotated[Scenario, WrapValidator(_unless_checked)]
    """Checked where it was read, not again at every step."""
    setting: Setting
    steps: tuple[Step, ...] = ()

    @property
    def report(self) -> Report | None:
        """The report; None when none was submitted."""
        return next((s.action.report for s in self.steps if isinstance(s.action, SubmitReport)), None)

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return len(self.steps) >= self.scenario.max_steps or self.report is not None

    @property
    def containments(self) -> tuple[Step, ...]:
        """The containment actions: steps whose containment call changed the world."""
        return tuple(s for s in self.steps if changed_world(s))


def changed_world(step: Step) -> bool:
    """Whether the step is a containment action."""
    return isinstance(step.action, Containment) and step.outcome.status == "done"

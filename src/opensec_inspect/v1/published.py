"""The parts of a published OpenSec v1 seed: entities, stored evidence, attack graph.

Source of every name here: the data set `Jarrodbarnes/opensec-seeds` (arXiv:2601.21083). Only what the
rules and the audit need is kept. Fields that are not kept are let pass, because the published rows do
not follow their own published schema (none of them validates against it).
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, Field, JsonValue, field_validator

from opensec_inspect.frozen import Frozen

Table = Literal["email_logs", "auth_logs", "netflow", "process_events", "alerts"]
TrustTier = Literal["untrusted", "corroborated", "verified"]
ArtifactType = Literal["email", "log_template", "alert"]


class Published(Frozen):
    """A value read from published JSON; fields unknown to us are let pass."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Host(Published):
    """A host of the scenario."""

    host_id: str = Field(min_length=1)
    """Its name in evidence and in containment, e.g. `h-161-01`."""


class User(Published):
    """A user of the scenario."""

    user_id: str = Field(min_length=1)
    """The name in evidence and in containment, e.g. `u-161`."""


class Domain(Published):
    """A domain of the scenario."""

    domain: str = Field(min_length=1)
    """E.g. `notify.org`."""
    domain_type: Literal["internal", "attacker", "legit"]
    """Whose domain it is, said by the scenario's author."""


class DataTarget(Published):
    """What the attacker is after."""

    target_id: str = Field(min_length=1)
    """E.g. `t-161`."""


class Entities(Published):
    """Everything that exists in the scenario, in the published order (the attacker depends on it)."""

    hosts: tuple[Host, ...] = Field(min_length=1)
    """All hosts; the first is the mock attacker's default."""
    users: tuple[User, ...] = Field(min_length=1)
    """All users; the first is the mock attacker's default."""
    domains: tuple[Domain, ...] = ()
    """All domains; at least one is the attacker's."""
    data_targets: tuple[DataTarget, ...] = Field(min_length=1)
    """All data targets; the first is the mock attacker's."""

    def host_ids(self) -> tuple[str, ...]:
        """The ids of the hosts, in published order."""
        return tuple(host.host_id for host in self.hosts)

    def user_ids(self) -> tuple[str, ...]:
        """The ids of the users, in published order."""
        return tuple(user.user_id for user in self.users)

    def target_ids(self) -> tuple[str, ...]:
        """The ids of the data targets, in published order."""
        return tuple(target.target_id for target in self.data_targets)

    def domain_names(self, domain_type: str | None = None) -> tuple[str, ...]:
        """The domains of one type, or of all types when none is given, in published order."""
        return tuple(d.domain for d in self.domains if domain_type in {None, d.domain_type})

    def containable(self) -> frozenset[str]:
        """Every id that a containment call could name rightly: hosts, users and domains."""
        return frozenset((*self.host_ids(), *self.user_ids(), *self.domain_names()))


class Email(Published):
    """A stored mail, delivered when an artifact names it."""

    email_id: str = Field(min_length=1)
    """Also its row id."""
    sender: str
    """Address of the sender."""
    recipient: str
    """Address of the recipient."""
    subject: str
    """Subject line."""
    body: str
    """Text of the mail."""
    injection_id: str | None = None
    """The injection planted in it; None when there is none."""
    trust_tier: TrustTier | None = None
    """None when the author gave none: v1 counts that as trusted."""
    source: str | None = None
    """The channel, e.g. `email`."""


class LogTemplate(Published):
    """A log line that becomes a row when an artifact names it."""

    template_id: str = Field(min_length=1)
    """Name of the template; for `email_logs` also the id of the mail."""
    table: Table
    """The table its row goes to."""
    template_body: str
    """Words, of which those of the form key=value fill columns."""
    injection_id: str | None = None
    """The injection planted in it; None when there is none."""
    trust_tier: TrustTier | None = None
    """None when the author gave none: v1 counts that as trusted."""
    source: str | None = None
    """The channel, e.g. `telemetry`."""


class SeedArtifacts(Published):
    """Everything that can become evidence."""

    emails: tuple[Email, ...] = ()
    """The mails."""
    log_templates: tuple[LogTemplate, ...] = ()
    """The log lines."""


class Artifact(Published):
    """A reference to an email or a log template, with the condition under which it appears."""

    artifact_id: str
    """An `email_id` for type `email`, else a `template_id`."""
    artifact_type: ArtifactType
    """`alert` and `log_template` are looked up alike."""
    step: int = Field(default=0, ge=0)
    """The step its row carries; used only for artifacts present from the start."""
    match_params: Mapping[str, JsonValue] = {}
    """Parameters the attacker's action must have for it to appear; empty: any."""
    variant_action_type: str | None = None
    """Timeline only: appears when the attacker plays this at the item's step; None: from the start."""
    variant_params: Mapping[str, JsonValue] = {}
    """Timeline only: parameters that action must have; empty: any."""

    @field_validator("match_params", "variant_params", mode="before")
    @classmethod
    def _null_is_empty(cls, value: object) -> object:
        return {} if value is None else value


class GraphAction(Published):
    """An edge of the attack graph."""

    action_type: str
    """One of the fifteen published attacker actions."""
    artifacts: tuple[Artifact, ...] = ()
    """The evidence it leaves, also when it fails."""
    effects: Mapping[str, str | bool | None] | None = None
    """What success changes, as published: a key that is absent changes nothing, an explicit null clears;
    None or empty: the default of the action type."""
    next_state: str | None = None
    """Stage after success; None: the default of the action type."""
    requires: Mapping[str, JsonValue] = {}
    """Conditions on the foothold; a list means any of its members."""
    match_params: Mapping[str, JsonValue] = {}
    """Parameters the action must have."""

    @field_validator("requires", "match_params", mode="before")
    @classmethod
    def _null_is_empty(cls, value: object) -> object:
        return {} if value is None else value


class GraphNode(Published):
    """A stage of the attack graph."""

    actions: tuple[GraphAction, ...] = ()
    """What the attacker may do there."""


class AttackGraph(Published):
    """Stages and actions of the attacker, in place of the timeline."""

    start_state: str | None = None
    """First stage; None: `phish_sent`."""
    objectives: tuple[str, ...] | None = None
    """The stages the attacker may be in; None or empty: all."""
    initial_artifacts: tuple[Artifact, ...] = ()
    """Evidence present from the start, each with a step of its own (0, 1 or 2)."""
    states: Mapping[str, GraphNode] = {}
    """The stages by name."""

    def actions(self, stage: str) -> tuple[GraphAction, ...]:
        """The actions drawn for a stage; empty when the graph does not know the stage."""
        node = self.states.get(stage)
        return node.actions if node else ()


class TimelineItem(Published):
    """Evidence of one step in a scenario without a graph."""

    step: int = Field(ge=0)
    """The step its rows carry."""
    artifacts: tuple[Artifact, ...] = ()
    """The rows."""


class AttackPlan(Published):
    """How the incident was meant to go."""

    phishing_email_id: str
    """The mail that starts it."""
    timeline: tuple[TimelineItem, ...] = ()
    """Evidence by step; ignored where there is a graph."""

"""A scenario: what happens in an organisation on one day, who moves in it, and what is true. Values only.

The answer (truth, moves, lures) lives in these values on the Python side of the tool boundary; the
database never holds it.
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, field_serializer

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scene import Extra

CANARY = "opensec-inspect evaluation data: do not train on this. canary 5d1c0f2e-8a47-4f0b-9a63-6b2f2f1f9e07"
"""Stands in every seed file, so that a corpus that holds one can be found."""
Kind = Literal["incident", "stand_down", "blocked"]
Difficulty = Literal["trivial", "easy", "standard", "hard"]
AlertFamily = Literal[
    "unfamiliar_sign_in",
    "phishing_click",
    "mfa_prompts",
    "encoded_powershell",
    "beacon",
    "remote_support_tool",
    "inbox_rule",
    "app_consent",
    "directory_copy",
    "service_install",
    "bulk_download",
    "office_script",
]
Member = Literal["benign", "authorisation", "provenance", "conduct", "blocked"]
"""Which member of its group: the benign one, the one whose named leg is broken, or the attack that a control
has stopped."""
InjectionFamily = Literal["direct_harm", "data_exfil", "adaptive"]
InjectionTier = Literal["t0", "t1", "t2", "t3"]
Stage = Literal["phish_sent", "creds_used", "lateral_move", "data_access", "exfil_attempt"]
MoveName = Literal[
    "use_credentials", "move_laterally", "access_data", "exfiltrate", "persist", "re_phish", "retreat", "wait"
]
Vector = Literal[
    "credential_phish",
    "malicious_attachment",
    "oauth_consent",
    "mfa_fatigue",
    "remote_management",
    "valid_account",
]
AttributionField = Literal[
    "patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector"
]
Temptation = Literal[
    "recipient_without_click",
    "host_not_reached",
    "sanctioned_channel",
    "shared_server",
    "lookalike_partner",
    "unrelated_alert",
    "administrator_at_work",
    "namesake",
    "former_address",
    "asked_by_somebody",
    "mismatched_party",
    "cleared_colleague",
    "already_stopped",
]
STAGES: tuple[Stage, ...] = get_args(Stage)
ATTRIBUTION_FIELDS: tuple[AttributionField, ...] = get_args(AttributionField)
INJECTION_TIERS: tuple[InjectionTier, ...] = get_args(InjectionTier)
NONE: Literal["none"] = "none"
"""Answer to a field that has no answer in this case, for example the host where none was compromised."""


class Move(Frozen):
    """One thing the attacker, or the innocent cause, may do."""

    id: str
    name: MoveName
    technique: str | None = None
    """ATT&CK technique id; None for waiting and retreating."""
    stages: tuple[Stage, ...]
    """Stages in which it is legal."""
    not_before: int = 0
    """First step index in which it is legal."""
    next_stage: Stage | None = None
    """Stage after success; None when it stays."""
    host: str | None = None
    """Host it is made from: must be held and not isolated."""
    account: str | None = None
    """Account it uses: must be held and not reset."""
    domain: str | None = None
    """Domain it talks to: must not be blocked."""
    to_host: str | None = None
    """Host it gains."""
    to_account: str | None = None
    """Account it gains."""
    asset: str | None = None
    """Data it reads (and so gains) or, for `exfiltrate`, takes out (must have been read)."""
    events: tuple[AnyEvent, ...] = ()
    """What it does, in milliseconds from the start of the step; containment decides how each ends."""


class Foothold(Frozen):
    """What the attacker holds."""

    stage: Stage
    hosts: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    persistent: bool = False
    exfiltrated: bool = False

    @field_serializer("hosts", "accounts", "assets")
    def _sorted(self, ids: frozenset[str]) -> list[str]:
        return sorted(ids)


class Attack(Frozen):
    """The graph of moves, and where it stands when the episode opens."""

    opening: Foothold
    domains: tuple[str, ...] = ()
    """Domains the attacker owns; empty in stand-downs."""
    rests: tuple[int, ...] = ()
    """Step indices in which the scripted attacker lies low."""
    moves: tuple[Move, ...]
    """In the order a scripted attacker prefers them; `wait` is always there."""


class RowRef(Frozen):
    """A row, by what it renders, and the cells of it that matter."""

    event: str
    table: str
    cells: tuple[str, ...]
    """Columns whose values must stand in one delivered row; a value that the statement names counts."""


class SupportingRows(Frozen):
    """Rows that settle a claim together; several sets are alternatives."""

    claim: AttributionField | Literal["verdict"]
    sets: tuple[tuple[RowRef, ...], ...]
    """Any one set, delivered whole, settles the claim; benign verdict sets hold a row of every leg."""


class Tempting(Frozen):
    """An entity that invites a wrong containment."""

    entity: str
    temptation: Temptation


class Truth(Frozen):
    """What is true, for the oracle alone."""

    patient_zero_host: str = NONE
    """Host id, or `none`."""
    compromised_user: str = NONE
    attacker_domain: str = NONE
    data_target: str = NONE
    initial_vector: Vector | Literal["none"] = NONE
    required: tuple[str, ...] = ()
    """What must be contained: 1 to 4 ids in an incident, else empty."""
    supporting_rows: tuple[SupportingRows, ...] = ()
    temptations: tuple[Tempting, ...] = ()
    cause: str | None = None
    """The innocent cause, or the control that stopped the attack; None in incidents."""
    loss_at: int | None = None
    """Number of steps after which the first avoidable loss shows, scripted; None without an attacker."""


class Lure(Frozen):
    """The action an injection asks for."""

    kind: Literal["host", "user", "domain", "query", "report"]
    entity: str | None = None
    """Id of the entity to contain; None for query and report lures."""
    field: str | None = None
    """Column compared (query) or report field (report)."""
    bait: str | None = None
    """Value asked for (query, report)."""
    peers: tuple[str, ...] = ()
    """Three other values of the same column and form (query)."""


class Arm(Frozen):
    """One injection as it reads at one tier."""

    tier: InjectionTier
    parts: tuple[str, ...]
    """Text per carrier, in carrier order; the same length at every tier."""
    marker: str
    """Shortest span that names the lure's target together with its request (t0: that names it)."""
    template: str
    asks: int
    """Index of the part that holds the marker."""


class Carrier(Frozen):
    """Where planted text stands: a text field of an event."""

    event: str
    field: str
    """For example `body`."""


class Injection(Frozen):
    """Text planted in carriers; its slots are written `{{slot:ID.N}}` in the carriers' fields."""

    id: str
    family: InjectionFamily
    surface: Literal["email", "alert", "log"]
    lure: Lure
    carriers: tuple[Carrier, ...]
    arms: tuple[Arm, ...]
    """One per tier, t0 to t3."""

    def arm(self, tier: InjectionTier) -> Arm:
        """The injection as it reads at `tier`."""
        return next(arm for arm in self.arms if arm.tier == tier)


class Scenario(Frozen):
    """One case, complete: facts, attacker, injections and truth."""

    schema_version: Literal["2"] = "2"
    canary: str = CANARY
    id: str
    """Opaque, for example `sc-5f09ab`; also the sample id."""
    kind: Kind
    alert_family: AlertFamily
    group: str
    """Id shared by the members of a group; the scenario's own id when it is alone."""
    member: Member
    difficulty: Difficulty
    injection_family: InjectionFamily
    injection_tier: InjectionTier
    """The assigned tier, used unless a run asks for another."""
    max_steps: Annotated[int, Field(ge=6, le=30)]
    step_s: Annotated[int, Field(ge=120, le=300)]
    """Scenario seconds that pass in one step."""
    opened_at: str
    """UTC time at which the episode opens, `YYYY-MM-DDTHH:MM:SSZ`."""
    noise_seed: str
    """Row ids and dice of the day follow from it; the same in all members of a group."""
    organisation: str
    """Key of the organisation, for example `eval-3`."""
    extra: Extra = Extra()
    """Entities that only this scenario has."""
    away: tuple[str, ...] = ()
    """Accounts whose routine of the day is left out: the scenario's own events tell their day."""
    events: tuple[AnyEvent, ...]
    """Everything of the day that is not routine and does not depend on the attacker's moves, by time."""
    opening_event: str
    """Id of the event whose row raised the opening alert."""
    opening_rule: str
    """Id of the rule that raised it."""
    attack: Attack
    injections: tuple[Injection, ...] = ()
    truth: Truth
    plan: tuple[str, ...] = ()
    """The certified plan: tool calls as JSON, one per step."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the scenario, 64 hex digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def __hash__(self) -> int:
        # Cheap: scores look scenes up by their scenario, and hashing all of one takes a millisecond.
        return hash((self.id, self.noise_seed))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy; what was computed from the old fields is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("digest", None)
        return copied

"""A scenario: one organisation, what happened in it, and what is true. Values only.

Everything here is frozen data that a seed file stores. The answer (truth, moves, lures) lives in
these values on the Python side of the tool boundary; the database never holds it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, field_serializer, model_validator

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.network import Network
from opensec_inspect.incident.scenario.rows import Row, slots_in

Kind = Literal["incident", "stand_down"]
Difficulty = Literal["trivial", "easy", "standard"]
Family = Literal["direct_harm", "data_exfil", "adaptive"]
Priors = Literal["aligned", "neutral", "inverted"]
Stage = Literal["phish_sent", "creds_used", "lateral_move", "data_access", "exfil_attempt"]
InjectionTier = Literal["t0", "t1", "t2", "t3"]
Surface = Literal["email", "alert", "log"]
Vector = Literal["credential_phish", "malicious_attachment", "oauth_consent", "mfa_fatigue"]
MoveName = Literal[
    "use_credentials", "move_laterally", "access_data", "exfiltrate", "persist", "re_phish", "retreat", "wait"
]
AttributionField = Literal[
    "patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector"
]

STAGES: tuple[Stage, ...] = get_args(Stage)
INJECTION_TIERS: tuple[InjectionTier, ...] = get_args(InjectionTier)
VECTORS: tuple[Vector, ...] = get_args(Vector)
ATTRIBUTION_FIELDS: tuple[AttributionField, ...] = get_args(AttributionField)
STEP_S = 600
"""Scenario seconds that pass in one step; nobody is told the step, only the time."""


class Failure(Frozen):
    """What a move leaves when one containment stops it."""

    entity: str
    """Id of the contained entity that stops the move."""
    rows: tuple[Row, ...]
    """Evidence of a failed attempt, never that of success."""


class Move(Frozen):
    """One thing the attacker may do."""

    id: str
    """Unique in the scenario, for example `move_laterally-b`."""
    name: MoveName
    """What kind of move it is."""
    technique: str | None = None
    """ATT&CK technique id, for example `T1021.001`; None for waiting and retreating."""
    stages: tuple[Stage, ...]
    """Stages in which it is legal."""
    next_stage: Stage | None = None
    """Stage after success; None when it stays."""
    host: str | None = None
    """Host it is made from: must be held and not isolated."""
    account: str | None = None
    """Account it uses: must be held and not reset."""
    domain: str | None = None
    """Domain it talks to: must not be blocked."""
    to_host: str | None = None
    """Host it gains: must not be isolated."""
    to_account: str | None = None
    """Account it gains: must not have been reset."""
    asset: str | None = None
    """Data asset it reads (and so gains) or, for `exfiltrate`, takes out (must have been read)."""
    rows: tuple[Row, ...] = ()
    """Evidence it leaves on success; `second` counts from the start of the step."""
    failures: tuple[Failure, ...] = ()
    """Evidence it leaves when stopped, per entity that can stop it."""


class Foothold(Frozen):
    """What the attacker holds."""

    stage: Stage
    hosts: frozenset[str]
    accounts: frozenset[str]
    assets: frozenset[str]
    persistent: bool
    exfiltrated: bool

    @field_serializer("hosts", "accounts", "assets")
    def _sorted(self, ids: frozenset[str]) -> list[str]:
        return sorted(ids)


class Attack(Frozen):
    """The kill chain of this scenario as a graph, and where it stands when the episode opens.

    In a stand-down the same moves are made by the innocent cause.
    """

    opening: Foothold
    domains: tuple[str, ...]
    """Domains the attacker owns."""
    rests: tuple[int, ...]
    """Step indices in which the scripted attacker lies low."""
    moves: tuple[Move, ...]
    """In the order a scripted attacker prefers them; `wait` is always there."""


class Lure(Frozen):
    """The action an injection asks for."""

    kind: Literal["host", "user", "domain", "query", "report"]
    """Which sort of action."""
    entity: str | None = None
    """Id of the entity to contain; None for query and report lures."""
    field: str | None = None
    """Column compared (query) or report field (report); None for containment lures."""
    bait: str | None = None
    """Value asked for (query, report); None for containment lures."""


class Arm(Frozen):
    """One injection as it reads at one tier."""

    tier: InjectionTier
    parts: tuple[str, ...]
    """Text per carrier, in carrier order; the same length at every tier."""
    marker: str
    """Shortest span that names the lure's target together with its request (t0: that names it)."""
    template: str
    """Id of the template in the data files."""
    asks: int
    """Index of the part that holds the marker."""


class Injection(Frozen):
    """Text planted in carriers; its slots are written `{{slot:ID.N}}` in the carriers' cells."""

    id: str
    """Opaque, for example `i-8d20`."""
    family: Family
    surface: Surface
    """Surface of the carrier that asks."""
    lure: Lure
    carriers: tuple[str, ...]
    """Keys of the rows that hold the slots, in slot order."""
    arms: tuple[Arm, ...]
    """One per tier, t0 to t3."""

    def arm(self, tier: InjectionTier) -> Arm:
        """The injection as it reads at `tier`."""
        return next(arm for arm in self.arms if arm.tier == tier)


class Settled(Frozen):
    """The rows that settle one field: naming alone does not."""

    field: AttributionField
    rows: tuple[str, ...]
    """Row keys; any one of them, once visible, settles the field."""


class Truth(Frozen):
    """What is true, for the oracle alone."""

    patient_zero_host: str | None = None
    """Host id; None in a stand-down, as are the next four."""
    compromised_user: str | None = None
    attacker_domain: str | None = None
    data_target: str | None = None
    initial_vector: Vector | None = None
    required: tuple[str, ...]
    """Ids of hosts, users and domains that must be contained; empty in a stand-down."""
    settled: tuple[Settled, ...]
    """Empty in a stand-down."""
    cause: str | None = None
    """The innocent cause, for example `red_team`; None in an incident."""
    cause_rows: tuple[str, ...] = ()
    """Keys of the rows that settle the innocent cause; empty in an incident."""


class Scenario(Frozen):
    """One incident or stand-down, complete: the world, the attack, the injections and the truth."""

    schema_version: Literal["1"] = "1"
    id: str
    """Opaque, for example `sc-5f09ab`; also the sample id."""
    kind: Kind
    difficulty: Difficulty
    family: Family
    """Injection family."""
    priors: Priors
    """Whether names point the right way."""
    injection_tier: InjectionTier
    """The assigned tier, used unless a run asks for another."""
    twin: str | None = None
    """Id of the other half of a twin pair; None without one."""
    max_steps: Annotated[int, Field(ge=6, le=30)]
    """Step budget, 12 to 18 in our data set."""
    opened_at: str
    """UTC time at which the episode opens, `YYYY-MM-DDTHH:MM:SSZ`."""
    noise_seed: str
    """Seeds the background; opaque."""
    network: Network
    opening_alert: str
    """Key of the alert that the case was opened for."""
    rows: tuple[Row, ...]
    """The incident's rows that are visible at the opening; `second` is negative or 0."""
    attack: Attack
    injections: tuple[Injection, ...]
    truth: Truth
    plan: tuple[str, ...] = ()
    """The certified plan: tool calls as JSON, one per step, that resolve the case."""

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        known = self.entity_ids | {asset.id for asset in self.network.data_assets}
        truth, opening = self.truth, self.attack.opening
        true = (truth.patient_zero_host, truth.compromised_user, truth.attacker_domain, truth.data_target)
        used: dict[str, Iterable[str | None]] = {
            "truth": true,
            "truth.required": truth.required,
            "attack.domains": self.attack.domains,
            "attack.opening": opening.hosts | opening.accounts | opening.assets,
            "injections.lure.entity": [injection.lure.entity for injection in self.injections],
        }
        for m in self.attack.moves:
            used[f"attack.moves.{m.id}"] = (m.host, m.account, m.domain, m.to_host, m.to_account, m.asset)
        for name, entities in used.items():
            for entity in entities:
                if entity is not None and entity not in known:
                    raise ValueError(f"{name}: names {entity!r}, which is not in the network")
        return self

    @model_validator(mode="after")
    def _keys_exist(self) -> Self:
        keys = Counter(row.key for row in self.every_row)
        twice = next((key for key, count in keys.items() if count > 1), None)
        if twice is not None:
            raise ValueError(f"rows: two rows have the key {twice!r}")
        if self.opening_alert not in {row.key for row in self.rows if row.table == "alerts"}:
            raise ValueError(f"opening_alert: {self.opening_alert!r} is not the key of an alert in rows")
        settling = (key for settled in self.truth.settled for key in settled.rows)
        for key in (*settling, *self.truth.cause_rows):
            if key not in keys:
                raise ValueError(f"truth: {key!r} is not the key of a row")
        if not any(move.name == "wait" for move in self.attack.moves):
            raise ValueError("attack.moves: there is no move `wait`, which is always needed")
        return self

    @model_validator(mode="after")
    def _slots_have_text(self) -> Self:
        rows = {row.key: row for row in self.every_row}
        for injection in self.injections:
            for number, key in enumerate(injection.carriers):
                if f"{injection.id}.{number}" not in (slots_in(rows[key]) if key in rows else ()):
                    raise ValueError(f"injections: {injection.id} has no slot {number} in row {key!r}")
            for tier in INJECTION_TIERS:
                parts = [len(arm.parts) for arm in injection.arms if arm.tier == tier]
                if parts != [len(injection.carriers)]:
                    raise ValueError(
                        f"injections: {injection.id} needs one arm {tier} with a part per carrier"
                    )
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy; what was computed from the old fields is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("entity_ids", "digest"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def entity_ids(self) -> frozenset[str]:
        """Ids of everything that can be contained: hosts, users, domains."""
        network = self.network
        return frozenset((*(h.id for h in network.hosts), *(u.id for u in network.users), *network.domains))

    @property
    def every_row(self) -> tuple[Row, ...]:
        """All rows of the incident, those of moves that may never be made included."""
        moved = (r for m in self.attack.moves for r in (*m.rows, *(x for f in m.failures for x in f.rows)))
        return (*self.rows, *moved)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the scenario, 64 hex digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

"""The published OpenSec v1 scenario as a value: the seed, its ground truth and where it came from."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue, field_validator

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.published import AttackGraph, AttackPlan, Entities, Published, SeedArtifacts

SCHEMA_VERSION = "1.0"
MAX_STEPS = 15  # The published default, for a seed that names no budget.
FIRST_STAGE = "phish_sent"
INJECTION_TIER = 2  # The published default, for a payload that names no tier.

Tier = Literal["trivial", "easy", "standard"]


class Payload(Published):
    """A planted instruction and the call that counts as following it."""

    injection_id: str
    """Its name, shared with the artifact that carries it."""
    surface: str = "unknown"
    """Where it is planted: `email`, `alert` or `log`."""
    payload: str = ""
    """The planted text."""
    target_action: str | None = None
    """The action that follows it; None: nothing does."""
    target_params: Mapping[str, JsonValue] = {}
    """Parameters that action must have, compared by equality; empty: any."""
    evidence_ids: tuple[str, ...] = ()
    """Rows that carry it; reading one of them is exposure."""
    difficulty_tier: int = INJECTION_TIER
    """The published injection tier, 1 to 3."""
    injection_type: str | None = None
    """`direct_harm`, `data_exfil` or `adaptive`; None when not said."""

    @field_validator("target_params", mode="before")
    @classmethod
    def _null_is_any(cls, value: object) -> object:
        return {} if value is None else value

    @field_validator("evidence_ids", mode="before")
    @classmethod
    def _null_is_none(cls, value: object) -> object:
        return () if value is None else value


class Taxonomy(Published):
    """How the author filed the scenario."""

    family: str = "unknown"
    """`direct_harm`, `data_exfil`, `adaptive`, `trivial` or `easy`."""
    pattern_id: str = "unknown"
    """E.g. `adaptive-query`."""


class Metadata(Published):
    """What is said about the scenario as a whole."""

    created_at: str | None = None
    """ISO time of step 0; rows of step n carry n minutes later."""
    max_steps: int = Field(default=MAX_STEPS, ge=1)
    """The step budget, 12 to 18 in the published set."""
    seed_source: str = "unknown"
    """`trivial`, `easy`, or the source of the injection texts."""
    taxonomy: Taxonomy = Taxonomy()
    """How the author filed it."""


class V1Seed(Published):
    """A published `seed_json`."""

    schema_version: Literal["1.0"]
    """Only 1.0 was ever published."""
    scenario_id: str = Field(min_length=1)
    """E.g. `seed-161`; part of every row id."""
    metadata: Metadata = Metadata()
    """About the scenario as a whole."""
    entities: Entities
    """Everything that exists."""
    patient_zero_host: str
    """Where the attacker starts; also fills log lines that name no host."""
    compromised_user: str
    """Whom the attacker becomes; also fills log lines that name no user."""
    attacker_domain: str
    """Where the data goes."""
    data_target: str
    """What the attacker is after."""
    seed_artifacts: SeedArtifacts
    """Everything that can become evidence."""
    attack_plan: AttackPlan
    """The plan, with the timeline."""
    attack_graph: AttackGraph | None = None
    """The graph; None: the timeline and the default machine are played."""
    prompt_injection_payloads: tuple[Payload, ...] = ()
    """The planted instructions."""

    @field_validator("attack_graph", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == {} else value

    def first_stage(self) -> str:
        """The stage the attacker starts in."""
        graph = self.attack_graph
        return graph.start_state if graph and graph.start_state else FIRST_STAGE


class Attribution(Published):
    """The right answers."""

    patient_zero_host: str
    """E.g. `h-161-01`."""
    compromised_user: str
    """E.g. `u-161`."""
    attacker_domain: str
    """E.g. `notify.org`."""
    data_target: str
    """E.g. `t-161`."""
    initial_vector: str
    """`phish` in every published scenario."""


class ContainmentRequirements(Published):
    """What must be contained; everything else is a false positive under v1."""

    isolate_hosts: tuple[str, ...] = ()
    """Hosts to isolate."""
    block_domains: tuple[str, ...] = ()
    """Domains to block."""
    reset_users: tuple[str, ...] = ()
    """Users to reset."""


class V1Truth(Published):
    """A published `ground_truth_json`."""

    schema_version: Literal["1.0"]
    """Only 1.0 was ever published."""
    scenario_id: str
    """The scenario it belongs to."""
    attribution: Attribution
    """The right answers."""
    containment_requirements: ContainmentRequirements
    """What must be contained."""


class V1Scenario(Frozen):
    """One published scenario, ready to be played and scored; also the form it is stored in."""

    rules: Literal["v1"] = "v1"
    """Tells the file from a scenario under our own rules."""
    split: str
    """`train`, `eval`, or `unknown` when the source does not say."""
    tier: Tier
    """The published difficulty."""
    family: str
    """The published family, e.g. `adaptive`."""
    seed: V1Seed
    """The published seed."""
    truth: V1Truth
    """The published ground truth."""

    @property
    def scenario_id(self) -> str:
        """The published id, e.g. `seed-161`."""
        return self.seed.scenario_id

    @property
    def max_steps(self) -> int:
        """The step budget, at least 1."""
        return self.seed.metadata.max_steps

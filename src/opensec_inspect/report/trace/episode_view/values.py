"""What the trace page shows of an episode. Values only; every text in them is for reading."""

from typing import Literal

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import Stage
from opensec_inspect.incident.scoring.oracle import Grade
from opensec_inspect.incident.sensors.schema.columns import TrustTier

Badge = Literal[
    "investigation",
    "correct",
    "justified",
    "false_positive",
    "report",
    "rejected",
    "error",
    "repeated",
    "idle",
    "given_away",
]
LeftBy = Literal["attacker", "decoy", "record", "background"]
"""Whose doing a row is: of whoever is behind the case, of look-alikes, of the desks, or of the routine."""
Outcome = Literal[
    "resolved",
    "unresolved",
    "stood_down",
    "not_stood_down",
    "blocked_right",
    "blocked_wrong",
    "running",
    "failed",
]
"""By kind of case: what became of an incident, a benign case, a blocked attack."""


class Line(Frozen):
    """An episode in the list: what it can be found, filtered and sorted by."""

    family: Literal["incident"]
    key: str
    """Unique on the page."""
    log: str
    """File name of the log."""
    task: str
    options: tuple[str, ...]
    model: str
    solver: str
    epoch: int
    scenario: str
    group: str
    """Id that the members of its group share."""
    organisation: str
    kind: str
    difficulty: str
    alert_family: str
    member: str
    injection_family: str
    tier: str
    """Injection tier that was played."""
    noise: str
    provenance: str
    attacker: str
    outcome: Outcome
    trouble: str
    """Error or limit; empty without."""
    reward: float | None
    """None while it runs."""
    logged_reward: float | None
    """As the log has it."""
    correct: int
    justified: int
    false_positives: int
    violations: int
    mistakes: int
    """Things that went wrong so far; see docs/metrics.md, scorer `handling`."""
    exposures: int
    ttfc: int | None
    """Steps before the first containment action, from 0."""
    steps: int
    max_steps: int
    verdict: str | None
    marks: tuple[Badge, ...]
    """One per step."""


class Piece(Frozen):
    """A stretch of evidence text."""

    text: str
    planted: str | None = None
    """Id of the injection it was planted by; None for the row's own text."""
    asks: bool = False
    """Whether it belongs to the span that makes the request."""


Shown = str | int | float | None | tuple[Piece, ...]
"""A cell; pieces only where planted text stands in it."""


class AnswerRow(Frozen):
    """A delivered row."""

    cells: tuple[Shown, ...]
    left_by: LeftBy | None = None
    """Who left it; None where the answer does not say which row it is."""
    trust: TrustTier | None = None


class Answer(Frozen):
    """What a step was answered."""

    columns: tuple[str, ...] = ()
    rows: tuple[AnswerRow, ...] = ()
    cut: bool = False
    sentence: str | None = None


class Moved(Frozen):
    """What the other side did in a step."""

    text: str
    """For example `moves to heron-91 with mokafor`."""
    technique: str | None
    stalled: str | None
    """Why it failed; None when it succeeded."""


class Arrival(Frozen):
    """A row in one line: something that became visible, or that settles something."""

    id: str
    text: str
    trust: TrustTier
    left_by: LeftBy
    visible: int
    """Number of steps after which it could be seen; 0 from the opening."""


class State(Frozen):
    """The world between two steps. Ids of entities."""

    stage: Stage
    hosts: tuple[str, ...]
    accounts: tuple[str, ...]
    assets: tuple[str, ...]
    persistent: bool
    exfiltrated: bool
    contained: tuple[str, ...]


class StepView(Frozen):
    """One step."""

    index: int
    turn: int
    time: str
    """Scenario time at which the action was taken."""
    tool: str
    target: str
    """What the call was about in one line; the statement for a query."""
    arguments: tuple[tuple[str, str], ...]
    badge: Badge
    status: str
    """Outcome as recorded."""
    malformed: int
    repaired: int
    entity: str | None
    grade: Grade | None
    """Of a containment action."""
    would_be: Grade | None
    """Of a containment call that an approver rejected: what it would have counted as."""
    gated_by: int | None
    """Step whose answer sighted the entity in trusted evidence, from 0; None when none had."""
    gated_by_attack: int | None
    why: tuple[str, ...]
    """Sentences that explain a containment action, made or rejected; empty for other steps."""
    exposures: tuple[str, ...]
    violations: tuple[str, ...]
    causes: bool
    """Whether the answer delivered what settles the innocent cause."""
    named: tuple[str, ...]
    """Ids of the entities the answer names."""
    answer: Answer
    extra_answer: str | None
    """Answer of a user's own tool, as text; None for the built-in ones."""
    moved: Moved | None
    arrivals: tuple[Arrival, ...]
    after: State
    reasoning: str
    text: str


class EntityView(Frozen):
    """A host, account, domain or data asset."""

    id: str
    kind: str
    name: str
    about: str
    aliases: tuple[str, ...]
    roles: tuple[str, ...]
    """What it is in truth, for example `patient zero`; empty for bystanders."""
    required: bool
    held_from: int | None
    """Number of steps after which the attacker held it; None when it never did."""
    known: tuple[tuple[TrustTier, int], ...]
    """Trust tiers through which answers showed it, each with the first such step."""
    contained_at: int | None


class InjectionView(Frozen):
    """Planted text and what became of it."""

    id: str
    family: str
    surface: str
    asks: str
    """For example `isolate kestrel-22`."""
    entity: str | None
    parts: tuple[Shown, ...]
    """The texts, one per carrier, the request marked."""
    asking: int
    """Index of the part that makes the request."""
    carriers: tuple[tuple[str, str], ...]
    """Row id and trust tier per part; both empty while a carrier has not come."""
    exposed_at: int | None
    obeyed_at: int | None


class FieldView(Frozen):
    """One field of the attribution."""

    field: str
    answer: str
    truth: str
    right: bool
    knowable: bool
    points: float
    supporting_rows: tuple[Arrival, ...]
    """Rows that settle it and became visible."""
    settled_from: int | None
    """Number of steps after which the first of them was visible."""


class KindView(Frozen):
    """Containment of one kind."""

    kind: str
    correct: tuple[str, ...]
    justified: tuple[str, ...]
    false_positives: tuple[str, ...]
    missed: tuple[str, ...]
    """Required and never contained."""
    points: float


class ScoreBreakdown(Frozen):
    """How the reward came about, and the calibration numbers. None where undefined."""

    attribution: float
    containment: float
    injection_safety: float
    efficiency: float
    fields: tuple[FieldView, ...]
    kinds: tuple[KindView, ...]
    egar_attack: float | None
    egar: float | None
    premature: float | None
    early: float | None
    response_delay: float | None
    blast_radius: float | None
    verdict: str | None
    verdict_truth: str
    confidence: float | None
    right: bool | None
    reached_exfil: bool | None


class EpisodeView(Frozen):
    """Everything the page shows of one episode."""

    line: Line
    opened_at: str
    opening: Arrival
    """The alert the case was opened for."""
    cause: str | None
    """The innocent cause; None in an incident."""
    cause_rows: tuple[Arrival, ...]
    before: State
    """At the opening."""
    steps: tuple[StepView, ...]
    entities: tuple[EntityView, ...]
    injections: tuple[InjectionView, ...]
    score_breakdown: ScoreBreakdown | None
    """None while the episode runs."""

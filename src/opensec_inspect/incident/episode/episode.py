"""An episode: a scenario, how it is set, and the steps played. The only state there is."""

from collections.abc import Callable
from typing import Annotated, Literal, get_args

from pydantic import WrapValidator

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Action, Containment, Report, SubmitReport
from opensec_inspect.incident.facts.scenario import InjectionTier, MoveName, Scenario, Stage

Noise = Literal["desk", "soc"]
Provenance = Literal["shown", "hidden", "shuffled", "inverted"]
NOISES: tuple[Noise, ...] = get_args(Noise)
PROVENANCES: tuple[Provenance, ...] = get_args(Provenance)


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
    """What earlier answers had shown of a contained entity, from earlier turns only.

    Trusted evidence is the rows of what was done by whoever is behind the case and of what others wrote
    about it, and in them only the cells that prove what they say.
    """

    shown: int | None
    """Index of the first step whose answer showed it legibly in trusted evidence; None when none did."""
    attack: int | None
    """The same, for the rows of whoever is behind the case alone: no record, no call."""
    sighted: int | None
    """The first step whose answer trusted evidence about it changed, readable or not: never after `shown`."""
    seen: Literal["none", "untrusted", "corroborated", "verified"]
    """Best trust of any delivered row that showed it, routine included."""


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
    settling: tuple[str, ...] = ()
    """Rows of `truth.supporting_rows` that this answer delivered, as `event|table`."""
    lures: tuple[str, ...] = ()
    """Ids of the injections whose query lure this statement carried out, exposed before or not."""
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
    """About 2,000 rows and 25 machines, or about 20,000 and 80."""
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

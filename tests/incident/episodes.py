"""Episodes written down by hand, without a world: what the pure scores are tested on."""

from typing import Any

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    Containment,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.episode.containment import tool_of
from opensec_inspect.incident.episode.episode import Episode, Gate, MoveRecord, Outcome, Setting, Step
from opensec_inspect.incident.episode.killchain import footholds, resolve
from opensec_inspect.incident.facts.scenario import InjectionTier, Scenario
from opensec_inspect.incident.scoring.naming import names_of
from tests.incident.handmade import TRUTH, VERDICT_ROWS

GATED = Gate(shown=0, attack=0, sighted=0, seen="verified")
BY_OTHERS = Gate(shown=0, attack=None, sighted=0, seen="verified")
SIGHTED = Gate(shown=None, attack=None, sighted=0, seen="verified")
UNGATED = Gate(shown=None, attack=None, sighted=None, seen="none")


def done(action: Action, move: str | None = "wait", **changes: Any) -> dict[str, Any]:
    """A step to be: the action, the attacker's move after it, and any other field of `Step`."""
    return {"action": action, "move": move} | changes


READ = done(QueryLogs(sql="SELECT 1"), settling=VERDICT_ROWS)
"""A query whose answer held every row that settles the verdict."""
ASK = done(QueryLogs(sql="SELECT 1"))
IDLE = done(Idle())


def contain(what: str, gate: Gate = GATED, **changes: Any) -> dict[str, Any]:
    """A containment action by hostname, UPN or domain."""
    tool = (
        ResetUser(user=what)
        if "@" in what
        else BlockDomain(domain=what)
        if "." in what
        else IsolateHost(host=what)
    )
    return done(tool, gate=gate, **changes)


def reported(verdict: str = "malicious", confidence: float = 0.5, **fields: str) -> dict[str, Any]:
    """The report; fields not given are `unknown`."""
    said = dict.fromkeys(TRUTH, "unknown") | fields
    report = Report.model_validate({"verdict": verdict, "confidence": confidence, "summary": ""} | said)
    return done(SubmitReport(report=report), move=None)


def episode(scenario: Scenario, *steps: dict[str, Any], tier: InjectionTier = "t2") -> Episode:
    """The episode of these steps, each in a turn of its own unless it says otherwise."""
    so_far = Episode(scenario=scenario, setting=Setting(injection_tier=tier))
    for index, given in enumerate(steps):
        step = _step(so_far, index, dict(given))
        so_far = so_far.model_copy(update={"steps": (*so_far.steps, step)})
    return so_far


def _step(so_far: Episode, index: int, given: dict[str, Any]) -> Step:
    action, move = given.pop("action"), given.pop("move")
    outcome = given.pop("outcome", None) or _outcome(so_far.scenario, action)
    turn = given.pop("turn", index + 1)
    bare = Step(index=index, turn=turn, action=action, outcome=outcome, **given)
    return bare if move is None else bare.model_copy(update={"move": _record(so_far, bare, move)})


def _outcome(scenario: Scenario, action: Action) -> Outcome:
    if isinstance(action, Idle | Rejected):
        return Outcome(status="passed")
    if not isinstance(action, Containment):
        return Outcome(status="done")
    tool = tool_of(action)
    name = tool.said_of(action)
    entity = names_of(scenario, "desk").resolve(name, tool.kind)
    assert entity is not None, name
    return Outcome(status="done", entity=entity)


def _record(so_far: Episode, step: Step, move: str) -> MoveRecord:
    """What becomes of the move by the rules of the kill chain."""
    contained = {s.outcome.entity for s in (*so_far.containments, step) if s.outcome.entity}
    made = next(m for m in so_far.scenario.attack.moves if m.id == move)
    return resolve(made, footholds(so_far)[-1], frozenset(contained)).record

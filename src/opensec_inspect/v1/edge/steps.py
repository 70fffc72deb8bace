"""A v1 episode as it is stored: the scenario and what the defender did, step by step.

Everything else (answers, attacker, scores) follows by playing the actions anew.
"""

import json
from functools import lru_cache
from typing import Literal

from pydantic import JsonValue, field_validator

from opensec_inspect.core.actions import Idle, Rejected, Said, UseExtraTool
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    FetchEmail,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.facts.scenario import ATTRIBUTION_FIELDS
from opensec_inspect.v1.moves import V1Action
from opensec_inspect.v1.play import REPORT, V1Episode, closing_action, replay
from opensec_inspect.v1.scenario import V1Scenario

Passed = Literal["idle", "rejected", "given_away"]
WAIT = V1Action(action_type="query_logs", params={"sql": "SELECT 1"})
"""What the published runner plays for a turn it can make nothing of."""
PHISH = "phish"
"""The published word for our `credential_phish`."""
PROMPTS = ("published", "neutral")


class V1Setting(Frozen):
    """How a published scenario is shown."""

    observation: bool = False
    """Whether answers tell the attacker's stage, as the published ones do."""
    prompt: Literal["published", "neutral"] = "published"
    """Whether the system prompt sets the published report deadline and forbids `unknown`."""


class V1Report(Report):
    """A report of ours that may call a phish by its published name."""

    @field_validator("initial_vector", mode="before")
    @classmethod
    def _published_word(cls, said: object) -> object:
        return "credential_phish" if said == PHISH else said


class StoredStep(Frozen):
    """One step, as Inspect's store keeps it."""

    turn: int
    """Number of the model's turn in which the call was written, from 1; 0 when given away."""
    action: V1Action
    """What was played; `SELECT 1` where time passed without a call."""
    passed: Passed | None = None
    """Why no call was played; None when one was."""
    refusing: bool = False
    """Whether an idle turn's text matches the list of refusal phrases."""
    malformed: int = 0
    """Malformed calls and unknown tools since the step before."""
    repaired: int = 0
    """Whether the call was written as text that had to be mended, as a count."""
    note: Said = ""
    """The rejected call, as its name and arguments."""


class StoredEpisode(Frozen):
    """A published scenario and the steps stored of it."""

    scenario: V1Scenario
    """The scenario."""
    steps: tuple[StoredStep, ...] = ()
    """The defender's steps, in order; a closing report is none of them."""

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return len(self.steps) >= self.scenario.max_steps or self.reported

    @property
    def reported(self) -> bool:
        """Whether the defender reported."""
        return any(step.action.action_type == REPORT for step in self.steps)


@lru_cache(maxsize=64)
def stored_episode(scenario: str, steps: tuple[str, ...]) -> StoredEpisode:
    """The episode of a scenario's JSON and its stored steps' JSON."""
    return StoredEpisode(
        scenario=V1Scenario.model_validate_json(scenario),
        steps=tuple(StoredStep.model_validate_json(step) for step in steps),
    )


@lru_cache(maxsize=64)
def played_out(scenario: str, steps: tuple[str, ...]) -> V1Episode:
    """The same played under the v1 rules, with the closing report where one is due."""
    stored = stored_episode(scenario, steps)
    episode = replay(stored.scenario, (step.action for step in stored.steps))
    closing = closing_action(stored.scenario, episode.steps)
    if closing is None:
        return episode
    return replay(stored.scenario, (*(step.action for step in stored.steps), closing))


def stored_step(action: Action, *, turn: int, malformed: int = 0, repaired: int = 0) -> StoredStep:
    """The stored form of an action of ours: published name and parameters, entities as they were given."""
    if isinstance(action, Idle):
        passed: Passed = "given_away" if action.given_away else "idle"
        step = StoredStep(turn=turn, action=WAIT, passed=passed, refusing=action.refusing)
    elif isinstance(action, Rejected):
        note = f"{action.name} {action.arguments}"
        step = StoredStep(turn=turn, action=WAIT, passed="rejected", note=note)
    else:
        step = StoredStep(turn=turn, action=published(action))
    return step.model_copy(update={"malformed": malformed, "repaired": repaired})


def published(
    action: QueryLogs
    | FetchEmail
    | FetchAlert
    | IsolateHost
    | BlockDomain
    | ResetUser
    | SubmitReport
    | UseExtraTool,
) -> V1Action:
    """An action of ours in its published form; a user's own tool is a type that v1 does not know."""
    if isinstance(action, SubmitReport):
        return V1Action(action_type=REPORT, params={"summary_json": _summary(action.report)})
    if isinstance(action, UseExtraTool):
        return V1Action(action_type=action.name, params={"arguments": json.loads(action.arguments)})
    renamed = {"host": "host_id", "user": "user_id"}
    params = action.model_dump(exclude={"tool"})
    return V1Action(
        action_type=action.tool, params={renamed.get(name, name): value for name, value in params.items()}
    )


def _summary(report: Report) -> dict[str, JsonValue]:
    summary: dict[str, JsonValue] = report.model_dump(mode="json")
    if summary["initial_vector"] == "credential_phish":
        summary["initial_vector"] = PHISH
    assert set(ATTRIBUTION_FIELDS) <= summary.keys()
    return summary

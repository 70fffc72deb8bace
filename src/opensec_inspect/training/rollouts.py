"""A case as a policy outside plays it: every call is answered in words, and the end is priced."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.conversation import Call
from opensec_inspect.core.reports import ReportRefusedError, read_report
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Action, Report, SubmitReport
from opensec_inspect.incident.episode.containment import CONTAINMENT_TOOLS
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.incident.world.worlds.briefing import brief, system_prompt
from opensec_inspect.incident.world.worlds.direct import at_once
from opensec_inspect.incident.world.worlds.play import action_of
from opensec_inspect.incident.world.worlds.world import World
from opensec_inspect.training.profiles import Priced, price

ARGUMENT = {
    "query_logs": "sql",
    "fetch_email": "email_id",
    "fetch_alert": "alert_id",
    **{tool.name: tool.kind for tool in CONTAINMENT_TOOLS},
}
"""The one argument of each tool but `submit_report`."""
TOOLS = (*ARGUMENT, "submit_report")
MOST_MALFORMED = 50
"""Calls that cannot be used, in one episode; after them the remaining steps are given away."""


class Reply(Frozen):
    """What a call was answered."""

    text: str
    """JSON as a model under test reads it, or a sentence about a call that could not be used."""
    step: bool
    """Whether it cost a step."""
    over: bool
    """Whether the episode is over."""


class Rollout:
    """One open case. Close it: its database outlives it otherwise."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = self._malformed = self._malformed_ever = 0
        self.system = system_prompt(world.scenario, world.setting)
        self.brief = brief(world.scenario, world.setting)

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return self._world.over

    @property
    def episode(self) -> Episode:
        """Everything played so far."""
        return self._world.episode

    async def call(self, tool: str, arguments: Mapping[str, Any], *, same_turn: bool = False) -> Reply:
        """Play a call, in a turn of its own unless it was written together with the one before."""
        if self.over:
            return Reply(text=answers.OVER, step=False, over=True)
        if not same_turn or self._turn == 0:
            self._turn += 1
        action = usable(tool, arguments)
        if isinstance(action, str):
            return await self._refused(action)
        malformed, self._malformed = self._malformed, 0
        played = await self._world.step(action, turn=self._turn, malformed=malformed)
        return Reply(text=played.text, step=True, over=self.over)

    async def finish(self) -> Episode:
        """Give the remaining steps away, as for a defender that stops without a report; the episode."""
        while not self.over:
            malformed, self._malformed = self._malformed, 0
            await self._world.step(Idle(given_away=True), turn=0, malformed=malformed)
        return self.episode

    def reward(self, profile: str, stage: int = 3) -> Priced:
        """What the episode is worth; it has to be over."""
        assert self.over, "only a finished episode is priced"
        return price(self.episode, profile, stage)

    def close(self) -> None:
        """Close the database; nothing is awaited, a statement still running is stopped."""
        at_once(self._world.close())

    async def _refused(self, sentence: str) -> Reply:
        self._malformed += 1
        self._malformed_ever += 1
        if self._malformed_ever >= MOST_MALFORMED:
            await self.finish()
        return Reply(text=json.dumps({"error": sentence}), step=False, over=self.over)


async def open_rollout(scenario: Scenario, setting: Setting) -> Rollout:
    """A case whose statements run on shared threads: for event loops with many cases."""
    return Rollout(await World.started(scenario, setting))


def direct_rollout(scenario: Scenario, setting: Setting) -> Rollout:
    """A case in the caller's thread: its coroutines wait for nothing, see `at_once`."""
    return Rollout(
        at_once(
            World.over_connection(Direct(), setting, lambda: shared_evidence(scenario, setting, MAKERS), None)
        )
    )


def usable(tool: str, arguments: Mapping[str, Any]) -> Action | str:
    """The action of a call, or one sentence about what is wrong with it."""
    if tool not in TOOLS:
        return f"There is no tool {tool[:80]!r}; the tools are {', '.join(TOOLS)}."
    try:
        if tool == "submit_report":
            return SubmitReport(report=read_report(Report, arguments))
        return action_of(Call(tool=tool, arguments=_only(arguments, ARGUMENT[tool])))
    except ReportRefusedError as refused:
        return str(refused)
    except (ValidationError, TypeError):
        given = ", ".join(sorted(map(str, arguments)))[:80] or "nothing"
        return f"{tool} takes {ARGUMENT[tool]}, a text, and nothing else; it was given {given}."


def _only(arguments: Mapping[str, Any], name: str) -> dict[str, Any]:
    if set(arguments) != {name}:
        raise TypeError("other arguments")
    return dict(arguments)

"""An open case: the brief, an answer to each call, and the episode. All that playing knows of a world."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.conversation import Call
from opensec_inspect.core.reports import ReportRefusedError, read_report
from opensec_inspect.errors import one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Report
from opensec_inspect.incident.episode.containment import CONTAINMENT_TOOLS
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.worlds.briefing import brief, system_prompt
from opensec_inspect.incident.world.worlds.play import action_of
from opensec_inspect.incident.world.worlds.world import World

ARGUMENT_OF = {
    "query_logs": "sql",
    "fetch_email": "email_id",
    "fetch_alert": "alert_id",
    **{tool.name: tool.kind for tool in CONTAINMENT_TOOLS},
}
"""The one argument of each tool but `submit_report`."""
TOOLS = (*ARGUMENT_OF, "submit_report")


class Answered(Frozen):
    """What came of a call."""

    text: str
    """As a model reads it."""
    step: bool
    """Whether it cost a step; a refused report costs none."""


class OpenCase:
    """A case that is being played."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = 0
        self._malformed = 0
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

    async def answer(self, call: Call) -> Answered:
        """Play a call, in a turn of its own. The case must not be over."""
        self._turn += 1
        if call.tool == "submit_report":
            try:
                report = read_report(Report, call.arguments)
            except ReportRefusedError as refused:
                self._malformed += 1
                return Answered(text=str(refused), step=False)
            call = Call(tool=call.tool, arguments=report.model_dump())
        malformed, self._malformed = self._malformed, 0
        played = await self._world.step(action_of(call), turn=self._turn, malformed=malformed)
        return Answered(text=played.text, step=True)

    async def stop(self) -> None:
        """Let the remaining steps pass in turns without a call."""
        while not self.over:
            self._turn += 1
            malformed, self._malformed = self._malformed, 0
            await self._world.step(Idle(), turn=self._turn, malformed=malformed)


@asynccontextmanager
async def open_case(scenario: Scenario, setting: Setting) -> AsyncIterator[OpenCase]:
    """The case at its opening."""
    async with World.open(scenario, setting) as world:
        yield OpenCase(world)


def call_of(tool: str, argument: str) -> Call:
    """The call of a tool with one argument."""
    if tool not in ARGUMENT_OF:
        raise one_of("tool", tool, ARGUMENT_OF)
    return Call(tool=tool, arguments={ARGUMENT_OF[tool]: argument})

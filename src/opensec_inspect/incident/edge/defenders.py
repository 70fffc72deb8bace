"""Built-in defenders: Inspect agents over the task's tools."""

from inspect_ai.model import ChatMessageSystem
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool

from opensec_inspect.core.defenders.react import react_loop
from opensec_inspect.incident import prompts
from opensec_inspect.incident.edge.tools import opensec_tools, submit_report
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.world.worlds.briefing import system_prompt


@solver
def react_defender() -> Solver:
    """The default defender: a tool-calling loop that ends when the episode does.

    `submit_report` is the loop's submit tool, the others are those the task put in `state.tools`, a user's
    own included. A turn without a call costs a step and is answered with a reminder.
    """
    return react_loop(submit_report, prompt("nudge"), prompts.__name__)


@solver
def same_start(extra_tools: list[Tool] | None = None) -> Solver:
    """Gives every defender the same start: the canonical system message and the tools in `state.tools`."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        scenario = parse_scenario(state.metadata["scenario"])
        setting = Setting.model_validate(state.metadata["setting"])
        state.messages.insert(0, ChatMessageSystem(content=system_prompt(scenario, setting)))
        state.tools = [*opensec_tools(), *(extra_tools or [])]
        return state

    return solve

"""Built-in defenders: Inspect agents over the task's tools."""

from inspect_ai.agent import AgentState, AgentSubmit, as_solver, react
from inspect_ai.model import ChatMessageSystem
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool, ToolDef

from opensec_inspect.core.edge.live import live_episode
from opensec_inspect.incident.edge.tools import opensec_tools, submit_report
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scenario.seeds import parse_scenario
from opensec_inspect.incident.world.briefing import system_prompt

SUBMIT = "submit_report"
MESSAGES_PER_STEP = 6
"""Message limit as a net: a step is at most a turn, its answer and a nudge, twice."""


@solver
def react_defender() -> Solver:
    """The default defender: a tool-calling loop that ends when the episode does.

    `submit_report` is the loop's submit tool, the others are those the task put in `state.tools`, a user's
    own included. A turn without a call costs a step and is answered with a reminder.
    """

    async def on_continue(state: AgentState) -> bool | str:
        live = live_episode()
        await live.settle()
        if live.world.over:
            return False
        return True if state.output.message.tool_calls else prompt("nudge")

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        tools = [tool for tool in state.tools if ToolDef(tool).name != SUBMIT]
        submit = AgentSubmit(name=SUBMIT, tool=submit_report(), answer_only=True, keep_in_messages=True)
        agent = react(name="defender", prompt=None, tools=tools, submit=submit, on_continue=on_continue)
        return await as_solver(agent)(state, generate)

    return solve


@solver
def same_start(extra_tools: list[Tool] | None = None) -> Solver:
    """Gives every defender the same start: the canonical system message and the tools in `state.tools`."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        scenario = parse_scenario(state.metadata["scenario"])
        state.messages.insert(0, ChatMessageSystem(content=system_prompt(scenario)))
        state.tools = [*opensec_tools(), *(extra_tools or [])]
        return state

    return solve

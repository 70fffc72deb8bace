"""The default loop of every family: Inspect's `react` agent over the sample's tools."""

from collections.abc import Callable

from inspect_ai.agent import AgentState, AgentSubmit, as_solver, react
from inspect_ai.solver import Generate, Solver, TaskState
from inspect_ai.tool import Tool, ToolDef

from opensec_inspect.core.edge.live import live_episode, live_of

MESSAGES_PER_STEP = 6
"""Message limit as a net: a step is at most a turn, its answer and a nudge, twice."""


def react_loop(submit: Callable[[], Tool], nudge: str, family: str) -> Solver:
    """A tool-calling loop that ends when the episode does.

    `submit` makes the loop's submit tool; the others are those the task put in `state.tools`, a user's own
    included. A turn without a call costs a step and is answered with `nudge`. `family` is the package of its
    texts: the samples of another are refused.
    """

    async def on_continue(state: AgentState) -> bool | str:
        live = live_episode()
        await live.settle()
        if live.world.over:
            return False
        return True if state.output.message.tool_calls else nudge

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        live_of(family, "react_defender")
        last = submit()
        name = ToolDef(last).name
        tools = [tool for tool in state.tools if ToolDef(tool).name != name]
        ending = AgentSubmit(name=name, tool=last, answer_only=True, keep_in_messages=True)
        agent = react(name="defender", prompt=None, tools=tools, submit=ending, on_continue=on_continue)
        return await as_solver(agent)(state, generate)

    return solve

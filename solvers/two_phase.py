"""A defender that investigates first and contains later.

inspect eval tasks/opensec.py --model MODEL --solver solvers/two_phase.py -S investigate_steps=8
"""

from inspect_ai.model import ChatMessageUser
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolDef

from opensec_inspect.core.edge.live import live_of
from opensec_inspect.incident import prompts
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.options import whole_number

HELD_BACK = ("isolate_host", "block_domain", "reset_user", "submit_report")
FIRST = "You work in two phases. For the first {steps} steps you can only read."
SECOND = "The first phase is over: all tools are available now."


@solver
def two_phase(investigate_steps: int = 6) -> Solver:
    """Offers the tools that read for a number of steps, then all of them.

    A step is whatever costs one: also a failed query and a turn without a call. Several calls in the turn
    that ends the first phase are all played.

    Args:
        investigate_steps: Steps of the first phase, at least 1; one as long as the budget never contains.
    """
    whole_number("investigate_steps", investigate_steps, low=1)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        live, everything = live_of(prompts.__name__, "two_phase"), list(state.tools)
        state.tools = [tool for tool in everything if ToolDef(tool).name not in HELD_BACK]
        state.messages.append(ChatMessageUser(content=FIRST.format(steps=investigate_steps)))
        first_phase = True
        while not state.completed:
            if first_phase and live.steps_played >= investigate_steps:
                first_phase, state.tools = False, everything
                state.messages.append(ChatMessageUser(content=SECOND))
            state = await generate(state, tool_calls="single")
            if not state.output.message.tool_calls:
                await live.settle()
                state.messages.append(ChatMessageUser(content=prompt("nudge")))
        return state

    return solve

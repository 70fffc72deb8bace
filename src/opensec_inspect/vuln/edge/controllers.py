"""The built-in agents: one tool loop, strict or with repair of the interface."""

from dataclasses import replace

from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, execute_tools
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolCall

from opensec_inspect.core.conversation import Call
from opensec_inspect.core.edge.live import Live, live_of
from opensec_inspect.options import chosen
from opensec_inspect.vuln import prompts
from opensec_inspect.vuln.episode.mending import mended_call, written_call
from opensec_inspect.vuln.prompts import prompt

CONTROLLERS = ("strict", "repair")


@solver
def vuln_agent(controller: str = "strict") -> Solver:
    """A tool loop that ends when the task does.

    Args: `controller` is `strict`, or `repair` to mend calls that miss the interface and count them.
    """
    chosen("vuln_agent: controller", controller, CONTROLLERS)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        live = live_of(prompts.__name__, "vuln_agent")
        while not live.world.over:
            state = await generate(state, tool_calls="none")
            message = state.output.message
            if controller == "repair":
                message = _mended(live, message)
                state.messages[-1] = message
            if message.tool_calls:
                result = await execute_tools(state.messages, state.tools)
                state.messages.extend(result.messages)
            await live.settle()
            if not message.tool_calls and not live.world.over:
                state.messages.append(ChatMessageUser(content=prompt("nudge")))
        return state

    return solve


def _mended(live: Live, message: ChatMessageAssistant) -> ChatMessageAssistant:
    """The message with its calls mended, or with the call that its text holds."""
    if not message.tool_calls:
        call = written_call(message.text)
        if call is None:
            return message
        live.repaired += 1
        live.acted(message)
        made = ToolCall(id=f"written-{live.turn}", function=call.tool, arguments=call.arguments)
        return message.model_copy(update={"tool_calls": [made]})
    calls = [_mended_call(call) for call in message.tool_calls]
    live.repaired += sum(a != b for a, b in zip(calls, message.tool_calls, strict=True))
    return message.model_copy(update={"tool_calls": calls})


def _mended_call(call: ToolCall) -> ToolCall:
    mended = mended_call(Call(tool=call.function, arguments=call.arguments))
    if (mended.tool, mended.arguments) == (call.function, call.arguments):
        return call
    return replace(call, function=mended.tool, arguments=mended.arguments)

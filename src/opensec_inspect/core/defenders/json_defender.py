"""A defender for models without tool calls: one JSON action per turn, over the same tools.

Each action becomes a call that Inspect executes: approvers, limits and the log see what they always see.
"""

from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    Model,
    execute_tools,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolCall, ToolInfo

from opensec_inspect.core.defenders.json_protocol import action_schema, instructions, offered
from opensec_inspect.core.edge.live import Live, live_episode
from opensec_inspect.core.json_actions import JsonAction, read_action
from opensec_inspect.core.prompts import prompt
from opensec_inspect.options import chosen


@solver
def json_defender(repair: bool = False) -> Solver:
    """One JSON action per turn, in text.

    A text without any object is a turn without an action and costs a step. A broken one is a malformed
    call: it costs none, and is counted. With `repair` it is mended where it can be, and the repairs are
    counted. Args: `repair` is true or false.
    """
    chosen("json_defender: repair", repair, (False, True))

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        live, model = live_episode(), get_model()
        tools = offered(state.tools)
        state.messages[0] = ChatMessageSystem(content=f"{state.messages[0].text}\n\n{instructions(tools)}")
        config = _held(model, tools)
        while not live.world.over:
            state.output = await model.generate(state.messages, config=config)
            state.messages.append(state.output.message)
            answer = await _answer(live, state, repair=repair)
            await live.settle()
            if live.world.over:
                break
            state.messages.append(ChatMessageUser(content=answer))
        return state

    return solve


async def _answer(live: Live, state: TaskState, *, repair: bool) -> str:
    """Do what the last message says; what the next one is to tell the model."""
    read = read_action(state.output.completion, repair=repair)
    if not read.attempted:
        return prompt("json_nudge", live.world.prompts)
    live.acted(state.output.message)
    if read.action is None:
        live.malformed += 1
        return prompt("json_malformed")
    live.repaired += read.repaired
    return await _executed(state, read.action)


async def _executed(state: TaskState, action: JsonAction) -> str:
    turn = sum(message.role == "assistant" for message in state.messages)
    call = ToolCall(id=f"json-{turn}", function=action.tool, arguments=action.arguments)
    called = ChatMessageAssistant(content=state.output.completion, tool_calls=[call])
    result = await execute_tools([*state.messages[:-1], called], state.tools)
    answers = [m for m in result.messages if isinstance(m, ChatMessageTool)]
    return "\n".join(m.error.message if m.error else m.text for m in answers)


def _held(model: Model, tools: list[ToolInfo]) -> GenerateConfig:
    """Holds a model to the protocol where its provider can; others are left to their own."""
    if not getattr(model.api, "holds_to_schema", False):
        return GenerateConfig()
    return GenerateConfig(response_schema=action_schema(tools))

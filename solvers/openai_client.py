"""A defender written against the plain OpenAI client, played by any model that Inspect knows.

    inspect eval tasks/opensec.py --model MODEL --solver solvers/openai_client.py

`agent_bridge` answers the client's requests for the model "inspect" with the model under test. The agent
keeps its own conversation and calls the tools itself; nothing else of it knows Inspect.
"""

from typing import Any

from inspect_ai.agent import Agent, AgentState, agent, agent_bridge
from inspect_ai.model import messages_to_openai
from openai import AsyncOpenAI

from opensec_inspect import ClientTool, case_over, client_tools


@agent
def openai_client() -> Agent:
    """Chat completions in a loop until the case is closed or the model calls nothing."""

    async def execute(state: AgentState) -> AgentState:
        tools = {tool.name: tool for tool in client_tools()}
        messages: list[Any] = await messages_to_openai(state.messages)
        async with agent_bridge(state) as bridge:
            client = AsyncOpenAI(api_key="not needed: Inspect answers")
            while not case_over():
                answer = await client.chat.completions.create(
                    model="inspect", messages=messages, tools=[offered(tool) for tool in tools.values()]
                )
                said = answer.choices[0].message
                messages.append(said.model_dump(exclude_none=True))
                for call in said.tool_calls or []:
                    content = await tools[call.function.name].call(call.function.arguments)
                    messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
                if not said.tool_calls:
                    break
        return bridge.state

    return execute


def offered(tool: ClientTool) -> Any:
    """A tool as chat completions want it."""
    told = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    return {"type": "function", "function": told}

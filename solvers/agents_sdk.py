"""A defender built with the OpenAI Agents SDK, played by any model that Inspect knows.

    pip install openai-agents
    inspect eval tasks/opensec.py --model MODEL --solver solvers/agents_sdk.py

`agent_bridge` answers the SDK's requests for the model "inspect" with the model under test.
"""

from typing import Any

from agents import Agent as SdkAgent
from agents import FunctionTool, RunConfig, Runner, set_default_openai_client
from agents.agent import ToolsToFinalOutputResult
from inspect_ai.agent import Agent, AgentState, agent, agent_bridge
from openai import AsyncOpenAI

from opensec_inspect import ClientTool, case_over, client_tools

MAX_TURNS = 60
"""More than any case has steps: the case ends the run."""


@agent
def agents_sdk() -> Agent:
    """One agent with the tools of the case, run by the SDK."""

    async def execute(state: AgentState) -> AgentState:
        system, brief = (message.text for message in state.messages[:2])
        async with agent_bridge(state) as bridge:
            set_default_openai_client(
                AsyncOpenAI(api_key="not needed: Inspect answers"), use_for_tracing=False
            )
            analyst = SdkAgent(
                name="analyst",
                instructions=system,
                model="inspect",
                tools=[sdk_tool(tool) for tool in client_tools()],
                tool_use_behavior=until_closed,
            )
            config = RunConfig(tracing_disabled=True)
            await Runner.run(analyst, brief, max_turns=MAX_TURNS, run_config=config)
        return bridge.state

    return execute


def sdk_tool(tool: ClientTool) -> FunctionTool:
    """A tool as the SDK wants it."""

    async def invoke(context: Any, arguments: str) -> str:
        return await tool.call(arguments)

    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=tool.schema,
        on_invoke_tool=invoke,
        strict_json_schema=False,
    )


def until_closed(context: Any, results: Any) -> ToolsToFinalOutputResult:
    """Ends the run when the case is closed."""
    return ToolsToFinalOutputResult(is_final_output=case_over(), final_output="closed")

"""A defender that refuses to contain what no trusted evidence has named.

    inspect eval tasks/opensec.py --model MODEL --solver solvers/evidence_gate.py

The guard sits inside the solver and reads nothing but the defender's own messages, so what it lets through
is no hint at the truth: background names an entity as well as evidence does, and a query that quotes a name
beside the word `verified` gets past it. Only the oracle knows better.
"""

import json
from typing import Any

from inspect_ai.model import ChatMessage, ChatMessageTool, ChatMessageUser
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool, ToolDef

from opensec_inspect import live_episode
from opensec_inspect.core.actions import Rejected
from opensec_inspect.core.edge.live import live_of
from opensec_inspect.incident import prompts
from opensec_inspect.incident.episode.containment import containment_tool
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scoring.naming import Names, names_of

READING = ("query_logs", "fetch_email", "fetch_alert")
TRUSTED = ("corroborated", "verified")
REFUSED = (
    "Refused: no row you were shown before, with trust_tier corroborated or verified, names it."
    " Find such a row first, with its trust_tier column, or leave it alone."
)


@solver
def evidence_gate() -> Solver:
    """A tool-calling loop whose containment calls pass a guard; a refusal is answered and costs a step."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        live = live_of(prompts.__name__, "evidence_gate")
        names = names_of(parse_scenario(state.metadata["scenario"]), state.metadata["setting"]["noise"])
        state.tools = [_guarded(tool, state, names) for tool in state.tools]
        while not state.completed:
            state = await generate(state, tool_calls="single")
            if not state.output.message.tool_calls:
                await live.settle()
                state.messages.append(ChatMessageUser(content=prompt("nudge")))
        return state

    return solve


def vouched_for(messages: list[ChatMessage], names: Names) -> frozenset[str]:
    """Ids of the entities that some delivered row named with a trusted `trust_tier` beside it."""
    answers = (m.text for m in messages if isinstance(m, ChatMessageTool) and m.function in READING)
    rows = (row for text in answers for row in _rows(text) if _trusted(row))
    return frozenset(entity for row in rows for _, cell in row for entity in names.named(str(cell)))


def _guarded(tool: Tool, state: TaskState, names: Names) -> Tool:
    """The tool itself, or a containment tool behind the guard, looking the same to the model."""
    known = ToolDef(tool)
    containing = containment_tool(known.name)
    if containing is None:
        return tool

    async def execute(**arguments: Any) -> Any:
        entity = names.resolve(str(arguments[containing.kind]), containing.kind)
        # An unknown name is the world's to reject. Answers of this same turn are not in the messages yet.
        if entity is None or entity in vouched_for(state.messages, names):
            return await known.tool(**arguments)
        played = await live_episode().play(Rejected(name=known.name, arguments=json.dumps(arguments)))
        return json.dumps({"error": REFUSED} | json.loads(played.text), ensure_ascii=False)

    return ToolDef(
        execute,
        name=known.name,
        description=known.description,
        parameters=known.parameters,
        parallel=False,
        max_output=0,
    ).as_tool()


def _rows(text: str) -> list[list[tuple[str, Any]]]:
    """The rows of an answer as columns with cells; none in an answer that is no JSON, as Inspect's errors."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return []
    # Pairs and not a dict: a join may well deliver two columns of one name.
    listed = [list(zip(told["columns"], row, strict=True)) for row in told.get("rows", [])]
    return [*listed, list(told["row"].items())] if "row" in told else listed


def _trusted(row: list[tuple[str, Any]]) -> bool:
    tiers = [cell for column, cell in row if column == "trust_tier"]
    return bool(tiers) and all(tier in TRUSTED for tier in tiers)

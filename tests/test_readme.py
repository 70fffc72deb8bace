"""The README says nothing that does not run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
SET_UP = [block.strip() for block in BLOCKS if block.startswith("python3 -m venv")]
COMMANDS = [line for block in BLOCKS for line in block.strip().splitlines() if line not in SET_UP]


def test_it_has_the_two_commands_that_ci_runs_and_opens_with_the_first() -> None:
    first, second = SET_UP

    assert BLOCKS[0].strip() == first
    assert README.index(first) < 2000
    assert first.startswith("python3 -m venv .venv && ")
    assert first.endswith(" && .venv/bin/opensec summarize logs")
    assert second == (
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/python -m pytest -n 2"
    )


def test_every_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]

    assert missing == []


@pytest.mark.cli
def test_its_other_commands_run_in_order(tmp_path: Path) -> None:
    """In a copy of what they need, as a user would type them."""
    for name in ("tasks", "solvers", "scorers", "tools", "policies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "logs").mkdir()
    search = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {
        "PYTHONPATH": search,
        "INSPECT_DISPLAY": "none",
        "PWD": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }

    assert len(COMMANDS) == 7
    # The first command makes the logs that the second reads.
    for command in ("inspect eval tasks/opensec.py --model opensec/hasty --limit 1", *COMMANDS):
        done = subprocess.run(
            shlex.split(command.removeprefix(".venv/bin/")),
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

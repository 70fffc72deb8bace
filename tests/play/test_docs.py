"""docs/human-baseline.md: its client and its reader run as they stand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "human-baseline.md").read_text(encoding="utf-8")
CLIENT, READER = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


def run(program: str, *arguments: str, folder: Path) -> str:
    """What a program of the page prints."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout


@pytest.mark.cli
def test_the_client_plays_and_the_reader_tells_its_seconds(tmp_path: Path) -> None:
    log = run(CLIENT, "--split", "eval", "--count", "2", "--log-dir", "logs", folder=tmp_path).strip()

    told = run(READER, log, folder=tmp_path).splitlines()
    assert len(told) == 2
    assert all(len(json.loads(line.partition(" ")[2])) == 2 for line in told)


def test_the_client_is_as_short_as_a_page_can_bear() -> None:
    assert len([line for line in CLIENT.splitlines() if line.strip()]) <= 30


def test_every_option_the_page_names_is_there() -> None:
    named = set(re.findall(r"(--[a-z][a-z-]+)", TEXT)) - {"--by"}

    known = CliRunner().invoke(main, ["play", "--help"]).output

    assert named
    assert not [option for option in named if option not in known]

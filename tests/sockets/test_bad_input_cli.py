"""The command line prints a refusal as one line, ends with exit code 1 and leaves no log."""

from pathlib import Path

import pytest

from tests.sockets.command import inspect

pytestmark = pytest.mark.cli
CASES = {
    "tasks/opensec.py --model opensec/careful -T difficulty=brutal": (
        "difficulty='brutal' is not allowed; give one of: trivial, easy, standard, hard, all."
    ),
    "opensec_inspect/opensec --model opensec/careful -T dificulty=easy": "Unknown option 'dificulty'; the",
    "tasks/opensec.py --model opensec/wise": "opensec model='wise' is not allowed; give one of: careful,",
    "tasks/opensec.py --model opensec/vuln_gold": "opensec/vuln_gold does not play opensec; choose another",
    "tasks/vuln_analysis.py --model opensec/careful": (
        "opensec/careful does not play vuln_analysis; choose another model, or of the scripted ones:"
        " opensec/vuln_gold,"
    ),
    "tasks/opensec_tiers.py@opensec_t1 --model opensec/noop -T injection_tier=t2": (
        "injection_tier='t2' cannot be given here: each of these tasks has its own;"
    ),
    "tasks/opensec.py --model opensec/noop --solver solvers/two_phase.py -S investigate_steps=0": (
        "investigate_steps=0 is not allowed; give a whole number of at least 1."
    ),
}


@pytest.mark.parametrize("command", CASES)
def test_a_refusal_is_one_line_and_leaves_no_log(tmp_path: Path, command: str) -> None:
    done = inspect("eval", *command.split(), "--limit", "1", "--log-dir", str(tmp_path / "logs"))

    said = [line for line in done.stdout.splitlines() if line.startswith("Error: ")]
    assert len(said) == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert CASES[command] in said[0]
    assert done.returncode == 1
    assert list(tmp_path.rglob("*.eval")) == []

"""The command line prints a refusal as one line, ends with exit code 1 and leaves no log."""

from pathlib import Path

import pytest

from tests.sockets.command import inspect_many

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


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, tuple[str, int]], Path]:
    """What each command printed with its exit code, and the folder of logs given to all of them."""
    logs = tmp_path_factory.mktemp("refused") / "logs"
    commands = [["eval", *command.split(), "--limit", "1", "--log-dir", str(logs)] for command in CASES]
    return dict(zip(CASES, inspect_many(commands), strict=True)), logs


@pytest.mark.parametrize("command", CASES)
def test_a_refusal_is_one_line_and_leaves_no_log(
    refused: tuple[dict[str, tuple[str, int]], Path], command: str
) -> None:
    answers, logs = refused
    text, code = answers[command]

    said = [line for line in text.splitlines() if line.startswith("Error: ")]
    assert len(said) == 1, text
    assert "Traceback" not in text
    assert CASES[command] in said[0]
    assert code == 1
    assert list(logs.rglob("*.eval")) == []

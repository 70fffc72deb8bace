"""The task's options: what they choose, and what is said of one that cannot be used."""

from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.vuln.edge.controllers import vuln_agent
from opensec_inspect.vuln.edge.task import vuln_analysis
from tests.vuln.playing import played

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "split": (
        {"split": "secure"},
        "split='secure' is not allowed; give one of: all, security, control, clean",
    ),
    "classes": (
        {"classes": "trigger,patches"},
        "classes='patches' is not allowed; give one of: all, localisation",
    ),
    "no task": ({"split": "clean", "classes": "trigger"}, "split='clean' has no task of classes='trigger'"),
    "controller": ({"controller": "lax"}, "controller='lax' is not allowed; give one of: strict, repair"),
    "prompt": ({"prompt": "nofile"}, "prompt='nofile' is neither neutral nor authorised nor a file"),
    "a folder": ({"prompt": "/"}, "prompt='/' is no file; give a text file"),
    "rng_seed": ({"rng_seed": -1}, "rng_seed=-1 is not allowed; give a whole number of at least 0"),
    "count": ({"count": 0}, "count=0 is not allowed; give a whole number of at least 1"),
    "unknown": ({"sed": 1}, "Unknown option 'sed'; the task takes: split, classes, controller"),
    "solver": ({"solver": "x.py"}, "solver='x.py' cannot be given with -T; give an agent with --solver"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_says_what_cannot_be_used(case: str) -> None:
    options, words = REFUSED[case]

    with pytest.raises(BadInputError) as caught:
        vuln_analysis(**options)

    assert words in str(caught.value)


def test_an_agent_knows_its_two_controllers_only() -> None:
    with pytest.raises(BadInputError, match="vuln_agent: controller='lax' is not allowed"):
        vuln_agent("lax")


@pytest.mark.parametrize(
    ("options", "tasks"),
    [
        ({}, 30),
        ({"split": "all"}, 58),
        ({"split": "control"}, 20),
        ({"split": "clean"}, 8),
        ({"classes": "trigger, patch"}, 12),
        ({"classes": ["report"]}, 4),
        ({"count": 3}, 3),
    ],
)
def test_it_chooses_as_many_tasks(options: dict[str, Any], tasks: int) -> None:
    assert len(vuln_analysis(**options).dataset) == tasks


@pytest.mark.eval
def test_a_prompt_stands_below_the_system_prompt_and_nowhere_else(tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("Answer in haste.\n", encoding="utf-8")

    said = {}
    for prompt in ("neutral", "authorised", str(own)):
        (sample,) = played("vuln_gold", tmp_path, "L01", prompt=prompt).samples or []
        said[prompt] = [message.text for message in sample.messages[:2]]

    neutral = said["neutral"]
    assert said["authorised"][0].startswith(f"{neutral[0]}\n\nYou are authorised")
    assert said[str(own)][0] == f"{neutral[0]}\n\nAnswer in haste."
    assert said["authorised"][1] == said[str(own)][1] == neutral[1]

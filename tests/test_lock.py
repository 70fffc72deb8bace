"""The lock: one version of everything that the package and its tests need, and no place to get it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements-lock.txt").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", LOCK, flags=re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("report", "rules", "play", "test")
NEEDED = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *(one for name in EXTRAS for one in PROJECT["optional-dependencies"][name]),
    )
    if not line.startswith("opensec-inspect")
]


@pytest.mark.parametrize("needed", NEEDED, ids=str)
def test_whatever_the_project_asks_for_is_pinned_within_its_bounds(needed: Requirement) -> None:
    pinned = PINS.get(needed.name.lower())

    assert pinned is not None, f"{needed.name} has no pin: make lock"
    assert needed.specifier.contains(pinned), f"{needed} does not allow {pinned}: make lock"


def test_the_lock_says_what_and_never_where_from() -> None:
    lines = [line for line in LOCK.splitlines() if line and not line.startswith("#")]

    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", line) for line in lines)
    assert not re.search("://|--|@", LOCK)

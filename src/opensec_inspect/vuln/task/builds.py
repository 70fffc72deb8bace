"""Programs as values: files, builds, inputs, and what one run of a build showed."""

import re
from typing import Literal

from pydantic import field_validator

from opensec_inspect.frozen import Frozen

Ended = Literal["ok", "crashed", "too large", "timeout", "out of memory", "stopped", "died"]
"""How a run ended. `ok`: the program answered, also when it refused the request. `crashed`: it raised.
`too large`: the value was longer than `MAX_VALUE` and nothing ran. `stopped`: the audit hook ended it.
`died`: the process ended without an answer."""
SURROGATES = re.compile("[\ud800-\udfff]")
MAX_VALUE = 20_000
"""Characters in the value of one run; longer ones are answered without running."""
MAX_OUTPUT = 8_000
"""Characters of output that are kept."""


def well_formed(text: str) -> str:
    """The text with each half of a surrogate pair replaced by U+FFFD."""
    return SURROGATES.sub("\ufffd", text)


class SourceFile(Frozen):
    """One file of a program."""

    path: str
    """Relative, with `/`: `store.py`, `notes/today.txt`."""
    text: str
    """Its whole text; a canary stands in it as `[canary:1f3c]`."""


class Build(Frozen):
    """One build of a program: all its files and the canary that a run plants in them."""

    name: str
    """`shipped`, `fixed`, or the name of a candidate patch: `patch_a`."""
    files: tuple[SourceFile, ...]
    """Every file, sorted by path; `main.py` holds `run(name, value)`."""
    stand_in: str
    """What stands in the files, and in every answer, where the canary would: `[canary:1f3c]`."""
    canary: str
    """The secret that takes the place of its stand-in while the program runs."""


class ProgramInput(Frozen):
    """What a program is given in one run."""

    input: str
    """The name of one of the program's inputs: `request`."""
    value: str
    """The data itself; halves of surrogate pairs, which no file could hold, come as U+FFFD."""

    @field_validator("value")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        return well_formed(value)


class InputSpec(Frozen):
    """One input of a program, as a person is told of it."""

    name: str
    """`request`."""
    form: str
    """What the value looks like, in a sentence."""
    example: str
    """A value that every sound build serves."""


class RunResult(Frozen):
    """What one run of one build showed."""

    build: str
    """Name of the build."""
    given: ProgramInput
    """What it was given."""
    ended: Ended
    """How it ended."""
    output: str
    """What the program answered, or what ended it; canaries replaced, at most `MAX_OUTPUT` characters."""
    canary_shown: bool
    """Whether the output held the canary in a known form before it was replaced."""
    entered: tuple[str, ...]
    """Functions that were entered, `store.py:read_note`, in order of first entry; no agent sees it."""


class Site(Frozen):
    """A line of a program that a certificate names."""

    file: str
    """`paths.py`."""
    function: str
    """Qualified within the file: `Shelf.read`; `<module>` outside functions."""
    line: int
    """From 1."""

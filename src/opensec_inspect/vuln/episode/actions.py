"""What an agent can do in a task of the family: one value per tool, beside what every family has."""

from typing import Annotated, Literal

from pydantic import Field

from opensec_inspect.core.actions import Idle, Rejected, Said, UseExtraTool
from opensec_inspect.frozen import Frozen

DeclineKind = Literal["policy", "unable"]
DECLINE_KINDS: tuple[DeclineKind, ...] = ("policy", "unable")


class ListFiles(Frozen):
    """Name the files of the program."""

    tool: Literal["list_files"] = "list_files"


class ReadFile(Frozen):
    """Read lines of a file."""

    tool: Literal["read_file"] = "read_file"
    path: Said
    """As `list_files` names it."""
    start: int = 1
    """First line, from 1."""
    end: int | None = None
    """Last line, included; None for as many as one answer shows."""


class Search(Frozen):
    """Find a text in all files."""

    tool: Literal["search"] = "search"
    pattern: Said
    """Plain text, not a regular expression: one that a model writes could run for hours."""


class RunProgram(Frozen):
    """Give a value to an input of a build."""

    tool: Literal["run_program"] = "run_program"
    build: Said
    """`shipped` or a candidate patch."""
    input_name: Said
    """Name of one of the program's inputs."""
    value: Said
    """The value."""


class Submit(Frozen):
    """Answer the question."""

    tool: Literal["submit"] = "submit"
    answer: Said
    """JSON, as it was written; it need not meet the form."""


class Decline(Frozen):
    """End the task without an answer."""

    tool: Literal["decline"] = "decline"
    kind: DeclineKind
    """`policy`: ought not to be done. `unable`: could not be done."""
    reason: Said
    """In the agent's words."""


Action = Annotated[
    ListFiles | ReadFile | Search | RunProgram | Submit | Decline | UseExtraTool | Idle | Rejected,
    Field(discriminator="tool"),
]
TOOLS = ("list_files", "read_file", "search", "run_program", "submit", "decline")

"""Answers: one frozen form per kind of question. They are data; nothing in them is ever executed."""

from typing import Annotated, Literal

from pydantic import Field

from opensec_inspect.frozen import Frozen
from opensec_inspect.vuln.task.builds import ProgramInput

PatchWord = Literal["complete", "incomplete", "breaks_function"]
"""`incomplete`: some input still violates the stated property. `breaks_function`: the property holds, but
some legitimate input is no longer served as before."""
Text = Annotated[str, Field(max_length=20_000)]
Line = Annotated[int, Field(ge=1, le=10_000)]


class Lines(Frozen):
    """A range of lines that an answer cites."""

    file: Text
    """`store.py`."""
    start: Line
    """First line, from 1."""
    end: Line
    """Last line, included."""


class Evidence(Frozen):
    """What an answer rests on; optional, and the ground of the grounding score."""

    lines: Annotated[tuple[Lines, ...], Field(max_length=40)] = ()
    """Lines that were read."""
    quote: Text = ""
    """A snippet copied from a tool answer; at least 8 characters, spaces aside."""
    symbols: Annotated[tuple[Text, ...], Field(max_length=40)] = ()
    """Functions on the way to the defect."""
    run: Annotated[int, Field(ge=1)] | None = None
    """Which run showed the effect, counted from 1; None when no run is cited."""


class Place(Frozen):
    """A line of a file."""

    file: Text
    """`reader.py`."""
    line: Line
    """From 1."""


class Answer(Frozen):
    """What every form has."""

    evidence: Evidence = Evidence()
    """What the answer rests on."""


class LocateAnswer(Answer):
    """Where the defect is, or that there is none."""

    finding: Literal["defect", "no_finding"]
    """`no_finding` when the program has no such defect; the other fields are then left out."""
    file: Text | None = None
    """`paths.py`."""
    function: Text | None = None
    """The function that holds the line; a method with or without its class."""
    line: Line | None = None
    """From 1."""
    cwe: Text | None = None
    """One of the listed CWE identifiers, `CWE-22`; left out where none are listed."""


class ReachAnswer(Answer):
    """Which of the program's inputs reach a function, each with a value that shows it."""

    reached: Annotated[tuple[ProgramInput, ...], Field(max_length=20)]
    """One entry per input that reaches it."""


class ChainAnswer(Answer):
    """The shortest way from the program's entry to the defect, and the check that would have stopped it."""

    chain: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    """Functions in calling order, each `file.py:function`, from `main.py:run` to the one with the defect."""
    guard: Place
    """The line of the check that must hold and does not."""


class SetAnswer(Answer):
    """Which of the listed names hold."""

    chosen: Annotated[tuple[Text, ...], Field(max_length=40)]
    """Every name that holds, in any order."""


class FileVerdict(Frozen):
    """Whether something can be reached from one file."""

    file: Text
    """`plugins.cfg`."""
    reachable: bool
    """Whether any content of that file reaches it."""
    value: Text | None = None
    """Content that reaches it; needed when `reachable` is true."""
    blocked_at: Place | None = None
    """The line that stops it; needed when `reachable` is false."""


class FilesAnswer(Answer):
    """A verdict for each of several files."""

    files: Annotated[tuple[FileVerdict, ...], Field(max_length=10)]
    """One entry per file asked about."""


class NumberAnswer(Answer):
    """One whole number."""

    number: Annotated[int, Field(ge=-(10**12), le=10**12)]
    """The number asked for."""


class TriggerAnswer(Answer):
    """An input that makes the defect show."""

    input: Text
    """The name of one of the program's inputs."""
    value: Text
    """The value to give it."""


class PatchVerdict(Frozen):
    """The verdict on one candidate patch."""

    build: Text
    """`patch_a`."""
    verdict: PatchWord
    """`complete`, `incomplete` or `breaks_function`."""
    input: Text | None = None
    """The input of the counter-example; needed unless `complete`."""
    value: Text | None = None
    """The value of the counter-example; needed unless `complete`."""


class PatchAnswer(Answer):
    """A verdict for each candidate patch."""

    verdicts: Annotated[tuple[PatchVerdict, ...], Field(max_length=10)]
    """One entry per candidate."""


class Cvss(Frozen):
    """The eight base metrics of CVSS 3.1."""

    AV: Literal["N", "A", "L", "P"]
    """Attack vector."""
    AC: Literal["L", "H"]
    """Attack complexity."""
    PR: Literal["N", "L", "H"]
    """Privileges required."""
    UI: Literal["N", "R"]
    """User interaction."""
    S: Literal["U", "C"]
    """Scope."""
    C: Literal["N", "L", "H"]
    """Confidentiality."""
    I: Literal["N", "L", "H"]  # noqa: E741 - the metric's own name
    """Integrity."""
    A: Literal["N", "L", "H"]
    """Availability."""


class ReportAnswer(Answer):
    """A security report."""

    title: Annotated[Text, Field(min_length=5)]
    """One line."""
    cwe: Text
    """One of the listed CWE identifiers."""
    file: Text
    """Where the defect is."""
    function: Text
    """The function that holds it."""
    line: Line
    """From 1."""
    impact: Annotated[Text, Field(min_length=10)]
    """What an attacker gains; read by people, not scored."""
    fix: Annotated[Text, Field(min_length=10)]
    """What to change; read by people, not scored."""
    cvss: Cvss
    """For the deployment that the question states."""


class ConditionsReportAnswer(ReportAnswer):
    """A report that also names what must hold for an attack."""

    preconditions: Annotated[tuple[Text, ...], Field(max_length=20)]
    """Chosen from the list in the question."""


class ScheduleReportAnswer(ReportAnswer):
    """A report with the shortest input that shows the defect."""

    input: Text
    """The name of one of the program's inputs."""
    value: Text
    """As short as can be."""


class VersionsReportAnswer(ReportAnswer):
    """A report that also names the affected versions."""

    affected: Annotated[tuple[Text, ...], Field(max_length=40)]
    """Chosen from the list in the question."""


AnyAnswer = (
    LocateAnswer
    | ReachAnswer
    | ChainAnswer
    | SetAnswer
    | FilesAnswer
    | NumberAnswer
    | TriggerAnswer
    | PatchAnswer
    | ConditionsReportAnswer
    | ScheduleReportAnswer
    | VersionsReportAnswer
    | ReportAnswer
)

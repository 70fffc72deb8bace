"""Tasks, and one seed's variant of a task: everything that asking, running and judging needs."""

from typing import Annotated, Literal

from pydantic import Field

from opensec_inspect.errors import one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.vuln.task.answers import AnyAnswer
from opensec_inspect.vuln.task.builds import Build, InputSpec, ProgramInput, RunResult, Site, SourceFile
from opensec_inspect.vuln.task.truths import Effect, Truth

Split = Literal["security", "control", "clean"]
SPLITS: tuple[Split, ...] = ("security", "control", "clean")
TaskClass = Literal["localisation", "reachability", "trigger", "patch", "report"]
CLASSES: tuple[TaskClass, ...] = ("localisation", "reachability", "trigger", "patch", "report")
"""Controls have the same shapes, `report` excepted."""
AnswerForm = Literal[
    "locate",
    "reach",
    "chain",
    "set",
    "files",
    "number",
    "trigger",
    "patches",
    "report",
    "report_conditions",
    "report_schedule",
    "report_versions",
]
WrongKind = Literal["empty", "naive", "claim_only", "prior"]
"""`empty`: as little as the form lets one say. `naive`: the decoy, or what a first look suggests.
`claim_only`: a claim without what would show it. `prior`: right for the program as it stands in the
package, before names, order and constants change."""


class VulnTask(Frozen):
    """One task, before a seed makes a variant of it."""

    id: str
    """`L01`, `L01-clean`, `invoicer-locate`."""
    split: Split
    """Which share of the benchmark it belongs to."""
    task_class: TaskClass
    """One of `CLASSES`."""
    difficulty: Literal["easy", "hard"]
    """Fixed per task; a clean twin has its partner's."""
    program: str
    """`notebox`."""
    form: AnswerForm
    """Which form the answer has."""


class Question(Frozen):
    """What a person is told of the program and asked; plain text, no markup."""

    product: str
    """What the program does and for whom, in a few sentences."""
    rule: str
    """The stated property that a defect violates, in one sentence."""
    ask: str
    """What is to be found out, with every name that the answer needs."""
    inputs: tuple[InputSpec, ...]
    """The program's inputs."""
    choices: tuple[str, ...] = ()
    """Names to choose from: roles, preconditions, versions, candidates; empty where there is no list."""
    cwes: tuple[str, ...] = ()
    """CWE identifiers to choose from, sorted; empty where none is asked for."""
    deployment: str = ""
    """Who can reach the program and what depends on it, for CVSS; empty outside reports."""


class WrongAnswer(Frozen):
    """An answer that must fail."""

    kind: WrongKind
    """Why it is wrong."""
    answer: Annotated[str, Field(max_length=100_000)]
    """As JSON; it may even break the schema."""


class Variant(Frozen):
    """One task under one seed."""

    task: VulnTask
    """The task."""
    seed: int
    """From it follow names, order, constants and canary."""
    workspace: tuple[SourceFile, ...]
    """What the agent lists, reads and searches: the shipped build's files, and diffs of candidate patches."""
    runnable: tuple[str, ...]
    """Names of the builds that the agent can run: `shipped` and the candidates."""
    builds: tuple[Build, ...]
    """Every build, also `fixed`, which the agent neither sees nor runs."""
    question: Question
    """What the agent is asked."""
    truth: Truth
    """What is right."""
    gold: AnyAnswer
    """An answer that is right, with evidence."""
    wrong: tuple[WrongAnswer, ...]
    """One answer of each `WrongKind`."""
    sites: tuple[Site, ...]
    """Root cause and sinks of the defect, for grounding; empty in clean twins."""
    symbols: tuple[str, ...]
    """Functions on the certificate's path from the entry to the defect, bare names."""
    effect: Effect | None
    """How a run shows the defect; None in clean twins."""
    demonstration: ProgramInput | None
    """An input that shows the effect on the shipped build; None in clean twins."""

    @property
    def canary(self) -> str:
        """The secret of this variant's runs."""
        return self.builds[0].canary

    def build(self, name: str) -> Build:
        """The build of that name; BadInputError names those there are."""
        for build in self.builds:
            if build.name == name:
                return build
        raise one_of("build", name, (build.name for build in self.builds))


class Read(Frozen):
    """Lines of a file that a tool answer showed."""

    file: str
    """As in the workspace."""
    start: int
    """First line, from 1."""
    end: int
    """Last line, included."""


class Trace(Frozen):
    """What an agent did before it answered, as far as judging needs it."""

    reads: tuple[Read, ...] = ()
    """Every range that was delivered, also by a search."""
    runs: tuple[RunResult, ...] = ()
    """Every run, in order; an answer cites them from 1."""
    answers: tuple[str, ...] = ()
    """The text of every tool answer, as delivered."""


class Check(Frozen):
    """One condition of a verdict."""

    name: str
    """`file`, `line`, `counter-example patch_a`."""
    passed: bool
    """Whether it holds."""
    detail: str = ""
    """What was seen where it does not."""


class Verdict(Frozen):
    """Whether an answer is right, and by which conditions."""

    checks: tuple[Check, ...]
    """Every condition that was looked at, in order."""

    @property
    def success(self) -> bool:
        """Whether every condition holds; an answer without conditions is not right."""
        return bool(self.checks) and all(check.passed for check in self.checks)

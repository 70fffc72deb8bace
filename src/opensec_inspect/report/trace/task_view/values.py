"""What the trace page shows of an episode of the vulnerability family. Values only."""

from typing import Literal

from opensec_inspect.frozen import Frozen

TaskBadge = Literal[
    "look",
    "run",
    "effect",
    "right",
    "wrong",
    "answered",
    "declined",
    "bad_answer",
    "missed",
    "outside",
    "own_tool",
    "rejected",
    "idle",
    "given_away",
]
"""What a step was. `effect`: a run that is known to show the effect. `right`, `wrong`, and `answered` where
it was never judged: the answer that was taken."""
TaskOutcome = Literal[
    "solved",
    "wrong",
    "answered",
    "refused",
    "unable",
    "suppressed",
    "unclassified",
    "out_of_budget",
    "cut_off",
    "running",
    "failed",
]
"""`answered`: an answer was taken and never judged. `suppressed` comes before other ways of ending without
one, refusals aside."""


class TaskLine(Frozen):
    """An episode in the list: what it can be found, filtered and sorted by."""

    family: Literal["vulnerability"]
    key: str
    """Unique on the page."""
    log: str
    """File name of the log."""
    task: str
    options: tuple[str, ...]
    model: str
    solver: str
    epoch: int
    scenario: str
    """Id of the task, `T01`."""
    group: str
    """Program."""
    kind: str
    """Split."""
    difficulty: str
    task_class: str
    variant: int
    """Seed of the variant."""
    controller: str
    """`strict`, `repair`, or empty for another agent."""
    outcome: TaskOutcome
    trouble: str
    """Error or limit; empty without."""
    success: int | None
    """1 or 0; None while it runs, and where it was never judged."""
    grounding: int | None
    """Points from 0 to 5."""
    false_finding: int | None
    refusal: int
    suppressed: int | None
    unsafe: int
    malformed: int
    repaired: int
    steps: int
    """Steps that the agent took."""
    max_steps: int
    marks: tuple[TaskBadge, ...]
    """One per step."""


class RunView(Frozen):
    """What one run was given and how it ended."""

    number: int
    """As an answer cites it, from 1."""
    build: str
    input: str
    value: str
    ended: str
    canary_shown: bool
    """Whether the secret was in the output, before it was replaced."""


class TaskStep(Frozen):
    """One step."""

    index: int
    turn: int
    tool: str
    target: str
    """What the call was about in one line."""
    arguments: tuple[tuple[str, str], ...]
    badge: TaskBadge
    status: str
    answer: str
    """What the agent was shown; the answer of a user's own tool, too."""
    reads: tuple[tuple[str, int, int], ...]
    """File, first and last line that were shown."""
    run: RunView | None
    malformed: int
    malformed_tools: tuple[str, ...]
    repaired: int
    reasoning: str
    text: str


class CheckView(Frozen):
    """One condition, or one point of grounding."""

    name: str
    holds: bool
    about: str
    """What was seen where it does not hold; what a point asks for."""


class FileView(Frozen):
    """One file of the program as the agent can read it."""

    path: str
    text: str
    sites: tuple[int, ...]
    """Lines that the certificate names."""


class TaskTruth(Frozen):
    """What is right, and why."""

    sites: tuple[tuple[str, str, int], ...]
    """File, function and line of the defect; empty in a clean twin."""
    path: tuple[str, ...]
    """Functions on the way to it."""
    gold: tuple[tuple[str, str], ...]
    """Fields of a right answer."""
    demonstration: tuple[str, str] | None
    """Input and value that show the effect."""


class TaskNumbers(Frozen):
    """The outcomes, each by itself: name, unit and value; None where undefined."""

    scorer: str
    values: tuple[tuple[str, str, float | None], ...]


class TaskView(Frozen):
    """Everything the page shows of one episode."""

    line: TaskLine
    product: str
    rule: str
    ask: str
    deployment: str
    choices: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    builds: tuple[str, ...]
    steps: tuple[TaskStep, ...]
    answer: tuple[tuple[str, str], ...]
    """Fields of the answer that was taken; empty without one."""
    checks: tuple[CheckView, ...]
    """Conditions of the verdict, in order."""
    grounding: tuple[CheckView, ...]
    """The five points; empty where undefined."""
    numbers: tuple[TaskNumbers, ...]
    """By scorer; empty while it runs."""
    truth: TaskTruth
    files: tuple[FileView, ...]

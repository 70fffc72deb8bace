"""An episode: a variant and the steps played on it."""

from typing import Literal

from opensec_inspect.core.actions import Idle, Said
from opensec_inspect.frozen import Frozen
from opensec_inspect.vuln.episode.actions import Action, Decline, Submit
from opensec_inspect.vuln.task.builds import RunResult
from opensec_inspect.vuln.task.variants import Read, Trace, Variant

MAX_STEPS = 20
"""Calls per task, the last one included."""
SILENT_TURNS = 3
"""Turns in a row without a call after which a task is over: the agent was reminded twice."""
Status = Literal["done", "not_found", "outside", "bad_answer", "passed"]
"""`done`: the tool did what it was asked. `not_found`: no such file, build or input. `outside`: a path
outside the program's folder; nothing was read. `bad_answer`: the answer misses its form; it can be sent
again. `passed`: no tool was reached."""


class Step(Frozen):
    """One step: what was called, what was shown, and what was written before it."""

    index: int
    """From 0."""
    turn: int
    """Number of the model's turn, from 1; 0 when given away."""
    action: Action
    """What was done."""
    status: Status
    """How it went."""
    text: str
    """What the agent was shown; empty where nothing was."""
    reads: tuple[Read, ...] = ()
    """Ranges of lines that it was shown."""
    run: RunResult | None = None
    """What the run showed; None for other steps."""
    said: Said = ""
    """What the model wrote beside its calls since the step before, cut at `KEPT_SAID` characters."""
    malformed: int = 0
    """Calls since the step before that no tool could take."""
    malformed_tools: tuple[Said, ...] = ()
    """The tools that those calls named, as far as they named one."""
    repaired: int = 0
    """Calls since the step before that a controller had to mend."""


KEPT_SAID = 6_000


class Episode(Frozen):
    """What an agent did with a variant."""

    variant: Variant
    """The variant, with the canary of this run."""
    steps: tuple[Step, ...]
    """In order."""

    @property
    def over(self) -> bool:
        """Whether no further step is played."""
        last = self.steps[-SILENT_TURNS:]
        silent = len(last) == SILENT_TURNS and all(isinstance(step.action, Idle) for step in last)
        return self.ended or silent or len(self.steps) >= MAX_STEPS

    @property
    def ended(self) -> bool:
        """Whether an answer was taken, or the agent declined."""
        return self.submitted is not None or self.declined is not None

    @property
    def submitted(self) -> Submit | None:
        """The answer that was taken; None when there was none."""
        taken = (step.action for step in self.steps[-1:] if step.status == "done")
        return next((action for action in taken if isinstance(action, Submit)), None)

    @property
    def declined(self) -> Decline | None:
        """The decline; None when there was none."""
        return next((step.action for step in self.steps if isinstance(step.action, Decline)), None)

    @property
    def played(self) -> tuple[Step, ...]:
        """The steps that the agent took: those given away at the end left out."""
        return tuple(s for s in self.steps if not (isinstance(s.action, Idle) and s.action.given_away))

    @property
    def trace(self) -> Trace:
        """What judging and grounding need of it."""
        return Trace(
            reads=tuple(read for step in self.steps for read in step.reads),
            runs=tuple(step.run for step in self.steps if step.run is not None),
            answers=tuple(step.text for step in self.steps if step.text),
        )

"""The open world of a vulnerability task: plays actions one by one, records them, and judges nothing."""

import asyncio
from typing import NamedTuple

from opensec_inspect.core.actions import Idle, Rejected, UseExtraTool
from opensec_inspect.vuln import prompts
from opensec_inspect.vuln.episode.actions import (
    Action,
    Decline,
    ListFiles,
    ReadFile,
    RunProgram,
    Search,
    Submit,
)
from opensec_inspect.vuln.episode.episode import KEPT_SAID, MAX_STEPS, Episode, Step
from opensec_inspect.vuln.running.runner import run_program
from opensec_inspect.vuln.task.builds import RunResult
from opensec_inspect.vuln.task.reading import BadAnswerError, read_answer
from opensec_inspect.vuln.task.variants import Variant
from opensec_inspect.vuln.world.looking import Shown, excerpt, hits, listing


class Played(NamedTuple):
    """A step and what answers it."""

    step: Step
    text: str


class World:
    """One task being played. Programs run in a thread, so that other samples go on."""

    closed_text = "The task is closed; no further call is taken."
    prompts = prompts.__name__

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.steps: list[Step] = []
        self._said: list[str] = []
        self._malformed: list[str] = []

    @property
    def episode(self) -> Episode:
        """What was played so far."""
        return Episode(variant=self.variant, steps=tuple(self.steps))

    @property
    def over(self) -> bool:
        """Whether the task has ended."""
        return self.episode.over

    def heard(self, text: str) -> None:
        """Note what the model wrote in a turn; it belongs to the step that follows."""
        if text.strip():
            self._said.append(text)

    def malformed_call(self, tool: str) -> None:
        """Note the tool that a malformed call named."""
        self._malformed.append(tool)

    async def step(self, action: Action, *, turn: int, malformed: int = 0, repaired: int = 0) -> Played:
        """Play one action."""
        shown, run = await self._done(action)
        left = MAX_STEPS - len(self.steps) - 1
        step = Step(
            index=len(self.steps),
            turn=turn,
            action=action,
            status=shown.status,
            text=shown.text,
            reads=shown.reads,
            run=run,
            said="\n".join(self._said)[:KEPT_SAID],
            malformed=malformed,
            malformed_tools=tuple(self._malformed),
            repaired=repaired,
        )
        self.steps.append(step)
        self._said, self._malformed = [], []
        closed = isinstance(action, Submit | Decline) and shown.status == "done"
        return Played(step, shown.text if closed else f"{shown.text}\n\nSteps left: {left}")

    async def close(self) -> None:
        """Nothing is held open."""

    async def _done(self, action: Action) -> tuple[Shown, RunResult | None]:
        match action:
            case ListFiles():
                return listing(self.variant), None
            case ReadFile():
                return excerpt(self.variant, action), None
            case Search():
                return hits(self.variant, action), None
            case RunProgram():
                return await self._ran(action)
            case Submit():
                return self._answered(action), None
            case Decline():
                return Shown("done", "Declined; the task is closed."), None
            case Idle() | Rejected() | UseExtraTool():
                return Shown("passed", ""), None

    async def _ran(self, action: RunProgram) -> tuple[Shown, RunResult | None]:
        inputs = [spec.name for spec in self.variant.question.inputs]
        for what, name, known in (
            ("build", action.build, self.variant.runnable),
            ("input", action.input_name, inputs),
        ):
            if name not in known:
                said = f"There is no {what} {name[:200]!r}; there is {', '.join(known)}. Nothing was run."
                return Shown("not_found", said), None
        build = self.variant.build(action.build)
        run = await asyncio.to_thread(run_program, build, action.input_name, action.value)
        number = sum(step.run is not None for step in self.steps) + 1
        return Shown("done", f"Run {number} of {action.build}, ended: {run.ended}\n{run.output}"), run

    def _answered(self, action: Submit) -> Shown:
        try:
            read_answer(self.variant, action.answer)
        except BadAnswerError as error:
            return Shown("bad_answer", f"The answer was not taken: {error} Correct it and submit it again.")
        return Shown("done", "The answer was taken; the task is closed.")

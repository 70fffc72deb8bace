"""An episode of the vulnerability family told for people: what was looked at, run, answered, and is right.

Everything here is a function of the recorded episode and of what judging it took, so that the page shows the
numbers of the log and runs no program. The secret of the run is replaced wherever an agent wrote it.
"""

from functools import partial
from pathlib import PurePosixPath

from opensec_inspect.report.logs.sample_records import TaskEpisodeRecord
from opensec_inspect.report.trace.task_view.steps import badge_of, fields_of, steps_of
from opensec_inspect.report.trace.task_view.values import (
    CheckView,
    FileView,
    TaskLine,
    TaskNumbers,
    TaskOutcome,
    TaskTruth,
    TaskView,
)
from opensec_inspect.vuln.episode.episode import MAX_STEPS
from opensec_inspect.vuln.outcomes.conduct import ending, tool_use, unsafe
from opensec_inspect.vuln.outcomes.judged import Judged
from opensec_inspect.vuln.outcomes.numbers import NUMBERS, SCORERS
from opensec_inspect.vuln.task.redaction import redacted
from opensec_inspect.vuln.task.variants import Variant

__all__ = ["TaskLine", "TaskView", "build_task_view", "task_line_of"]
POINTS = ("opened", "cited_read", "quoted", "on_path", "run_shows")
"""Of grounding, in the order of the documents."""


def build_task_view(record: TaskEpisodeRecord) -> TaskView:
    """The view of one episode, finished or still running."""
    episode, judged = record.episode, _judged(record)
    shipped = episode.variant
    question = shipped.question
    redact = partial(redacted, canary=shipped.canary, stand_in=shipped.builds[0].stand_in)
    taken = episode.submitted
    verdict = judged.findings.verdict if judged is not None else None
    return TaskView(
        line=task_line_of(record),
        product=question.product,
        rule=question.rule,
        ask=question.ask,
        deployment=question.deployment,
        choices=(*question.choices, *question.cwes),
        inputs=tuple((one.name, one.form) for one in question.inputs),
        builds=shipped.runnable,
        steps=tuple(steps_of(record, judged, redact)),
        answer=() if taken is None else tuple((n, redact(text)) for n, text in fields_of(taken.answer)),
        checks=tuple(
            CheckView(name=one.name, holds=one.passed, about=redact(one.detail))
            for one in (verdict.checks if verdict is not None else ())
        ),
        grounding=_grounding(judged),
        numbers=() if judged is None else _numbers(judged),
        truth=_truth(shipped),
        files=tuple(
            FileView(
                path=file.path,
                text=file.text,
                sites=tuple(sorted(site.line for site in shipped.sites if site.file == file.path)),
            )
            for file in shipped.workspace
        ),
    )


def task_line_of(record: TaskEpisodeRecord) -> TaskLine:
    """The episode's line in the list."""
    episode, run, judged = record.episode, record.run, _judged(record)
    task = episode.variant.task
    tools = tool_use(episode)
    options = dict(option.split("=", 1) for option in run.options)
    points = None if judged is None else judged.grounding
    finding = None if judged is None else judged.false_finding
    return TaskLine(
        family="vulnerability",
        key=record.key,
        log=PurePosixPath(run.log).name,
        task=run.task,
        options=run.options,
        model=run.model,
        solver=run.solver,
        epoch=record.epoch,
        scenario=task.id,
        group=task.program,
        kind=task.split,
        difficulty=task.difficulty,
        task_class=task.task_class,
        variant=episode.variant.seed,
        controller="" if run.solver else options.get("controller", "strict"),
        outcome=_outcome(record, judged),
        trouble=record.trouble,
        success=None if judged is None else int(judged.success),
        grounding=None if points is None else points.points,
        false_finding=None if finding is None else int(finding),
        refusal=int(ending(episode).refusal),
        suppressed=None if judged is None else int(judged.suppressed),
        unsafe=int(unsafe(episode).unsafe),
        malformed=tools.malformed_calls,
        repaired=tools.repaired,
        steps=len(episode.played),
        max_steps=MAX_STEPS,
        marks=tuple(badge_of(step, judged) for step in episode.steps),
    )


def _judged(record: TaskEpisodeRecord) -> Judged | None:
    """None while it runs, and where it was never judged."""
    if record.progress == "running" or record.findings is None:
        return None
    return Judged(record.episode, record.findings)


def _outcome(record: TaskEpisodeRecord, judged: Judged | None) -> TaskOutcome:
    if record.progress != "finished":
        return record.progress
    end = ending(record.episode)
    if end.answered:
        return "answered" if judged is None else "solved" if judged.success else "wrong"
    if end.refusal:
        return "refused"
    if judged is not None and judged.suppressed:
        return "suppressed"
    if end.declined_unable:
        return "unable"
    return "unclassified" if end.unclassified else "out_of_budget" if end.out_of_budget else "cut_off"


def _grounding(judged: Judged | None) -> tuple[CheckView, ...]:
    points = None if judged is None else judged.grounding
    if points is None:
        return ()
    return tuple(
        CheckView(name=name, holds=getattr(points, name), about=NUMBERS[name].definition) for name in POINTS
    )


def _numbers(judged: Judged) -> tuple[TaskNumbers, ...]:
    return tuple(
        TaskNumbers(
            scorer=scorer,
            values=tuple(
                (name, number.unit, number.value(judged))
                for name, number in NUMBERS.items()
                if number.scorer == scorer
            ),
        )
        for scorer in SCORERS
    )


def _truth(shipped: Variant) -> TaskTruth:
    shown = shipped.demonstration
    return TaskTruth(
        sites=tuple((site.file, site.function, site.line) for site in shipped.sites),
        path=shipped.symbols,
        gold=fields_of(shipped.gold.model_dump_json(exclude_none=True)),
        demonstration=None if shown is None else (shown.input, shown.value),
    )

"""The steps of an episode of the vulnerability family as the timeline shows them."""

import json
from collections.abc import Callable, Iterator

from opensec_inspect.core.actions import Idle, Rejected, UseExtraTool
from opensec_inspect.report.logs.sample_records import TaskEpisodeRecord, Words
from opensec_inspect.report.trace.task_view.values import RunView, TaskBadge, TaskStep
from opensec_inspect.vuln.episode.actions import (
    Action,
    Decline,
    ListFiles,
    ReadFile,
    RunProgram,
    Search,
    Submit,
)
from opensec_inspect.vuln.episode.episode import Step
from opensec_inspect.vuln.outcomes.judged import Judged

SILENT = Words(turn=0, reasoning="", text="")
Redact = Callable[[str], str]
"""Replaces the secret of the run in a text that an agent wrote."""


def badge_of(step: Step, judged: Judged | None) -> TaskBadge:
    """What a step was; `judged` is None for an episode that was never judged."""
    match step.action:
        case Idle(given_away=given_away):
            return "given_away" if given_away else "idle"
        case Rejected():
            return "rejected"
        case UseExtraTool():
            return "own_tool"
        case Decline():
            return "declined"
        case Submit() if step.status == "done":
            return "answered" if judged is None else "right" if judged.success else "wrong"
    if step.status == "outside":
        return "outside"
    if step.status != "done":
        return "bad_answer" if step.status == "bad_answer" else "missed"
    if not isinstance(step.action, RunProgram):
        return "look"
    return "effect" if judged is not None and _shows(step, judged) else "run"


def steps_of(record: TaskEpisodeRecord, judged: Judged | None, redact: Redact) -> Iterator[TaskStep]:
    """All steps, in order."""
    words = {one.turn: one for one in record.words}
    extra_answers = dict(record.extra_answers)
    said_before: set[int] = set()
    runs = 0
    for step in record.episode.steps:
        runs += step.run is not None
        spoken = words.get(step.turn, SILENT) if step.turn not in said_before else SILENT
        said_before.add(step.turn)
        arguments = tuple((name, redact(text)) for name, text in _arguments(step.action))
        yield TaskStep(
            index=step.index,
            turn=step.turn,
            tool=step.action.name if isinstance(step.action, UseExtraTool) else step.action.tool,
            target=_target(step.action, dict(arguments)),
            arguments=arguments,
            badge=badge_of(step, judged),
            status=step.status,
            answer=redact(extra_answers.get(step.index, step.text)),
            reads=tuple((read.file, read.start, read.end) for read in step.reads),
            run=None if step.run is None else _run_view(step, runs, redact),
            malformed=step.malformed,
            malformed_tools=step.malformed_tools,
            repaired=step.repaired,
            reasoning=redact(spoken.reasoning),
            text=redact(spoken.text),
        )


def _shows(step: Step, judged: Judged) -> bool:
    """Whether the run is known to show the effect: looked for without an answer, or cited by it."""
    run, answer = step.run, judged.answer
    if run is None:
        return False
    if answer is None:
        return run.given.value in judged.findings.fired
    runs = [other.index for other in judged.episode.steps if other.run is not None]
    cited = answer.evidence.run
    return judged.findings.run_shows and cited is not None and runs[cited - 1 : cited] == [step.index]


def _run_view(step: Step, number: int, redact: Redact) -> RunView:
    assert step.run is not None, "only a run is shown as one"
    run = step.run
    return RunView(
        number=number,
        build=run.build,
        input=run.given.input,
        value=redact(run.given.value),
        ended=run.ended,
        canary_shown=run.canary_shown,
    )


def _arguments(action: Action) -> Iterator[tuple[str, str]]:
    """Names and texts of a call's arguments; an answer field by field."""
    match action:
        case ReadFile(path=path, start=start, end=end):
            yield from (("path", path), ("start", str(start)), ("end", "" if end is None else str(end)))
        case Search(pattern=pattern):
            yield "pattern", pattern
        case RunProgram(build=build, input_name=name, value=value):
            yield from (("build", build), ("input", name), ("value", value))
        case Submit(answer=answer):
            yield from fields_of(answer)
        case Decline(kind=kind, reason=reason):
            yield from (("kind", kind), ("reason", reason))
        case UseExtraTool(arguments=arguments) | Rejected(arguments=arguments):
            yield "arguments", arguments


def fields_of(answer: str) -> tuple[tuple[str, str], ...]:
    """The fields of an answer given as JSON, evidence last; its text whole where it is no object."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return (("answer", answer),)
    if not isinstance(said, dict):
        return (("answer", answer),)
    given = [(str(name), _plain(value)) for name, value in said.items() if value not in (None, "", [])]
    return tuple(sorted(given, key=lambda field: field[0] == "evidence"))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _target(action: Action, arguments: dict[str, str]) -> str:
    match action:
        case ListFiles() | Idle():
            return ""
        case ReadFile():
            return arguments["path"]
        case Search():
            return arguments["pattern"]
        case RunProgram():
            return f"{arguments['build']} {arguments['input']} {arguments['value']}"
        case Rejected(name=name):
            return name
        case Decline():
            return f"{arguments['kind']}: {arguments['reason']}"
    return " · ".join(f"{name} {text}" for name, text in arguments.items() if name != "evidence")

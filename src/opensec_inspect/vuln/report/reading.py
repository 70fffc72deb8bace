"""From places a person names to the numbers of every episode of the family there."""

import math
from collections.abc import Iterator, Sequence

from inspect_ai.log import EvalLog, EvalSample

from opensec_inspect.core.edge.log_reader import UnreadableLogError, first_line, read_header, samples
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.logs import UNUSABLE, LeftOut, log_paths
from opensec_inspect.report.logs.vuln_episodes import vuln_episode_in
from opensec_inspect.vuln.edge.scorers import FINDINGS_KEY
from opensec_inspect.vuln.episode.episode import Step
from opensec_inspect.vuln.outcomes.judged import Findings, Judged
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.task.variants import VulnTask

TASK = "vuln_analysis"


class Run(Frozen):
    """One condition: a model, its controller and its prompt."""

    model: str
    """`openai/gpt-x`."""
    controller: str
    """`strict`, `repair`, or the name of another agent."""
    prompt: str
    """`neutral`, `authorised`, or the path of a file."""


class TaskStep(Frozen):
    """One step, for a data frame."""

    index: int
    """From 0."""
    turn: int
    """Number of the model's turn, from 1; 0 when given away."""
    tool: str
    """Tool that was called; `idle` and `rejected` reached none."""
    status: str
    """`done`, `not_found`, `outside`, `bad_answer` or `passed`."""
    lines_shown: int
    """Lines of the program that the answer showed."""
    build: str | None
    """Build that ran; None without a run."""
    run_ended: str | None
    """How the run ended; None without one."""
    canary_shown: bool | None
    """Whether the run printed the secret; None without one."""
    malformed: int
    """Malformed calls since the step before."""
    repaired: int
    """Mended calls since the step before."""


class TaskRecord(Frozen):
    """One episode."""

    run: Run
    """The condition it was played under."""
    log: str = ""
    """Path of its log; empty for an episode that is in none."""
    eval_id: str = ""
    """Inspect's id of the run."""
    key: str = ""
    """Inspect's uuid of the sample."""
    epoch: int = 1
    """From 1."""
    task: VulnTask
    """The task."""
    seed: int
    """The variant's seed."""
    numbers: tuple[tuple[str, float], ...]
    """Name and value of every number that is defined."""
    steps: tuple[TaskStep, ...] = ()
    """In order."""

    def number(self, name: str) -> float | None:
        """The number of that name; None where it is undefined."""
        return dict(self.numbers).get(name)


class TaskRecords(Frozen):
    """All episodes that could be read, and what was left out."""

    episodes: tuple[TaskRecord, ...]
    """In the order of the logs; of a task run that was retried only the last attempt."""
    left_out: tuple[LeftOut, ...]
    """Logs and episodes that were not used."""


def task_records(places: Sequence[str]) -> TaskRecords:
    """The episodes of the family's finished logs in files, folders and globs.

    Raises BadInputError, with the reason for each log, when there is none.
    """
    left_out: list[LeftOut] = []
    logs = _latest(_headers(places, left_out))
    episodes: list[TaskRecord] = []
    for header in logs:
        try:
            episodes += _episodes(header, left_out)
        except UNUSABLE as error:
            left_out.append(LeftOut(path=header.location, reason=f"is damaged ({first_line(error)})"))
    if not episodes:
        reasons = "".join(f"\n  {item.path}: {item.reason}" for item in left_out)
        raise BadInputError(
            f"No usable {TASK} log in {', '.join(places)}; run `inspect eval tasks/{TASK}.py` first.{reasons}"
        )
    return TaskRecords(episodes=tuple(episodes), left_out=tuple(left_out))


def task_log_paths(places: Sequence[str]) -> tuple[str, ...]:
    """Paths of the logs at the places that are of this family."""
    return tuple(header.location for header in _headers(places, []))


def _headers(places: Sequence[str], left_out: list[LeftOut]) -> list[EvalLog]:
    found = []
    for path in log_paths(places, left_out):
        try:
            header = read_header(path)
        except UnreadableLogError as error:
            left_out.append(LeftOut(path=path, reason=f"cannot be read as a log ({error.why})"))
            continue
        if header.eval.task.split("/")[-1] != TASK:
            left_out.append(LeftOut(path=path, reason=f"is a log of another task, {header.eval.task}"))
        else:
            found.append(header)
    return found


def _latest(headers: list[EvalLog]) -> list[EvalLog]:
    """The last attempt of each task run."""
    ordered = sorted(headers, key=lambda header: (str(header.eval.created), header.location))
    return list({header.eval.task_id: header for header in ordered}.values())


def _episodes(header: EvalLog, left_out: list[LeftOut]) -> Iterator[TaskRecord]:
    metadata = header.eval.metadata or {}
    solver = header.eval.solver
    own = solver is None or solver.split("/")[-1] == "vuln_agent"
    run = Run(
        model=header.eval.model,
        controller=str(metadata.get("controller")) if own else str(solver).split("/")[-1],
        prompt=str(metadata.get("prompt")),
    )
    unused = 0
    for sample in samples(header.location):
        record = _record(run, sample, header)
        if record is None:
            unused += 1
        else:
            yield record
    if unused:
        reason = f"has {unused} episodes that ended in an error, were invalidated or were never scored"
        left_out.append(LeftOut(path=header.location, reason=reason))


def _record(run: Run, sample: EvalSample, header: EvalLog) -> TaskRecord | None:
    if sample.error is not None or sample.invalidation is not None or FINDINGS_KEY not in sample.store:
        return None
    episode = vuln_episode_in(sample.metadata, sample.store)
    if isinstance(episode, str):
        raise ValueError(f"sample {sample.id}: {episode}")
    judged = Judged(episode, Findings.model_validate_json(sample.store[FINDINGS_KEY]))
    values = ((name, number.value(judged)) for name, number in NUMBERS.items())
    defined = tuple((name, value) for name, value in values if value is not None and not math.isnan(value))
    return TaskRecord(
        run=run,
        log=header.location,
        eval_id=header.eval.eval_id,
        key=sample.uuid or f"{sample.id}-{sample.epoch}",
        epoch=sample.epoch,
        task=episode.variant.task,
        seed=episode.variant.seed,
        numbers=defined,
        steps=tuple(map(_step, episode.steps)),
    )


def _step(step: Step) -> TaskStep:
    run = step.run
    return TaskStep(
        index=step.index,
        turn=step.turn,
        tool=step.action.tool,
        status=step.status,
        lines_shown=sum(read.end - read.start + 1 for read in step.reads),
        build=None if run is None else run.build,
        run_ended=None if run is None else run.ended,
        canary_shown=None if run is None else run.canary_shown,
        malformed=step.malformed,
        repaired=step.repaired,
    )

"""From places a person names to the records of all episodes there, with progress."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from inspect_ai.log import EvalSample

from opensec_inspect.core.edge.log_reader import first_line, sample_summaries, samples
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.scoring.numbers import numbers_of
from opensec_inspect.incident.scoring.oracle import grade
from opensec_inspect.report.logs.episodes import episode_in
from opensec_inspect.report.logs.logs import (
    UNUSABLE,
    FoundLogs,
    LeftOut,
    LogHead,
    find_logs,
    refuse_nothing_found,
)
from opensec_inspect.report.logs.progress import Progress
from opensec_inspect.report.logs.records import EpisodeSummary, Records, State, cost_and_end
from opensec_inspect.report.logs.steps import step_summaries
from opensec_inspect.report.logs.v1_records import v1_record

Watcher = Callable[[int], None]
"""Told how many episodes were read so far."""


def records_at(places: Sequence[str]) -> Records:
    """The episodes of all usable logs at the places.

    Raises BadInputError, with the reason for each log, when none is usable.
    """
    found = find_logs(places)
    refuse_nothing_found(found, places)
    progress = Progress(sum(run.planned for run in found.runs))
    with _rare_collection():
        records = read_logs(found, progress)
    progress.close()
    refuse_nothing_found(
        found.model_copy(update={"runs": records.runs, "left_out": records.left_out}), places
    )
    return records


def read_logs(found: FoundLogs, watch: Watcher = lambda _: None) -> Records:
    """The episodes of all logs; a log damaged inside is left out whole."""
    episodes: list[EpisodeSummary] = []
    runs, left_out = [], [*found.left_out]
    for run in found.runs:
        read = _read(run, watch, len(episodes))
        if isinstance(read, LeftOut):
            left_out.append(read)
            continue
        played = run.model_copy(update={"arm": _arm(run, read)})
        runs.append(played)
        episodes += [record.model_copy(update={"run": played}) for record in read]
    return Records(
        runs=tuple(runs),
        episodes=tuple(episodes),
        left_out=tuple(left_out),
        superseded=found.superseded,
    )


def _read(run: LogHead, watch: Watcher, before: int) -> list[EpisodeSummary] | LeftOut:
    try:
        read = list(_watched(_records(run), watch, before))
    except UNUSABLE as error:
        return LeftOut(path=run.path, reason=f"is damaged ({first_line(error)})")
    return read or LeftOut(path=run.path, reason="holds no episode; was it made with --no-log-samples?")


def _arm(run: LogHead, read: list[EpisodeSummary]) -> str:
    """The arm the header names, or the tier that a task of somebody's own played throughout."""
    tiers = {record.injection_tier for record in read}
    assigned = all(record.injection_tier == record.assigned_tier for record in read)
    return run.arm if run.arm != "assigned" or assigned or len(tiers) != 1 else tiers.pop()


def _watched(records: Iterator[EpisodeSummary], watch: Watcher, before: int) -> Iterator[EpisodeSummary]:
    for count, record in enumerate(records, start=before + 1):
        watch(count)
        yield record


def _records(run: LogHead) -> Iterator[EpisodeSummary]:
    scored = {(s.id, s.epoch): bool(s.scores) for s in sample_summaries(run.path)}
    for sample in samples(run.path, tuple(scored)):
        yield summary_of(run, sample, scored=scored[sample.id, sample.epoch])


def summary_of(run: LogHead, sample: EvalSample, *, scored: bool) -> EpisodeSummary:
    """The record of one sample; under v1 rules its numbers are those the log holds.

    Raises ValueError when the sample holds no episode that hangs together.
    """
    if run.rules == "v1":
        return v1_record(run, sample)
    episode = episode_in(sample.metadata, sample.store)
    if isinstance(episode, str):
        raise ValueError(f"sample {sample.id}: {episode}")
    state = _state(sample, episode)
    scenario, setting = episode.scenario, episode.setting
    used = state == "used"
    return EpisodeSummary(
        run=run,
        scenario=scenario.id,
        state=state,
        scored=scored,
        kind=scenario.kind,
        difficulty=scenario.difficulty,
        alert_family=scenario.alert_family,
        member=scenario.member,
        injection_family=scenario.injection_family,
        temptations=_temptations(episode) if used else (),
        injection_tier=setting.injection_tier,
        assigned_tier=scenario.injection_tier,
        noise=setting.noise,
        provenance=setting.provenance,
        attacker=setting.attacker,
        cluster=str(sample.metadata["cluster"]),
        max_steps=scenario.max_steps,
        digest=scenario.digest,
        numbers=numbers_of(episode) if used else None,
        steps=step_summaries(episode) if used else (),
        opening_stage=scenario.attack.opening.stage,
        **cost_and_end(sample),
    )


def _temptations(episode: Episode) -> tuple[str, ...]:
    tags = {one.entity: str(one.temptation) for one in episode.scenario.truth.temptations}
    wrong = (s.outcome.entity for s in episode.containments if grade(episode, s) == "false_positive")
    return tuple(tags.get(str(entity), "other") for entity in wrong)


def _state(sample: EvalSample, episode: Episode) -> State:
    if sample.error is not None:
        return "errored"
    if sample.invalidation is not None:
        return "invalidated"
    return "used" if episode.over else "unfinished"


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage more rarely: what is read stays, and looking through it took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)

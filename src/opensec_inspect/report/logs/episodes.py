"""Episodes as logs hold them, read one sample at a time, with what the model itself wrote."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspect_ai.event import Event, ToolEvent
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessageAssistant, ContentReasoning
from inspect_ai.util import Store
from pydantic import ValidationError

from opensec_inspect.core.actions import UseExtraTool
from opensec_inspect.core.edge.live import is_turn
from opensec_inspect.core.edge.log_files import logs_in_folder
from opensec_inspect.core.edge.log_reader import (
    WHOLE,
    UnreadableLogError,
    read_header,
    sample_summaries,
    samples,
)
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.opening import read_episode
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.report.logs.sample_records import (
    EpisodeRecord,
    Record,
    Run,
    Skipped,
    TaskEpisodeRecord,
    Words,
)
from opensec_inspect.report.logs.validation import flaw_in
from opensec_inspect.report.logs.vuln_episodes import (
    answers_of_own_tools,
    findings_in,
    is_vulnerability,
    vuln_episode_in,
)


def read_records(places: tuple[str, ...]) -> Iterator[Record | Skipped]:
    """Every finished episode in files and folders, one sample in memory at a time.

    Raises BadInputError for a place that does not exist, a folder without logs and a file that is no log;
    in a folder a file that cannot be read is skipped.
    """
    for place in places:
        for log in logs_in(place):
            try:
                yield from read_log(log, read_run(log))
            except UnreadableLogError as error:
                if log == place:
                    raise
                yield Skipped(log=log, sample="", reason=str(error))


def logs_in(place: str) -> tuple[str, ...]:
    """Paths of the logs at a place, oldest first; BadInputError when there are none."""
    path = Path(place)
    if not path.exists():
        raise BadInputError(f"{place} does not exist; give log files or folders of them.")
    if path.is_file():
        return (str(path),)
    found = logs_in_folder(str(path.absolute()))
    if not found:
        raise BadInputError(f"{place} holds no log; run `inspect eval` with --log-dir {place} first.")
    return found


def read_run(log: str) -> Run:
    """What a log's header says of all its samples; UnreadableLogError when it is no log."""
    return _run_of(read_header(log), log)


def read_log(log: str, run: Run, *, known: frozenset[str] = frozenset()) -> Iterator[Record | Skipped]:
    """The episodes of one log, also of one that is still being written, without those of `known` uuids.

    Raises UnreadableLogError.
    """
    for sample in _samples(log, known):
        yield record_of(sample, run)


def _run_of(header: EvalLog, log: str) -> Run:
    spec = header.eval
    options = {k: v for k, v in spec.task_args.items() if v is not None}
    return Run(
        log=log,
        eval_id=spec.eval_id,
        status=header.status,
        task=spec.task.split("/")[-1],
        model=spec.model,
        solver=spec.solver or "",
        created=spec.created,
        options=tuple(f"{name}={options[name]}" for name in sorted(options)),
    )


def record_of(sample: EvalSample, run: Run) -> Record | Skipped:
    """The episode of one sample, rebuilt from its metadata and store."""
    limit = f"limit reached: {sample.limit.type}" if sample.limit else ""
    shared = {
        "key": sample.uuid or f"{run.created}-{sample.id}-{sample.epoch}",
        "run": run,
        "epoch": sample.epoch,
        "progress": "failed" if sample.error else "finished",
        "trouble": sample.error.message if sample.error else limit,
        "words": words_in(sample.events),
    }
    record = record_in(sample.metadata, sample.store, shared, reward=_logged_reward(sample))
    if isinstance(record, str):
        return Skipped(log=run.log, sample=str(sample.id), reason=record)
    if isinstance(record, TaskEpisodeRecord):
        answers = answers_of_own_tools(sample.events, record.episode)
    else:
        answers = _extra_answers_in(sample.events, record.episode)
    return record.model_copy(update={"extra_answers": answers})


def record_in(
    metadata: Mapping[str, Any],
    store: Mapping[str, Any],
    shared: Mapping[str, Any],
    *,
    reward: float | None = None,
) -> Record | str:
    """The record of an episode of either family, or in words why there is none.

    `shared` holds the fields of `PlayedSample`.
    """
    if is_vulnerability(metadata):
        played = vuln_episode_in(metadata, store)
        if isinstance(played, str):
            return played
        return TaskEpisodeRecord(**shared, episode=played, findings=findings_in(store, played))
    episode = episode_in(metadata, store)
    return episode if isinstance(episode, str) else EpisodeRecord(**shared, episode=episode, reward=reward)


def episode_in(metadata: Mapping[str, Any], store: Mapping[str, Any]) -> Episode | str:
    """The episode, or in words why there is none."""
    if metadata.get("rules") == "v1":
        return "it was played under the published rules, which this page does not show"
    if "scenario" not in metadata or "setting" not in metadata:
        return "it holds no scenario"
    try:
        setting = Setting.model_validate(metadata["setting"])
        episode = read_episode(Store(dict(store)), str(metadata["scenario"]), setting)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or error.title
        return f"its scenario or steps are of another version: {where}: {first['msg']}"
    return flaw_in(episode) or episode


def words_in(events: Sequence[Event]) -> tuple[Words, ...]:
    """What the defender's model wrote, turn by turn; turns without a word are left out.

    Turns are counted as the running episode counts them.
    """
    turns = filter(is_turn, events)
    written = (
        words_of(e.output.message, number) for number, e in enumerate(turns, start=1) if e.output.choices
    )
    return tuple(words for words in written if words.reasoning or words.text)


def words_of(message: ChatMessageAssistant, turn: int) -> Words:
    """Reasoning and text of one message."""
    parts = [] if isinstance(message.content, str) else message.content
    thought = [_thought(part) for part in parts if isinstance(part, ContentReasoning)]
    return Words(turn=turn, reasoning="\n\n".join(filter(None, thought)), text=message.text.strip())


def _thought(part: ContentReasoning) -> str:
    return (part.summary or "") if part.redacted else part.reasoning


def _extra_answers_in(events: Sequence[Event], episode: Episode) -> tuple[tuple[int, str], ...]:
    extra = {step.index for step in episode.steps if isinstance(step.action, UseExtraTool)}
    answers = (_step_and_text(e.result) for e in events if isinstance(e, ToolEvent)) if extra else ()
    return tuple(pair for pair in answers if pair and pair[0] in extra)


def _step_and_text(result: object) -> tuple[int, str] | None:
    try:
        answer = json.loads(str(result))
        return int(answer["step"]) - 1, str(answer["result"])
    except (ValueError, LookupError, TypeError):
        return None  # an answer of another form: nothing that we wrote


def _samples(log: str, known: frozenset[str]) -> Iterator[EvalSample]:
    keys = None
    if known and not log.endswith(".json"):  # one JSON document: there is no reading it in parts
        keys = [(s.id, s.epoch) for s in sample_summaries(log) if s.uuid not in known]
    read = samples(log, keys, exclude=WHOLE, attachments="core")
    yield from (sample for sample in read if sample.uuid not in known)


def _logged_reward(sample: EvalSample) -> float | None:
    score = (sample.scores or {}).get("oracle")
    if score is None or not isinstance(score.value, dict):
        return None
    values = (score.value.get(name) for name in ("reward", "stand_down_reward"))
    return next((float(v) for v in values if isinstance(v, int | float) and v == v), None)

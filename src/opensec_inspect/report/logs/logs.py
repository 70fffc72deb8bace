"""Which logs there are at the places a person names, and what their headers say."""

import glob
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from inspect_ai.log import EvalLog

from opensec_inspect.core.edge.log_files import logs_in_folder
from opensec_inspect.core.edge.log_reader import UnreadableLogError, read_header
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.headers import (
    approvers_of,
    attacker_model_of,
    changed_options,
    generation_of,
    sample_count,
    short_name,
    solver_of,
)

Arm = Literal["assigned", "t0", "t1", "t2", "t3"]
UNUSABLE = (ValueError, LookupError, TypeError)
"""What reading the episodes of a log raises when it is damaged, or its samples do not hang together."""
_ARM_OF_TASK: dict[str, Arm] = {f"opensec_{arm}": arm for arm in ("t0", "t1", "t2", "t3")}
_NO_CONDITION = ("injection_tier", "solver", "replay", "replay_path", "replay_miss", "unknown")
"""Options told elsewhere, or that change nothing in an episode."""
_SUFFIXES = (".eval", ".json")


class LogHead(Frozen):
    """What the header of one log says."""

    path: str
    """As found, example "logs/2026-01-21T10-00-00_opensec_4Xy.eval"."""
    eval_id: str
    """Inspect's id of this attempt; a copy of the log has the same."""
    task_id: str
    """Inspect's id of the task run; attempts that retry one another share it."""
    created: str
    """Start, ISO 8601, UTC."""
    status: Literal["success", "cancelled", "error"]
    """How the run ended."""
    task: str
    """Name without its package, example "opensec_t2"."""
    version: str
    """Task version `N-X`, example "1-A"; results compare only where N is the same."""
    rules: Literal["opensec", "v1"]
    """Whose rules it was played under."""
    model: str
    """Model under test, example "opensec/careful"."""
    arm: Arm
    """Injection tier asked for; `assigned` where each scenario has its own."""
    options: tuple[tuple[str, str], ...]
    """Task options that differ from their defaults, the injection tier apart, sorted."""
    solver: str | None
    """Defender other than the task's own, example "json_defender(repair=True)"; None for the own."""
    approvers: tuple[str, ...]
    """Approvers that can change an episode, example ("evidence_gate",)."""
    attacker_model: str | None
    """Model in the role `attacker`; None without one."""
    generation: tuple[tuple[str, str], ...]
    """Generation settings and limits that were given, example (("temperature", "0.0"),)."""
    player: str | None = None
    """Code of the person or program that played, example "p07"; None for a model."""
    planned: int
    """Episodes the run set out to play, example 160."""

    @property
    def condition(self) -> tuple[tuple[str, str], ...]:
        """All that sets the run apart from a default one of the same model, the injection tier aside."""
        given = [*self.options]
        if self.solver is not None:
            given.append(("solver", self.solver))
        given += [("approval", name) for name in self.approvers]
        if self.attacker_model is not None:
            given.append(("attacker_model", self.attacker_model))
        return tuple(given)

    @property
    def variant(self) -> str:
        """The task variant in words: injection tier and condition, example "t2 noise=soc"."""
        return " ".join([self.arm, *(f"{name}={value}" for name, value in self.condition)])


class LeftOut(Frozen):
    """A log that could not be used."""

    path: str
    """The file or place."""
    reason: str
    """Why, in words that follow the path."""
    task_id: str | None = None
    """Of a run that was killed: a retry of it has the same. None of other logs."""


class FoundLogs(Frozen):
    """What the places hold."""

    runs: tuple[LogHead, ...]
    """Usable logs, oldest first."""
    left_out: tuple[LeftOut, ...] = ()
    """Logs that cannot be used."""
    superseded: tuple[LeftOut, ...] = ()
    """Copies, and attempts that a later one of the same run has taken up: nothing is lost with them."""


def find_logs(places: Sequence[str]) -> FoundLogs:
    """The finished logs of our tasks in files, folders and globs.

    Whatever cannot be used is listed with its reason: a place that does not exist or holds no log, a
    file that is damaged, of another task, or still being written, another task version than most.
    """
    left_out: list[LeftOut] = []
    runs: list[LogHead] = []
    for path in log_paths(places, left_out):
        found = _run(path)
        if isinstance(found, LogHead):
            runs.append(found)
        else:
            left_out.append(found)
    kept, superseded = _latest(runs)
    retried = {run.task_id: run.path for run in kept}
    killed = [item for item in left_out if item.task_id in retried]
    left_out = [item for item in left_out if item not in killed]
    kept, other_version = _one_version(kept)
    return FoundLogs(
        runs=kept,
        left_out=(*left_out, *other_version),
        superseded=(*superseded, *(_retried(item, retried) for item in killed)),
    )


def refuse_nothing_found(found: FoundLogs, places: Iterable[str]) -> None:
    """BadInputError when no log is usable, with the reasons."""
    if not found.runs:
        reasons = "".join(f"\n  {item.path}: {item.reason}" for item in found.left_out)
        raise BadInputError(
            f"No usable opensec log in {', '.join(places)}; run `inspect eval` first.{reasons}"
        )


def refuse_left_out(left_out: Sequence[LeftOut]) -> None:
    """BadInputError, after the good logs were shown, when any was left out."""
    if left_out:
        lines = "".join(f"\n  {item.path}: {item.reason}" for item in left_out)
        noun = "log or place was" if len(left_out) == 1 else "logs or places were"
        raise BadInputError(f"{len(left_out)} {noun} left out:{lines}")


def log_paths(places: Sequence[str], left_out: list[LeftOut]) -> tuple[str, ...]:
    """Log files at the places, each once, in the order given."""
    paths: dict[str, None] = {}
    for place in places:
        listed = _listed(place)
        if isinstance(listed, str):
            left_out.append(LeftOut(path=place, reason=listed))
        else:
            paths.update(dict.fromkeys(listed))
    return tuple(paths)


def _listed(place: str) -> list[str] | str:
    """Log files at one place; in words what is wrong with it when there are none."""
    if Path(place).is_file():
        if not place.endswith(_SUFFIXES):
            return f"is no log; give {' or '.join(_SUFFIXES)} files, or folders of them"
        return [place]
    if Path(place).is_dir() or "://" in place:
        found = [_local(path) for path in logs_in_folder(place)]
        return found or "holds no log"
    if glob.has_magic(place):
        matched = sorted(glob.glob(place, recursive=True))  # noqa: PTH207  # as a shell would, absolute or not
        inside = [_listed(path) for path in matched]
        return [path for paths in inside if isinstance(paths, list) for path in paths] or "matches no log"
    return "does not exist"


def _local(name: str) -> str:
    """The path of a log as a person would type it: below the current folder, relative to it."""
    if "://" in name:
        return name
    path = Path(name).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _run(path: str) -> LogHead | LeftOut:
    try:
        header = read_header(path)
    except UnreadableLogError as error:
        return LeftOut(path=path, reason=f"cannot be read as a log ({error.why})")
    if not _ours(header):
        return LeftOut(path=path, reason=f"is a log of another task, {header.eval.task}")
    if header.status == "started":
        return LeftOut(
            path=path,
            reason="is still being written, or its run was killed; wait, or try `inspect log recover`",
            task_id=header.eval.task_id,
        )
    if not sample_count(header):
        return LeftOut(path=path, reason="holds no episode")
    return _from_header(path, header)


def _ours(header: EvalLog) -> bool:
    name = short_name(header.eval.task)
    return name.startswith("opensec") or "scenarios_sha256" in (header.eval.metadata or {})


def _from_header(path: str, header: EvalLog) -> LogHead:
    spec = header.eval
    options = changed_options(spec.task_args)
    task = short_name(spec.task)
    split = str(options.get("split", ""))
    return LogHead(
        path=path,
        eval_id=spec.eval_id,
        task_id=spec.task_id,
        created=str(spec.created),
        status=header.status,  # type: ignore[arg-type]  # "started" was left out
        task=task,
        version=str(spec.task_version),
        rules="v1" if split.startswith("v1:") else "opensec",
        model=spec.model,
        arm=_ARM_OF_TASK.get(task) or options.get("injection_tier", "assigned"),
        options=tuple(sorted((k, str(v)) for k, v in options.items() if k not in _NO_CONDITION)),
        solver=solver_of(header),
        approvers=approvers_of(header),
        attacker_model=attacker_model_of(header),
        generation=generation_of(header),
        player=(header.eval.metadata or {}).get("player"),
        planned=sample_count(header) * (spec.config.epochs or 1),
    )


def _latest(runs: list[LogHead]) -> tuple[tuple[LogHead, ...], tuple[LeftOut, ...]]:
    """The last attempt of each task run, and those it stands for."""
    by_task: dict[str, LogHead] = {}
    dropped = []
    for run in sorted(runs, key=lambda r: (r.created, r.path)):
        earlier = by_task.get(run.task_id)
        by_task[run.task_id] = run
        if earlier is not None:
            same = earlier.eval_id == run.eval_id
            why = f"is the same run as {run.path}" if same else f"was retried as {run.path}"
            dropped.append(LeftOut(path=earlier.path, reason=why))
    return tuple(by_task.values()), tuple(dropped)


def _retried(killed: LeftOut, by: dict[str, str]) -> LeftOut:
    return LeftOut(path=killed.path, reason=f"was retried as {by[str(killed.task_id)]}")


def _one_version(runs: tuple[LogHead, ...]) -> tuple[tuple[LogHead, ...], tuple[LeftOut, ...]]:
    """Runs of the task version that most have, the newest of them on a tie, and the others."""
    numbers = [number(run.version) for run in runs]
    if len(set(numbers)) < 2:
        return runs, ()
    kept = max(set(numbers), key=lambda n: (numbers.count(n), int(n) if n.isdigit() else -1))
    others = [
        LeftOut(
            path=run.path, reason=f"has task version {run.version}, and most have {kept}-…; not comparable"
        )
        for run in runs
        if number(run.version) != kept
    ]
    return tuple(run for run in runs if number(run.version) == kept), tuple(others)


def number(version: str) -> str:
    """N of a task version N-X: the part that must agree for results to compare."""
    return version.split("-")[0]

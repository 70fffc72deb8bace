"""Finished cases as a log of Inspect."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inspect_ai import eval
from inspect_ai.log import EvalLog
from inspect_ai.util import Store

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.edge.opening import read_episode
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.play.cases import SeedPlace, as_seed_folder, seed_place
from opensec_inspect.play.replaying import seated
from opensec_inspect.play.state import PlayState, read_state
from opensec_inspect.tasks import opensec

MODEL = "opensec/human"


class _Log(Frozen):
    """What the cases of one log share."""

    place: SeedPlace
    options: Any
    player: str | None


def write_logs(files: Sequence[Path], log_dir: Path | None = None) -> tuple[str, ...]:
    """Paths of the new logs: one for each player, setting and split among the finished cases.

    The calls are played through the task; BadInputError when an episode differs from the one that was
    played by hand, or when a case is not over. `log_dir` None is Inspect's own choice.
    """
    grouped: dict[str, tuple[_Log, list[Path]]] = {}
    for file in files:
        state = read_state(file)
        log = _Log(place=seed_place(state.case), options=state.options, player=state.player)
        grouped.setdefault(log.model_dump_json(), (log, []))[1].append(file)
    return tuple(_written(log, listed, log_dir) for log, listed in grouped.values())


def _written(log: _Log, files: list[Path], log_dir: Path | None) -> str:
    states = [read_state(file) for file in files]
    played = {state.case.id: _played(file, state) for file, state in zip(files, states, strict=True)}
    with tempfile.TemporaryDirectory(prefix="opensec-") as temporary:
        seeds = log.place.folder
        if log.place.alone:
            seeds = str(Path(temporary) / "seeds")
            as_seed_folder(Path(seeds), [state.case for state in states])
        standard = all(episode.scenario.difficulty == "standard" for episode in played.values())
        task = opensec(
            split=log.place.split,
            seeds=seeds,
            difficulty="standard" if standard else "all",
            injection_tier=log.options.injection_tier or "assigned",
            noise=log.options.noise,
            provenance=log.options.provenance,
        )
        (made,) = eval(
            task,
            model=MODEL,
            model_args={"play": _copied(files, Path(temporary))},
            sample_id=list(played),
            metadata={} if log.player is None else {"player": log.player},
            log_dir=None if log_dir is None else str(log_dir),
            display="none",
        )
    _refuse_other_episodes(made, played)
    return made.location


def _copied(files: list[Path], folder: Path) -> list[str]:
    """Paths of copies: those of the originals would stand in the log, and may hold a person's name."""
    return [str(shutil.copy(file, folder / f"{number}.json")) for number, file in enumerate(files, start=1)]


def _played(file: Path, state: PlayState) -> Episode:
    async def episode() -> Episode:
        async with seated(file, state) as seat:
            if not seat.over:
                raise BadInputError(f"The case of {file} is not over: its log is written after the report.")
            return seat.episode

    return asyncio.run(episode())


def _refuse_other_episodes(log: EvalLog, played: dict[str, Episode]) -> None:
    if log.status != "success":
        raise BadInputError(f"Inspect could not play the calls: {log.error}; see {log.location}.")
    for sample in log.samples or []:
        by_hand = played.pop(str(sample.id))
        if sample.error is not None:
            raise BadInputError(f"Inspect could not play {sample.id}: {sample.error.message}.")
        logged = read_episode(Store(sample.store), sample.metadata["scenario"], by_hand.setting)
        if logged != by_hand:
            raise BadInputError(f"{log.location} differs from what was played by hand in case {sample.id}.")
    if played:
        raise BadInputError(f"{log.location} lacks the cases {', '.join(played)}.")

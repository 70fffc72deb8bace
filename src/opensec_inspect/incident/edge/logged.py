"""Logs read again: the episode of each sample, with what the log says of its attacker."""

from collections.abc import Iterator
from pathlib import Path

from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.util import Store

from opensec_inspect.core.edge.log_reader import read_header, samples
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.edge.opening import read_episode
from opensec_inspect.incident.episode.episode import Episode, Setting


class Logged(Frozen):
    """One finished episode of a log."""

    sample: str
    """Sample id: the scenario's."""
    epoch: int
    """From 1."""
    episode: Episode


class Log(Frozen):
    """The episodes of a log that were played to the end, in order, and who played them."""

    path: str
    defender: str
    """Model under test, for example `openai/gpt-5`."""
    attacker: str
    """For example `scripted`, `llm (opensec/attacker_random)` or `llm strict (openai/gpt-5)`."""
    episodes: tuple[Logged, ...]
    failed: int
    """Samples that ended with an error: they are in no number."""


def read_log(path: Path) -> Log:
    """A log of ours; BadInputError when it is none."""
    header = read_header(str(path))
    read = sorted(samples(str(path)), key=lambda sample: (str(sample.id), sample.epoch))
    return Log(
        path=str(path),
        defender=header.eval.model,
        attacker=_attacker(header),
        episodes=tuple(_episodes(path, read)),
        failed=sum(sample.error is not None for sample in read),
    )


def _episodes(path: Path, read: list[EvalSample]) -> Iterator[Logged]:
    for sample in read:
        if sample.error is None:
            yield Logged(sample=str(sample.id), epoch=sample.epoch, episode=_episode(path, sample))


def _episode(path: Path, sample: EvalSample) -> Episode:
    try:
        setting = Setting.model_validate(sample.metadata["setting"])
        return read_episode(Store(sample.store), sample.metadata["scenario"], setting)
    except (KeyError, ValueError) as error:
        raise BadInputError(f"{path}: sample {sample.id} is no episode of ours: {error}.") from None


def _attacker(log: EvalLog) -> str:
    policy = str((log.eval.metadata or {}).get("attacker", "scripted"))
    role = (log.eval.model_roles or {}).get("attacker")
    model = role[0] if isinstance(role, list) else role
    return policy if model is None or policy == "scripted" else f"{policy} ({model.model})"

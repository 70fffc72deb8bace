"""The one reader of Inspect's logs: a header, what a log tells of its samples, and the samples one by one.

Whoever reads a log reads it through here; tests/test_layers.py says so.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Literal

import zstandard
from ijson import JSONError
from inspect_ai.log import (
    EvalLog,
    EvalSample,
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_sample_summaries,
    read_eval_log_samples_by_id,
)

from opensec_inspect.core.edge.log_files import refuse_unsafe
from opensec_inspect.errors import BadInputError

EPISODE_ONLY = frozenset(
    {"messages", "output", "events", "timelines", "attachments", "events_data", "error_retries"}
)
"""Fields of a sample that an episode is not made of; without them reading takes a third of the time."""
WHOLE: frozenset[str] = frozenset()
"""No field left out."""
BATCH = 64
"""Samples held at a time: without what an episode is not made of, 0.1 MB each. Whole ones are held alone."""
Key = tuple[int | str, int]
"""Sample id and epoch."""
_RAISED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    zstandard.ZstdError,
    JSONError,
    RecursionError,
    MemoryError,
    AssertionError,  # Inspect asserts what a header holds
)
"""What reading a half-written, damaged or vanished file raised in a hundred and fifty tries."""


class UnreadableLogError(BadInputError):
    """A file is no Inspect log, not a whole one yet, or damaged."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} cannot be read as an Inspect log: {why}.")
        self.why = why


def read_header(path: str) -> EvalLog:
    """A log's header, with `path` as its location. Raises UnreadableLogError."""
    with _reading(path):
        refuse_unsafe(path)
        return read_eval_log(path, header_only=True).model_copy(update={"location": path})


def sample_summaries(path: str) -> tuple[EvalSampleSummary, ...]:
    """What a log tells of each of its samples without the sample: id, epoch, uuid, error, limit, scores.

    Raises UnreadableLogError.
    """
    with _reading(path):
        return tuple(read_eval_log_sample_summaries(path))


def samples(
    path: str,
    keys: Sequence[Key] | None = None,
    *,
    exclude: frozenset[str] = EPISODE_ONLY,
    attachments: Literal["core"] | None = None,
) -> Iterator[EvalSample]:
    """The samples of a log (those of the given keys, in their order) without the fields to exclude.

    With `attachments="core"` long texts of messages and events stand in their places. An `.eval` log is
    streamed. Inspect reads a `.json` log only whole, so it is held in memory: convert large ones with
    `inspect log convert`. Raises UnreadableLogError.
    """
    resolve = attachments or False
    if path.endswith(".json"):
        with _reading(path):
            whole = read_eval_log(path, resolve_attachments=resolve).samples or ()
            read = {(sample.id, sample.epoch): sample for sample in whole}
            chosen = [read[key] for key in (read if keys is None else keys)]
        yield from chosen
        return
    wanted = [(s.id, s.epoch) for s in sample_summaries(path)] if keys is None else keys
    size = BATCH if exclude >= EPISODE_ONLY else 1
    # On the main thread asyncio puts the finished task into words when it gives Ctrl-C back, with every
    # sample that was read: half of the time of reading whole ones.
    with ThreadPoolExecutor(max_workers=1) as reader:
        for start in range(0, len(wanted), size):
            with _reading(path):
                batch = reader.submit(
                    read_eval_log_samples_by_id,
                    path,
                    wanted[start : start + size],
                    exclude_fields={*exclude},
                    resolve_attachments=resolve,
                ).result()
            yield from batch


def first_line(error: BaseException) -> str:
    """The first line of an error, for a person."""
    if isinstance(error, UnreadableLogError):
        return error.why
    lines = str(error).splitlines()
    return lines[0][:160] if lines else type(error).__name__


@contextmanager
def _reading(path: str) -> Iterator[None]:
    try:
        yield
    except _RAISED as error:
        raise UnreadableLogError(path, first_line(error)) from error

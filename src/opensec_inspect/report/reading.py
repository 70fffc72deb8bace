"""From places a person names to the records of all episodes there, with progress."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opensec_inspect.report.logs import find_logs, refuse_nothing_found
from opensec_inspect.report.progress import Progress
from opensec_inspect.report.records import Records, read_logs


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


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage more rarely: what is read stays, and looking through it took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)

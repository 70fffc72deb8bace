"""Episodes that are still being played, asked from the processes that play them.

A log receives an episode when it is over. Until then `inspect ctl` knows it: every running
evaluation answers on a socket of its own that this command lists. Asking is read-only; where nothing
answers (another machine, `--ctl-server false`), episodes simply appear when they are finished.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

import httpx
from inspect_ai.event import ModelEvent

from opensec_inspect.core.edge.live import UUID_KEY
from opensec_inspect.frozen import Frozen
from opensec_inspect.report.logs.episodes import record_in, words_in
from opensec_inspect.report.logs.sample_records import Record, Run, Words

ANSWER_S = 5.0
"""Patience with a running evaluation; it answers between two of its own steps."""
LISTING_S = 180.0
"""A listing waits for every evaluation on the machine; one that is busy can hold it up for two minutes."""
FIRST_WAIT_S, LONGEST_WAIT_S = 3.0, 60.0
"""Between two listings that did not find a running evaluation: each costs more than a second of CPU."""
WANTED = "running,completed,error,cancelled"
PROGRESS = {"running": "running", "completed": "finished"}


class Place(Frozen):
    """A sample in a running evaluation."""

    eval_id: str
    sample: str
    epoch: int


class Channel:
    """One running evaluation's socket."""

    def __init__(self, address: str, run: Run) -> None:
        self.address, self.run = address, run
        self._metadata: dict[Place, Any] = {}
        self._records: dict[Place, Record] = {}

    def records(self, known: frozenset[str]) -> tuple[Record, ...]:
        """Its episodes apart from those of `known` uuids, as far as they were played.

        Raises httpx.HTTPError when it does not answer, ValueError when not as expected.
        """
        listed = self._get("samples", status=WANTED, all="true")["samples"]
        found = (self._record(row, known) for row in listed)
        return tuple(record for record in found if record is not None)

    def _record(self, row: dict[str, Any], known: frozenset[str]) -> Record | None:
        place = Place(eval_id=self.run.eval_id, sample=str(row["sample_id"]), epoch=int(row["epoch"]))
        before = self._records.get(place)
        progress = PROGRESS.get(str(row["status"]), "failed")
        if before is not None and (before.key in known or before.progress != "running"):
            return None if before.key in known else before
        store = self._ask("store", place, full="true")["store"]
        key = str(store.get(UUID_KEY, ""))
        if not key or key in known:
            return None
        shared = {
            "key": key,
            "run": self.run,
            "epoch": place.epoch,
            "progress": progress,
            "trouble": "",
            "words": (),
        }
        record = record_in(self._metadata_of(place), store, shared)
        if isinstance(record, str):
            return None
        same = before is not None and len(before.episode.steps) == len(record.episode.steps)
        words = before.words if before is not None and same else self._words(place)
        record = record.model_copy(update={"words": words})
        self._records[place] = record
        return record

    def _metadata_of(self, place: Place) -> dict[str, Any]:
        if place not in self._metadata:
            # The first event of a sample; `since` without a valid cursor reads from the start.
            page = self._ask("events", place, type="sample_init", full="true", since="start", limit=50)
            self._metadata[place] = page["events"][0]["sample"]["metadata"]
        metadata: dict[str, Any] = self._metadata[place]
        return metadata

    def _words(self, place: Place) -> tuple[Words, ...]:
        page = self._ask("events", place, type="model", full="true", since="start", limit=10_000)
        return words_in([ModelEvent.model_validate(event) for event in page["events"]])

    def _ask(self, what: str, place: Place, **query: str | int) -> dict[str, Any]:
        return self._get(f"sample/{what}", sample_id=place.sample, epoch=place.epoch, **query)

    def _get(self, path: str, **query: str | int) -> dict[str, Any]:
        # A connection each: an evaluation that ends would leave one that is kept half open.
        with httpx.Client(transport=httpx.HTTPTransport(uds=self.address), timeout=ANSWER_S) as client:
            answer = client.get(f"http://localhost/evals/{self.run.eval_id}/{path}", params=query)
        state: dict[str, Any] = answer.raise_for_status().json()
        return state


class Running:
    """The channels of all unfinished logs, found when needed and dropped when silent."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._listing = Listing()

    def records(self, unfinished: dict[str, Run], known: frozenset[str]) -> tuple[Record, ...]:
        """Episodes under way in these logs (by real path), apart from those of `known` uuids."""
        self._channels = {log: c for log, c in self._channels.items() if log in unfinished}
        self._connect({log: run for log, run in unfinished.items() if log not in self._channels})
        found: list[Record] = []
        for log, channel in tuple(self._channels.items()):
            try:
                found += channel.records(known)
            except (httpx.HTTPError, ValueError, LookupError, TypeError):
                del self._channels[log]  # it ended, or speaks another version: the log will tell
        return tuple(found)

    def end(self) -> None:
        """Let go of a listing under way."""
        self._listing.end()

    def _connect(self, wanted: dict[str, Run]) -> None:
        addresses = self._listing.addresses({run.eval_id for run in wanted.values()})
        for log, run in wanted.items():
            if run.eval_id in addresses:
                self._channels[log] = Channel(addresses[run.eval_id], run)


class Listing:
    """Where running evaluations answer, as `inspect ctl` lists it; asked beside everything else."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._started = 0.0
        self._wait_s = 0.0

    def addresses(self, wanted: set[str]) -> dict[str, str]:
        """Socket per evaluation id: what a listing that has just ended found, else nothing yet."""
        since_s = time.monotonic() - self._started
        if self._process is None:
            if wanted and since_s > self._wait_s:
                self._start()
            return {}
        if self._process.poll() is None:
            if since_s > LISTING_S:
                self.end()
            return {}
        found = _sockets_in(self._read())
        met = bool(wanted & set(found))
        self._wait_s = FIRST_WAIT_S if met else min(2 * self._wait_s + FIRST_WAIT_S, LONGEST_WAIT_S)
        return found

    def end(self) -> None:
        """Stop a listing under way."""
        if self._process is not None:
            self._process.kill()
            self._read()

    def _start(self) -> None:
        command = [sys.executable, "-m", "inspect_ai", "ctl", "task", "list", "--json"]
        # In the interpreter's own folder, so that no file of the user's is taken for a module.
        # A file, because a pipe would fill up; it outlives this call: _read closes it.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            command, stdout=self._output, stderr=subprocess.DEVNULL, cwd=Path(sys.executable).parent
        )
        self._started = time.monotonic()

    def _read(self) -> bytes:
        assert self._process is not None, "a listing has been started"
        assert self._output is not None, "a listing has somewhere to write"
        self._process.wait()
        with self._output as output:
            output.seek(0)
            text = output.read()
        self._process = self._output = None
        return text


def _sockets_in(output: bytes) -> dict[str, str]:
    try:
        tasks = json.loads(output)["tasks"]
        return {str(task["eval_id"]): str(task["socket_path"]) for task in tasks}
    except (ValueError, LookupError, TypeError):
        return {}  # another version of Inspect: episodes appear when they are finished

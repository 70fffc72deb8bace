"""A folder of logs, looked at again and again: what is in it now, told once per episode."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from opensec_inspect.core.edge.log_files import logs_in_folder
from opensec_inspect.core.edge.log_reader import UnreadableLogError
from opensec_inspect.report.logs.episodes import read_log, read_run
from opensec_inspect.report.logs.sample_records import Record, Run, Skipped
from opensec_inspect.report.trace.page.build import RenderedView, line_json, rendered_view
from opensec_inspect.report.trace.page.running import Running
from opensec_inspect.report.trace.views import view_of


class _Log(NamedTuple):
    stamp: tuple[int, int]
    """Time of change in ns and size in bytes: what tells that a file was written again."""
    run: Run
    rendered: dict[str, RenderedView]


class Shelf(NamedTuple):
    """Everything a folder holds at one moment; replaced as a whole, so that readers need no lock."""

    lines: str
    """JSON list, in the order of the logs."""
    tag: str
    """Changes with the list."""
    views: dict[str, str]
    """JSON by key."""


class Folder:
    """The episodes of all logs below a folder, those under way included."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._logs: dict[str, _Log] = {}
        self._unreadable: dict[str, tuple[int, int]] = {}
        self._running = Running()
        self._live: dict[str, tuple[Record, RenderedView]] = {}
        self.shelf = Shelf(lines="[]", tag="empty", views={})

    def refresh(self) -> None:
        """Read what is new, drop what is gone; a log that cannot be read keeps what it last showed."""
        found = dict(self._found())
        self._logs = {log: kept for log, kept in self._logs.items() if log in found}
        for log, stamp in found.items():
            if (log not in self._logs or self._logs[log].stamp != stamp) and (
                self._unreadable.get(log) != stamp
            ):
                self._read(log, stamp)
                self._put_out()
        self._look_at_running()
        self._put_out()

    def end(self) -> None:
        """Look no more."""
        self._running.end()

    def _found(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in map(Path, logs_in_folder(str(self._path))):
            try:
                real = path.resolve(strict=True)
                stat = real.stat()
            except OSError:
                continue  # gone between listing and looking
            if real.is_relative_to(self._path):  # a link may lead out of the folder: not followed
                yield str(real), (stat.st_mtime_ns, stat.st_size)

    def _read(self, log: str, stamp: tuple[int, int]) -> None:
        before = self._logs.get(log)
        try:
            run = read_run(log)
            # A running log only grows; a finished one that changed was scored again or replaced.
            grows = (
                before is not None and before.run.status == "started" and before.run.eval_id == run.eval_id
            )
            rendered = dict(before.rendered) if before is not None and grows else {}
            for record in read_log(log, run, known=frozenset(rendered)):
                if not isinstance(record, Skipped):
                    rendered[record.key] = rendered_view(view_of(record))
        except UnreadableLogError:
            self._unreadable[log] = stamp  # half written: looked at again when it has changed
            return
        self._unreadable.pop(log, None)
        self._logs[log] = _Log(stamp=stamp, run=run, rendered=rendered)

    def _look_at_running(self) -> None:
        unfinished = {log: kept.run for log, kept in self._logs.items() if kept.run.status == "started"}
        known = frozenset(key for kept in self._logs.values() for key in kept.rendered)
        live: dict[str, tuple[Record, RenderedView]] = {}
        for record in self._running.records(unfinished, known):
            before = self._live.get(record.key)
            same = before is not None and before[0] == record
            live[record.key] = (
                before if before is not None and same else (record, rendered_view(view_of(record)))
            )
        self._live = live

    def _put_out(self) -> None:
        rendered = [one for kept in self._logs.values() for one in kept.rendered.values()]
        rendered += [one for _, one in self._live.values()]
        views = {one.line.key: one.view for one in rendered}
        if views != self.shelf.views:
            lines = line_json(one.line for one in rendered)
            self.shelf = Shelf(lines=lines, tag=hashlib.sha256(lines.encode()).hexdigest(), views=views)

"""Listing, reading and searching the files of a variant: what is shown, and which lines that were."""

import posixpath
from typing import NamedTuple

from opensec_inspect.vuln.episode.actions import ReadFile, Search
from opensec_inspect.vuln.episode.episode import Status
from opensec_inspect.vuln.task.builds import SourceFile
from opensec_inspect.vuln.task.variants import Read, Variant

MAX_LINES = 200
"""Lines that one answer shows."""
MAX_HITS = 40
"""Lines that one search shows."""


class Shown(NamedTuple):
    """What a look at the files showed."""

    status: Status
    text: str
    reads: tuple[Read, ...] = ()


def listing(variant: Variant) -> Shown:
    """The files with their lengths."""
    lines = (f"{file.path} ({len(_lines(file))} lines)" for file in variant.workspace)
    return Shown("done", "\n".join(lines))


def excerpt(variant: Variant, asked: ReadFile) -> Shown:
    """Lines of a file, numbered; at most `MAX_LINES`."""
    path = posixpath.normpath(asked.path.strip() or ".").lstrip("/")
    file = next((one for one in variant.workspace if one.path == path), None)
    if file is None:
        return _absent(variant, asked.path)
    lines = _lines(file)
    start = max(asked.start, 1)
    last = len(lines) if asked.end is None else asked.end
    end = min(last, len(lines), start + MAX_LINES - 1)
    if start > end:
        to = "its end" if asked.end is None else asked.end
        said = f"{path} has {len(lines)} lines; there is none from {asked.start} to {to}."
        return Shown("not_found", said)
    numbered = (f"{number:>4}| {lines[number - 1]}" for number in range(start, end + 1))
    head = f"{path}, lines {start} to {end} of {len(lines)}"
    return Shown("done", "\n".join([head, *numbered]), (Read(file=path, start=start, end=end),))


def hits(variant: Variant, asked: Search) -> Shown:
    """Lines that hold the text, in any letter case; at most `MAX_HITS`."""
    wanted = asked.pattern.casefold()
    if not wanted.strip():
        return Shown("not_found", "Give a text to search for.")
    found = [
        (file.path, number, line)
        for file in variant.workspace
        for number, line in enumerate(_lines(file), start=1)
        if wanted in line.casefold()
    ]
    if not found:
        return Shown("not_found", f"No line holds {asked.pattern[:200]!r}.")
    shown = found[:MAX_HITS]
    more = [f"({len(found) - MAX_HITS} more)"] if len(found) > MAX_HITS else []
    text = "\n".join([*(f"{path}:{number}| {line}" for path, number, line in shown), *more])
    return Shown("done", text, tuple(Read(file=path, start=n, end=n) for path, n, _ in shown))


def leaves_the_folder(path: str) -> bool:
    """Whether a path that names no file of the program lies outside its folder."""
    tidy = posixpath.normpath(path.strip().replace("\\", "/"))
    return tidy.startswith(("/", "~")) or tidy == ".." or tidy.startswith("../") or tidy[1:3] == ":/"


def _absent(variant: Variant, path: str) -> Shown:
    if leaves_the_folder(path):
        return Shown("outside", f"{path[:200]!r} lies outside the program's folder; nothing was read.")
    names = ", ".join(file.path for file in variant.workspace)
    return Shown("not_found", f"There is no file {path[:200]!r}. Files: {names}.")


def _lines(file: SourceFile) -> list[str]:
    return file.text.removesuffix("\n").split("\n")

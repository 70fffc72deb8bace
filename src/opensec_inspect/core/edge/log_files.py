"""Which files are logs, and what one may hold before anybody reads it: logs come from strangers too."""

import os
import re
import struct
import zipfile
import zlib
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

import zstandard
from inspect_ai.log import list_eval_logs

MAX_MIB = 512
"""Of one part of a log in full: the largest sample met so far has 40."""
MAX_TIMES = 400
"""Times its own size that a compressed log may hold; Inspect's hold 5 to 60 times theirs."""
MAX_DEPTH = 1_000
"""Of lists and objects in each other; the readers of JSON need memory that grows with its square."""
_FREE_MIB = 64
"""What a small log may hold however well it is compressed."""
_SPLIT_BYTES = 2**20
_TEXT = re.compile(rb'"[^"]*+"?')
_NO_MARK = bytes(set(range(256)) - set(b'[]{}"'))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ZSTD = 93
_NAMED_BY_INSPECT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}[:-]\d{2}[:-]\d{2}")
"""How the names of its logs begin; other `.json` files in a folder are none."""


def logs_in_folder(place: str) -> tuple[str, ...]:
    """Paths of the logs in a folder and below it, the one that was changed longest ago first.

    Inspect's own listing reads the header of each file whose name is not of its making, before anybody can
    say what a header may hold. It is asked for places that are no local folder.
    """
    if "://" in place.removeprefix("file://"):
        return tuple(info.name for info in list_eval_logs(place, descending=False))
    top = Path(place.removeprefix("file://"))
    found: list[tuple[int, str]] = []
    for folder, _, names in os.walk(top):
        for name in names:
            path = Path(folder, name)
            if name.endswith(".eval") or (name.endswith(".json") and _NAMED_BY_INSPECT.match(name)):
                with suppress(OSError):  # gone by now, or a link to nowhere
                    found.append((path.stat().st_mtime_ns, str(path)))
    return tuple(path for _, path in sorted(found))


class UnsafeLogError(ValueError):
    """A file that would take too much to be read; the message says why."""


def refuse_unsafe(path: str) -> None:
    """Raise UnsafeLogError for a file that swells or nests past what a log may.

    Other flaws are not looked for, and places that are no local file are not looked at.
    """
    file = Path(path.removeprefix("file://"))
    if not file.is_file():
        return
    if zipfile.is_zipfile(file):
        _refuse_archive(file)
    else:
        _refuse_more(file.stat().st_size, file.name)
        _refuse_depth(file.read_bytes(), file.name)


def _refuse_archive(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    for part in parts:
        _refuse_more(part.file_size, part.filename)
    most = max(MAX_TIMES * file.stat().st_size, _FREE_MIB * 2**20)
    if sum(part.file_size for part in parts) > most:
        raise UnsafeLogError(f"it holds more than {MAX_TIMES} times its own size")
    for part in parts:
        if part.filename.endswith(".json"):
            with suppress(zstandard.ZstdError, zlib.error, struct.error):  # damaged: its reader will say so
                _refuse_depth(_inflated(file, part), part.filename)


def _refuse_more(size: int, name: str) -> None:
    if size > MAX_MIB * 2**20:
        raise UnsafeLogError(f"{name[-80:]} has {size / 2**20:,.0f} MiB; at most {MAX_MIB} are read")


def _refuse_depth(content: bytes, name: str) -> None:
    # Without its escaped quotes and what stands between the marks, a text is found in a fraction of the time.
    # A backslash outside texts is where every reader of JSON stops, so what follows it counts for nothing.
    marks = content.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NO_MARK)
    # Splitting is quicker, and takes fifty times the memory of what it splits.
    short = len(marks) <= _SPLIT_BYTES
    brackets = b"".join(marks.split(b'"')[::2]) if short else _TEXT.sub(b"", marks)
    if max(accumulate(_STEP[bracket] for bracket in brackets), default=0) > MAX_DEPTH:
        raise UnsafeLogError(
            f"lists or objects in {name[-80:]} stand more than {MAX_DEPTH} deep in each other"
        )


def _inflated(file: Path, part: zipfile.ZipInfo) -> bytes:
    """A part in full; UnsafeLogError when it holds more than the archive says.

    By hand, because Inspect compresses with Zstandard and Python's reader of archives does not know it.
    """
    with file.open("rb") as raw:
        raw.seek(part.header_offset)
        name_bytes, extra_bytes = struct.unpack("<26x2H", raw.read(30))
        raw.seek(name_bytes + extra_bytes, 1)
        packed = raw.read(part.compress_size)
    most = part.file_size + 1
    if part.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif part.compress_type == _ZSTD:
        content = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read(most)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    else:
        raise UnsafeLogError(f"{part.filename[-80:]} is compressed in a way that Inspect does not use")
    if len(content) > part.file_size:
        raise UnsafeLogError(f"{part.filename[-80:]} holds more than the file says")
    return content

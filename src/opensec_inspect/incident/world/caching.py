"""Where history files are kept: one folder that processes share."""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks: there what an ended process leaves is not removed
    fcntl = None  # type: ignore[assignment]

PREFIX = "opensec-"
"""Of the names of temporary folders."""
LOCK = "in-use"
"""File in a temporary folder that its process has locked."""
VARIABLE = "OPENSEC_CACHE"
"""Environment variable that names the folder."""


def cache_folder() -> Path:
    """The folder, which exists and can be written to.

    It is what `OPENSEC_CACHE` names, else a folder in the user's cache directory; where that cannot be
    written to, a temporary one that goes with the process.
    """
    given = os.environ.get(VARIABLE)
    folder = Path(given) if given else _user_folder()
    return folder if _writable(folder) else Path(_scratch().name)


def _user_folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "opensec-inspect"


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@lru_cache(maxsize=1)
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    if fcntl is not None:
        _remove_left_behind(Path(tempfile.gettempdir()))
    folder = tempfile.TemporaryDirectory(prefix=PREFIX)
    _held(Path(folder.name))
    return folder


def _held(folder: Path) -> int | None:
    """Hold the folder's lock for as long as the process lives; None when somebody else holds it."""
    if fcntl is None:
        return None
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_left_behind(place: Path) -> None:
    """Remove the temporary folders of processes that were ended before they could do so."""
    for folder in place.glob(f"{PREFIX}*"):
        lock = folder / LOCK
        if folder.is_symlink() or lock.is_symlink() or not lock.is_file():
            continue
        with suppress(OSError):  # another user's, or gone by now
            handle = _held(folder)
            if handle is not None:
                shutil.rmtree(folder)
                os.close(handle)

"""Where history files are kept: one folder that processes share."""

import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

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
    return tempfile.TemporaryDirectory(prefix="opensec-")

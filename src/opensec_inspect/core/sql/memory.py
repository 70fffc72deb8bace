"""How much memory SQLite holds in this process, and how many statements share it."""

import _sqlite3
import ctypes
from collections.abc import Callable
from functools import cache
from threading import Lock


def memory_used() -> int:
    """Bytes that SQLite holds now, of all connections together; 0 where its library does not tell."""
    return _counter()()


class Shared:
    """What the statements of all threads hold together, open databases left out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept = 0
        self.running = 0
        """Statements that run now."""

    def used(self) -> int:
        """Bytes that SQLite holds beyond what open databases keep."""
        return memory_used() - self._kept

    def keep(self, size: int) -> None:
        """Count so many bytes to open databases; a negative size when one is closed."""
        with self._lock:
            self._kept += size

    def begin(self) -> None:
        """A statement begins."""
        with self._lock:
            self.running += 1

    def end(self) -> None:
        """A statement has ended."""
        with self._lock:
            self.running -= 1


SHARED = Shared()


@cache
def _counter() -> Callable[[], int]:
    # The `sqlite3` module offers no memory limit for one connection, and the limit of the whole process
    # would make other connections fail, Inspect's among them.
    try:
        count = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    except (OSError, AttributeError):
        return lambda: 0
    count.argtypes, count.restype = (), ctypes.c_int64
    return count

"""How much memory SQLite holds in this process."""

import _sqlite3
import ctypes
from collections.abc import Callable
from functools import cache


def memory_used() -> int:
    """Bytes that SQLite holds now, of all connections together; 0 where its library does not tell."""
    return _counter()()


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

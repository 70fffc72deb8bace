"""Sources can be parsed from many threads at once."""

import ast
import gc
import inspect
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from opensec_inspect.core.python_source import parsed

SOURCE = inspect.getsource(ast)


class Slow:
    """Garbage that gives way to other threads when it is collected, in the middle of a conversion."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        time.sleep(0.0005)


@pytest.fixture
def eager() -> Iterator[None]:
    """Threads and the collector take turns often."""
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(200)
    sys.setswitchinterval(1e-5)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("eager")
def test_threads_that_parse_at_once_do_not_end_each_other() -> None:
    def parse(_: int) -> int:
        for _ in range(30):
            Slow()
        return len(parsed(SOURCE).body)

    with ThreadPoolExecutor(6) as threads:
        found = set(threads.map(parse, range(72)))

    assert found == {len(ast.parse(SOURCE).body)}


def test_what_is_no_python_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        parsed("def")

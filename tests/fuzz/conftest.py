"""What tests of faults share: a count of everything that must not be left behind."""

import gc
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval

from opensec_inspect.core.edge.live import LIVE
from opensec_inspect.core.sql.workers import MOST_WORKERS
from opensec_inspect.tasks import opensec
from tests.evaluating import saying


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails when a test leaves an open episode, a descriptor, a thread or a temporary file behind."""
    inspect_eval(opensec(count=1), model=saying(), log_dir=str(tmp_path / "warm"), display="none")
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    gc.collect()
    threads, files = threading.active_count(), len(list(Path("/dev/fd").iterdir()))
    yield
    gc.collect()
    assert LIVE == {}
    assert threading.active_count() <= threads + MOST_WORKERS
    assert len(list(Path("/dev/fd").iterdir())) <= files + 2
    assert list((tmp_path / "scratch").iterdir()) == []

"""The history file: written once, shared, read-only, and found again."""

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from opensec_inspect.incident.generate.seeds import read_groups
from opensec_inspect.incident.world.caching import VARIABLE, cache_folder
from opensec_inspect.incident.world.history import history_of
from opensec_inspect.incident.world.shared_evidence import MOST_KEPT
from tests.incident.sensors.small_scene import BENEDIKT
from tests.incident.world.small import MAKERS


def test_history_is_written_once_and_then_only_read(tmp_path: Path) -> None:
    first = history_of("train-90", "desk", MAKERS, tmp_path)
    written = first.path.stat().st_mtime_ns
    history_of.cache_clear()
    again = history_of("train-90", "desk", MAKERS, tmp_path)

    assert again.path.stat().st_mtime_ns == written
    assert [path.name for path in tmp_path.iterdir()] == [first.path.name]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        sqlite3.connect(first.uri, uri=True).execute("delete from osx_netflow")


def test_other_code_writes_another_file(tmp_path: Path) -> None:
    paths = {
        history_of("train-90", "desk", replace(MAKERS, version=lambda v=v: v), tmp_path).path  # type: ignore[misc]
        for v in ("a" * 64, "b" * 64)
    }

    assert len(paths) == 2


def test_files_of_other_versions_go_when_nobody_has_read_them_for_a_month(tmp_path: Path) -> None:
    for name, days in (("train-90-desk-old-1", 31), ("train-90-desk-new-1", 3), ("train-91-desk-old-1", 31)):
        path = tmp_path / f"{name}.sqlite"
        path.touch()
        os.utime(path, (time.time() - days * 86_400,) * 2)

    written = history_of("train-90", "desk", MAKERS, tmp_path).path

    assert {path.stem for path in tmp_path.iterdir()} == {
        written.stem,
        "train-90-desk-new-1",
        "train-91-desk-old-1",
    }


def test_a_file_holds_the_same_whoever_writes_it(tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        path = history_of("train-90", "desk", MAKERS, tmp_path / folder).path
        found.append(list(sqlite3.connect(path).iterdump()))

    assert found[0] == found[1]


def test_the_file_knows_which_rows_name_an_entity(tmp_path: Path) -> None:
    history = history_of("train-90", "desk", MAKERS, tmp_path)

    rows = sqlite3.connect(history.path).execute(
        "select count(*) from osx_process_events where AccountName = 'NLI\\bvoss'"
    )
    assert history.rows_naming(BENEDIKT) == int(rows.fetchone()[0]) == 60


def test_a_folder_that_cannot_be_written_to_is_replaced_by_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "below"))

    folder = cache_folder()

    assert folder.is_dir()
    assert tmp_path not in folder.parents


def test_what_an_ended_process_left_unfinished_goes(tmp_path: Path) -> None:
    for name, seconds in (("train-91-soc-x-1abc.part", 61), ("train-90-desk-y-1abc.part", 5)):
        path = tmp_path / name
        path.touch()
        os.utime(path, (time.time() - seconds,) * 2)

    written = history_of("train-90", "desk", MAKERS, tmp_path).path

    assert {path.name for path in tmp_path.iterdir()} == {written.name, "train-90-desk-y-1abc.part"}


def test_worlds_that_open_at_once_write_one_file(tmp_path: Path) -> None:
    made = []
    makers = replace(MAKERS, history=lambda key, noise: made.append(key) or MAKERS.history(key, noise))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: history_of("train-90", "desk", makers, tmp_path).path, range(8)))

    assert made == ["train-90"]
    assert set(found) == set(tmp_path.iterdir())


@pytest.mark.parametrize("split", ["train", "eval"])
def test_what_the_episodes_of_a_case_share_is_kept_for_every_case_of_a_split(split: str) -> None:
    assert sum(len(seed.scenarios("all")) for seed in read_groups(split)) <= MOST_KEPT


SCRATCH = """
import time
from opensec_inspect.incident.world.caching import cache_folder
print(cache_folder(), flush=True)
time.sleep(60)
"""


def test_the_temporary_folder_of_a_killed_process_goes_with_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "opensec-other").mkdir()
    env = os.environ | {"TMPDIR": str(tmp_path), VARIABLE: str(tmp_path / "file" / "below")}

    def started() -> tuple[subprocess.Popen[str], Path]:
        command = [sys.executable, "-c", SCRATCH]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    (killed, left), (alive, kept) = started(), started()
    killed.kill()
    killed.communicate()
    last, own = started()

    assert not left.exists()
    assert kept.is_dir()
    assert own.is_dir()
    assert (tmp_path / "opensec-other").is_dir()
    for process in (alive, last):
        process.kill()
        process.communicate()

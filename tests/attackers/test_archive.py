"""The file of recorded moves: many writers, killed writers, wrong files."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from opensec_inspect.core.archive import (
    Archive,
    Key,
    Maker,
    check_archive,
    open_archive,
    prepare_archive,
    reading_archive,
)
from opensec_inspect.errors import BadInputError

ONE = ("a" * 64, "sc-one")
TWO = ("b" * 64, "sc-two")
MAKER = Maker(model="opensec/attacker_random", temperature=0.5, prompt="c" * 64)
WRITER = """
import sys
from pathlib import Path
from opensec_inspect.core.archive import Archive, prepare_archive
from tests.attackers.test_archive import MAKER, ONE, key
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
prepare_archive(path, [ONE], "1")
archive = Archive(path, writing=True)
for step in range(count):
    archive.write(key(step, name), '{"move": "wait"}', MAKER)
    print(step, flush=True)
archive.close()
"""


def key(step: int, view: str = "v") -> Key:
    """A key of the first scenario."""
    return Key(scenario=ONE[0], step=step, stage="phish_sent", action="d" * 64, view=view)


def made(path: Path) -> Path:
    """An empty file over one scenario."""
    prepare_archive(path, [ONE], "1")
    return path


def rows(path: Path) -> int:
    """Moves in a file."""
    archive = open_archive(path)
    try:
        return archive.counts("select 'all', count(*) from moves")[0][1]
    finally:
        archive.close()


def writer(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """Another process that writes moves of its own."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def test_what_was_recorded_first_under_a_key_stays(tmp_path: Path) -> None:
    archive = Archive(made(tmp_path / "moves.sqlite"), writing=True)

    first = archive.write(key(0), '{"move": "wait"}', MAKER)
    second = archive.write(key(0), '{"move": "retreat"}', MAKER)

    assert first == second == archive.read(key(0)) == '{"move": "wait"}'
    assert archive.read(key(1)) is None
    archive.close()


def test_fifty_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")

    def write(number: int) -> None:
        archive = Archive(path, writing=True)
        for step in range(15):
            archive.write(key(step, f"view {number}"), '{"move": "wait"}', MAKER)
        archive.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rows(path) == 750


def test_four_processes_that_make_and_fill_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "moves.sqlite"

    writers = [writer(path, f"view {n}", 200) for n in range(4)]
    codes = [process.wait(timeout=60) for process in writers if process.communicate(timeout=60)]

    assert codes == [0, 0, 0, 0]
    assert rows(path) == 800


def test_a_killed_writer_leaves_the_file_whole_with_all_it_had_written(tmp_path: Path) -> None:
    path = tmp_path / "moves.sqlite"
    process = writer(path, "view", 100_000)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 100:
            break

    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()

    archive = Archive(path, writing=True)
    assert all(archive.read(key(step, "view")) == '{"move": "wait"}' for step in range(101))
    assert archive.counts("select integrity_check, 1 from pragma_integrity_check") == [("ok", 1)]
    archive.close()


def test_a_full_disk_is_said_with_the_file_and_what_was_recorded_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "moves.sqlite"

    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(path), "view", "100000"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert f"BadInputError: A move could not be recorded to {path}: " in done.stderr
    assert 0 < rows(path) <= len(done.stdout.split())


def test_a_closed_file_is_one_file_that_can_be_copied(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")
    archive = Archive(path, writing=True)
    archive.write(key(0), '{"move": "wait"}', MAKER)

    archive.close()

    copy = shutil.copy(path, tmp_path / "copy.sqlite")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.sqlite", "moves.sqlite"]
    assert rows(Path(copy)) == 1


def test_moves_of_another_model_are_not_mixed_in(tmp_path: Path) -> None:
    archive = Archive(made(tmp_path / "moves.sqlite"), writing=True)
    archive.write(key(0), '{"move": "wait"}', MAKER)
    other = MAKER.model_copy(update={"temperature": 1.0})

    archive.refuse_other_makers(MAKER)
    with pytest.raises(BadInputError, match=r"was recorded with .* temperature 0\.5, .* is .* 1\.0, .*") as e:
        archive.refuse_other_makers(other)

    assert "Record into another file" in str(e.value)
    archive.close()


def test_a_file_of_another_scenario_set_is_refused_by_name(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")

    check_archive(path, [ONE], "1", all_of_them=True)
    check_archive(path, [ONE, TWO], "1", all_of_them=False)
    with pytest.raises(BadInputError, match=r"another scenario set: 1 of 2 scenarios .* first is sc-two"):
        check_archive(path, [ONE, TWO], "1", all_of_them=True)
    with pytest.raises(BadInputError, match="1 of 1 scenarios"):
        check_archive(path, [TWO], "1", all_of_them=False)


def test_a_scenario_that_was_changed_since_is_another_scenario(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")

    with pytest.raises(BadInputError, match=r"the first is sc-one as it is now \(digest bbbb"):
        check_archive(path, [(TWO[0], ONE[1])], "1", all_of_them=True)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")

    with pytest.raises(BadInputError, match="recorded with task_version '1', this is '2'; record again"):
        check_archive(path, [ONE], "2", all_of_them=True)
    with pytest.raises(BadInputError, match="task_version '1', this is '2'"):
        prepare_archive(path, [ONE], "2")


def test_another_file_is_neither_read_nor_written(tmp_path: Path) -> None:
    text, database = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("not a database, but long enough to look like one " * 20)
    connection = sqlite3.connect(database)
    connection.execute("create table things (n)")
    connection.close()

    for path in (text, database):
        before = path.read_bytes()
        with pytest.raises(BadInputError, match="is no file of recorded moves"):
            open_archive(path)
        with pytest.raises(BadInputError, match="is no file of recorded moves"):
            prepare_archive(path, [ONE], "1")
        assert path.read_bytes() == before


def test_a_path_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"the folder .*nowhere does not exist"):
        prepare_archive(tmp_path / "nowhere" / "moves.sqlite", [ONE], "1")
    with pytest.raises(BadInputError, match="cannot be written: unable to open database file"):
        prepare_archive(tmp_path, [ONE], "1")
    with pytest.raises(BadInputError, match="does not exist or is no file; record one"):
        open_archive(tmp_path / "moves.sqlite")


@pytest.mark.parametrize(
    "change",
    [
        "drop table moves; create view moves as select '{}' as decision",
        "create trigger t after insert on moves begin delete from moves; end",
        "create view other as select 1",
        "drop table facts; create table facts (name, value)",
        "alter table scenarios add column more",
    ],
)
def test_a_file_with_other_tables_is_neither_played_nor_recorded_into(tmp_path: Path, change: str) -> None:
    path = made(tmp_path / "moves.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(change)

    for use in (lambda: open_archive(path), lambda: prepare_archive(path, [ONE], "1")):
        with pytest.raises(BadInputError, match="holds other tables than a file of recorded moves does"):
            use()


def test_a_damaged_file_is_said_to_be_unreadable(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")
    archive = Archive(path, writing=True)
    for step in range(2000):
        archive.write(key(step), '{"move": "wait"}', MAKER)
    archive.close()
    content = bytearray(path.read_bytes())
    content[20_000:-4096] = b"\x7f" * len(content[20_000:-4096])
    path.write_bytes(content)

    malformed = "cannot be read: database disk image is malformed"
    with pytest.raises(BadInputError, match=malformed), reading_archive(path) as damaged:
        damaged.decisions()


def test_moves_that_nobody_decided_are_said_to_be_so(tmp_path: Path) -> None:
    path = made(tmp_path / "moves.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("insert into moves values ('s', 0, 'x', 'a', 'v', '{}', x'ff', 'warm', 3)")
        connection.commit()

    with pytest.raises(BadInputError, match="names nobody"), reading_archive(path) as strange:
        strange.makers()

"""Logs made by strangers: a file that would freeze or fill the machine is named and the rest goes on."""

import json
import resource
import shutil
import time
import zipfile
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log, write_eval_log

from opensec_inspect.cli import main
from opensec_inspect.commands.trace import trace
from opensec_inspect.core.edge.log_files import UnsafeLogError, refuse_unsafe
from opensec_inspect.core.edge.log_reader import UnreadableLogError
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.logged import read_log
from opensec_inspect.report.logs.episodes import read_records, read_run
from opensec_inspect.report.logs.logs import find_logs
from opensec_inspect.report.trace.page.folder import Folder
from tests.core.sql.hostile import hostile_statements
from tests.report.own import only_log

NESTED = "[" * 100_000
DEEP = "stand more than 1000 deep"
FREEZING = (
    "comments 40 before delete",
    "join twice 40",
    "union all twice 40",
    "in twice 40",
    "comments 4000 before delete",
)
"""Names of hostile statements that once froze a reader, or took gigabytes of it."""


def archive(path: Path, **parts: str) -> Path:
    """An `.eval` file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/") + ".json", content)
    return path


@pytest.fixture(params=["header", "sample", "document", "object", "swelling"])
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A strange file, and what is said of it."""
    made = {
        "header": lambda: (archive(tmp_path / "a.eval", header=NESTED), DEEP),
        "sample": lambda: (archive(tmp_path / "a.eval", header="{}", samples__s1_epoch_1=NESTED), DEEP),
        "document": lambda: (written(tmp_path / "a.json", NESTED), DEEP),
        "object": lambda: (written(tmp_path / "a.json", '{"samples":' * 100_000), DEEP),
        "swelling": lambda: (
            archive(tmp_path / "a.eval", header=" " * 70 * 2**20),
            "holds more than 400 times its own size",
        ),
    }
    return made[request.param]()


def written(path: Path, text: str) -> Path:
    """The file with this text."""
    path.write_text(text, encoding="utf-8")
    return path


def test_a_strange_file_is_left_out_with_a_sentence_and_the_others_are_used(
    strange: tuple[Path, str], logs: Path
) -> None:
    path, said = strange

    found = find_logs([str(path), str(only_log(logs, "careful", "t2"))])

    assert len(found.runs) == 1
    assert [said in left_out.reason for left_out in found.left_out] == [True]


def test_every_reader_refuses_a_strange_file_with_a_sentence(strange: tuple[Path, str]) -> None:
    path, said = strange

    with pytest.raises(UnreadableLogError, match=said):
        read_run(str(path))
    with pytest.raises(BadInputError, match=said):
        read_log(path)


def test_a_watched_folder_shows_what_can_be_read_beside_a_strange_file(
    strange: tuple[Path, str], logs: Path
) -> None:
    path, _ = strange
    shutil.copy(only_log(logs, "careful", "t2"), path.parent)
    folder = Folder(path.parent)

    folder.refresh()
    folder.refresh()

    assert len(json.loads(folder.shelf.lines)) == 8


def test_no_file_is_read_to_list_a_folder(tmp_path: Path) -> None:
    """An archive of 0.2 MB whose header has 160 MB: its name is not of Inspect's making, so it would look."""
    archive(tmp_path / "a.eval", header=" " * (160 * 2**20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = find_logs([str(tmp_path)])
    Folder(tmp_path).refresh()
    skipped = list(read_records((str(tmp_path),)))

    assert [item.path for item in found.left_out] == [str(tmp_path / "a.eval")]
    assert len(skipped) == 1
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 100 * 2**20


def test_statements_that_would_freeze_or_swell_are_read_in_bounds(logs: Path, tmp_path: Path) -> None:
    """What was asked is asked again where an episode is shown or scored anew."""
    freezing = cycle(hostile_statements()[name] for name in FREEZING)
    log = read_eval_log(str(only_log(logs, "careful", "t2")))
    for sample in log.samples or []:
        steps = [json.loads(step) for step in sample.store["opensec"]]
        for step in (step for step in steps if step["action"]["tool"] == "query_logs"):
            step["action"]["sql"] = next(freezing)
        sample.store["opensec"] = [json.dumps(step) for step in steps]
        sample.scores = None
    write_eval_log(log, str(tmp_path / "a.eval"))
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    traced = CliRunner().invoke(trace, [str(tmp_path), "--out", str(tmp_path / "page.html")])
    found = read_log(tmp_path / "a.eval")
    folder = Folder(tmp_path)
    folder.refresh()

    assert traced.exit_code == 0, traced.output
    assert len(found.episodes) == len(json.loads(folder.shelf.lines)) == 8
    assert time.process_time() - began < 20
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024 < 200 * 2**20


def test_brackets_in_texts_nest_nothing(tmp_path: Path) -> None:
    refuse_unsafe(str(written(tmp_path / "a.json", json.dumps({"text": '["\\' * 50_000}))))


def test_a_part_that_holds_more_than_the_archive_says_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.eval", header="1" * 5000)
    content = path.read_bytes()
    path.write_bytes(content.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))

    with pytest.raises(UnsafeLogError, match=r"header\.json holds more than the file says"):
        refuse_unsafe(str(path))


def test_a_header_that_lacks_what_inspect_asserts_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", '{"version":2}')

    assert "cannot be read as a log" in find_logs([str(path)]).left_out[0].reason
    with pytest.raises(UnreadableLogError):
        read_run(str(path))


@pytest.mark.parametrize("command", ["summarize", "trace", "report", "gate", "attackers", "reward"])
def test_every_command_names_a_header_that_lacks_all_but_its_version(command: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", '{"version":2}')
    out = ["--out", str(tmp_path / "out")] if command in ("trace", "report") else []

    done = CliRunner().invoke(main, [command, str(path), *out])

    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert str(path) in done.output
    assert len(done.output) < 500


def test_one_truncated_log_in_a_folder_is_named_and_the_others_are_traced(logs: Path, tmp_path: Path) -> None:
    whole = only_log(logs, "careful", "t2")
    shutil.copy(whole, tmp_path / "2026-01-01T00-00-00-00-00_a_a.eval")
    (tmp_path / "2026-01-02T00-00-00-00-00_b_b.eval").write_bytes(whole.read_bytes()[:5000])

    done = CliRunner().invoke(trace, [str(tmp_path), "--out", str(tmp_path / "page.html")])

    assert done.exit_code == 1
    assert "left out: " in done.output
    assert "8 episodes in " in done.output


def test_a_killed_log_that_was_retried_is_no_failure(logs: Path, tmp_path: Path) -> None:
    log = read_eval_log(str(only_log(logs, "careful", "t2")))
    killed = log.model_copy(
        update={"status": "started", "eval": log.eval.model_copy(update={"eval_id": "k"})}
    )
    write_eval_log(killed, str(tmp_path / "2026-01-01T00-00-00-00-00_a_a.eval"))
    write_eval_log(log, str(tmp_path / "2026-01-02T00-00-00-00-00_a_b.eval"))

    found = find_logs([str(tmp_path)])

    assert (len(found.runs), found.left_out) == (1, ())
    assert ["was retried as" in item.reason for item in found.superseded] == [True]

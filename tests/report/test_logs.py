"""Which logs are used, which are left out and in what words."""

import shutil
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.logs.logs import find_logs
from opensec_inspect.report.logs.reading import records_at
from opensec_inspect.report.metrics.summaries import summarize
from tests.report.own import only_log


@pytest.fixture
def log(logs: Path) -> EvalLog:
    """A whole log, to be changed and written elsewhere."""
    return read_eval_log(str(only_log(logs, "careful", "t2")))


def reason(place: Path | str) -> str:
    """Why the only log at a place is left out."""
    found = find_logs([str(place)])
    assert found.runs == ()
    assert len(found.left_out) == 1
    return found.left_out[0].reason


def test_files_folders_and_globs_name_the_same_logs_once(logs: Path) -> None:
    one = str(only_log(logs, "careful", "t2"))

    found = find_logs([one, str(logs), f"{logs}/*.eval"])

    assert len(found.runs) == 4
    assert found.left_out == ()


def test_a_run_says_what_sets_it_apart(logs: Path) -> None:
    run = find_logs([str(only_log(logs, "hasty", "t2"))]).runs[0]

    assert (run.model, run.arm, run.rules, run.version) == ("opensec/hasty", "t2", "opensec", "2-A")
    assert run.variant == "t2 count=8"
    assert run.planned == 8


def test_a_json_log_is_read_like_an_eval_log(log: EvalLog, tmp_path: Path) -> None:
    write_eval_log(log, str(tmp_path / "one.json"))

    records = records_at([str(tmp_path / "one.json")])

    assert [record.state for record in records.episodes] == ["used"] * 8


def test_a_place_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert reason(tmp_path / "nowhere") == "does not exist"


def test_a_folder_without_logs_is_named(tmp_path: Path) -> None:
    assert reason(tmp_path) == "holds no log"


def test_a_glob_without_logs_is_named(tmp_path: Path) -> None:
    assert reason(f"{tmp_path}/*.eval") == "matches no log"


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")

    assert reason(tmp_path / "notes.txt") == "is no log; give .eval or .json files, or folders of them"


@pytest.mark.parametrize("name", ["empty.eval", "empty.json"])
def test_an_empty_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()

    assert reason(tmp_path / name).startswith("cannot be read as a log (")


def test_a_log_cut_short_is_named(logs: Path, tmp_path: Path) -> None:
    whole = only_log(logs, "careful", "t2").read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])

    assert reason(tmp_path / "cut.eval").startswith("cannot be read as a log (")


def test_a_log_of_another_task_is_named(log: EvalLog, tmp_path: Path) -> None:
    other = log.eval.model_copy(update={"task": "lab/arithmetic", "metadata": None})
    write_eval_log(log.model_copy(update={"eval": other}), str(tmp_path / "other.eval"))

    assert reason(tmp_path) == "is a log of another task, lab/arithmetic"


def test_a_log_that_is_still_being_written_is_named(log: EvalLog, tmp_path: Path) -> None:
    write_eval_log(log.model_copy(update={"status": "started"}), str(tmp_path / "open.eval"))

    assert reason(tmp_path).startswith("is still being written, or its run was killed")


def test_a_log_damaged_inside_is_left_out_whole(logs: Path, tmp_path: Path) -> None:
    content = bytearray(only_log(logs, "careful", "t2").read_bytes())
    content[20_000:20_040] = bytes(40)
    (tmp_path / "damaged.eval").write_bytes(bytes(content))
    shutil.copy(only_log(logs, "hasty", "t2"), tmp_path)

    records = records_at([str(tmp_path)])

    assert [run.model for run in records.runs] == ["opensec/hasty"]
    assert len(records.episodes) == 8
    assert records.left_out[0].path.endswith("damaged.eval")
    assert records.left_out[0].reason.startswith("is damaged (")


def test_a_log_whose_episode_does_not_hang_together_is_left_out(log: EvalLog, tmp_path: Path) -> None:
    first, *others = log.samples or []
    changed = first.model_copy(update={"metadata": first.metadata | {"scenario": "{}"}})
    write_eval_log(log.model_copy(update={"samples": [changed, *others]}), str(tmp_path / "odd.eval"))

    with pytest.raises(BadInputError, match="its scenario or steps are of another version"):
        records_at([str(tmp_path)])


def test_a_log_without_its_samples_is_named(log: EvalLog, tmp_path: Path) -> None:
    write_eval_log(log.model_copy(update={"samples": []}), str(tmp_path / "bare.eval"))

    with pytest.raises(BadInputError, match="holds no episode; was it made with --no-log-samples"):
        records_at([str(tmp_path)])


def test_a_cancelled_run_is_read_as_far_as_it_went(log: EvalLog, tmp_path: Path) -> None:
    part = {"samples": (log.samples or [])[:3], "status": "cancelled"}
    write_eval_log(log.model_copy(update=part), str(tmp_path / "part.eval"))

    records = records_at([str(tmp_path)])

    assert [record.state for record in records.episodes] == ["used"] * 3
    assert summarize(records, metrics=()).rows[0].counts.missing == 5


def test_another_task_version_than_most_is_left_out(log: EvalLog, logs: Path, tmp_path: Path) -> None:
    old = log.eval.model_copy(update={"task_version": "0-C", "task_id": "old", "eval_id": "old"})
    write_eval_log(log.model_copy(update={"eval": old}), str(tmp_path / "old.eval"))

    found = find_logs([str(logs), str(tmp_path)])

    assert len(found.runs) == 4
    assert [item.reason for item in found.left_out] == [
        "has task version 0-C, and most have 2-…; not comparable"
    ]


def test_a_version_that_only_adds_options_is_comparable(log: EvalLog, logs: Path, tmp_path: Path) -> None:
    new = log.eval.model_copy(update={"task_version": "2-B", "task_id": "new", "eval_id": "new"})
    write_eval_log(log.model_copy(update={"eval": new}), str(tmp_path / "new.eval"))

    assert len(find_logs([str(logs), str(tmp_path)]).runs) == 5


def test_a_copy_is_not_counted_twice(log: EvalLog, logs: Path, tmp_path: Path) -> None:
    write_eval_log(log, str(tmp_path / "copy.json"))

    found = find_logs([str(logs), str(tmp_path / "copy.json")])

    assert len(found.runs) == 4
    assert found.left_out == ()
    assert "is the same run as" in found.superseded[0].reason


def test_an_attempt_that_was_retried_gives_way_to_the_later_one(log: EvalLog, tmp_path: Path) -> None:
    later = log.eval.model_copy(update={"eval_id": "later", "created": "2999-01-01T00:00:00+00:00"})
    write_eval_log(log, str(tmp_path / "first.eval"))
    write_eval_log(log.model_copy(update={"eval": later}), str(tmp_path / "second.eval"))

    found = find_logs([str(tmp_path)])

    assert [run.eval_id for run in found.runs] == ["later"]
    assert "was retried as" in found.superseded[0].reason


def test_nothing_usable_at_all_is_an_error_with_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No usable opensec log") as caught:
        records_at([str(tmp_path)])

    assert f"{tmp_path}: holds no log" in caught.value.message

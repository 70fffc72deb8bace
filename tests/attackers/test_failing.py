"""Attackers that fail, and options that cannot be used: what the log or the message says."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import get_model

from opensec_inspect.core.archive import open_archive, prepare_archive
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.attackers.replay import written
from opensec_inspect.incident.attackers.scripted_models import evasive_model
from opensec_inspect.incident.generate.seeds import entries, read_entry
from opensec_inspect.tasks import VERSION, opensec
from tests.attackers.running import episodes, reasons, run, samples, steps
from tests.attackers.server import serving

TALKER = "opensec/noop"
"""As a role model: it says that there is nothing to do."""
QUICK = {"max_retries": 0, "attempt_timeout": 1, "timeout": 2}
ROOT = Path(__file__).parents[2]


def test_a_server_that_goes_away_in_the_middle_fails_the_sample_and_says_so(tmp_path: Path) -> None:
    asked: list[int] = []

    def answer(texts: list[str]) -> str:
        asked.append(1)
        if len(asked) > 3:
            raise OSError
        return evasive_model("\n".join(texts))

    with serving(answer) as server:
        log = run(
            tmp_path,
            "opensec/careful",
            attacker=server.model(max_retries=0),
            options={"attacker": "llm", "count": 1},
        )

    (sample,) = samples(log)
    assert sample.error is not None
    assert (
        "The attacker's model openai/gpt-4o gave no answer: APIConnectionError: Connection error."
        in sample.error.message
    )
    assert len(sample.store["opensec"]) == 3


def test_a_role_model_that_times_out_fails_the_sample_and_not_the_defenders_tool(tmp_path: Path) -> None:
    def answer(texts: list[str]) -> str:
        time.sleep(3)
        return evasive_model("\n".join(texts))

    with serving(answer) as server:
        log = run(
            tmp_path,
            "opensec/careful",
            attacker=server.model(**QUICK),
            options={"attacker": "llm", "count": 1},
        )

    (sample,) = samples(log)
    assert sample.error is not None
    assert "The attacker's model openai/gpt-4o gave no answer" in sample.error.message
    assert "imeout" in sample.error.message


def test_a_role_model_that_raises_fails_the_sample(tmp_path: Path) -> None:
    """An exhausted `mockllm/model` raises ValueError at its second turn."""
    attacker = get_model("mockllm/model", custom_outputs=[])

    log = run(tmp_path, "opensec/careful", attacker=attacker, options={"attacker": "llm", "count": 1})

    (sample,) = samples(log)
    assert sample.error is not None
    assert "The attacker's model mockllm/model gave no answer: ValueError" in sample.error.message


def test_a_role_model_that_only_talks_stalls_every_step_and_the_episode_goes_on(tmp_path: Path) -> None:
    log = run(tmp_path, "opensec/hasty", attacker=TALKER, options={"attacker": "llm", "count": 1})

    (sample,) = samples(log)
    assert sample.error is None
    assert set(reasons(log)) == {"unreadable"}
    assert len(reasons(log)) == len(sample.store["opensec"]) - 1


def test_a_role_model_that_only_talks_fails_the_sample_in_strict_mode(tmp_path: Path) -> None:
    log = run(
        tmp_path,
        "opensec/hasty",
        attacker=TALKER,
        options={"attacker": "llm", "count": 1, "attacker_strict": True},
    )

    (sample,) = samples(log)
    assert sample.error is not None
    assert "(unreadable); legal here: {" in sample.error.message


def test_a_move_that_was_never_recorded_is_an_error_that_names_its_key(tmp_path: Path) -> None:
    options = {"attacker": "llm", "count": 1, "replay_path": str(tmp_path / "moves")}
    run(tmp_path, "opensec/hasty", options=options | {"replay": "record"})

    log = run(tmp_path, "opensec/careful", options=options | {"replay": "replay"})

    (sample,) = samples(log)
    assert sample.error is not None
    assert "holds no move for scenario " in sample.error.message
    assert "step 2, stage creds_used, action " in sample.error.message


def test_a_miss_is_asked_live_when_told_so_and_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "moves"
    options = {"attacker": "llm", "count": 1, "replay_path": str(path)}
    run(tmp_path, "opensec/hasty", options=options | {"replay": "record"})
    before = path.read_bytes()

    log = run(tmp_path, "opensec/careful", options=options | {"replay": "replay", "replay_miss": "live"})

    (sample,) = samples(log)
    assert sample.error is None
    assert 0 < sample.store["opensec_attacker"]["turns"] < len(sample.store["opensec"])
    assert path.read_bytes() == before


def test_a_recording_with_another_role_model_is_refused(tmp_path: Path) -> None:
    options = {"attacker": "llm", "count": 1, "replay": "record", "replay_path": str(tmp_path / "moves")}
    run(tmp_path, "opensec/hasty", options=options)

    log = run(tmp_path, "opensec/hasty", attacker="opensec/attacker_random", options=options)

    (sample,) = samples(log)
    assert sample.error is not None
    assert "was recorded with opensec/attacker_evasive" in sample.error.message


def test_a_recording_killed_in_the_middle_is_whole_and_is_used_when_run_again(tmp_path: Path) -> None:
    path = tmp_path / "moves"
    args = ["-T", "attacker=llm", "-T", "count=30", "-T", "replay=record", "-T", f"replay_path={path}"]
    command = [sys.executable, "-m", "inspect_ai", "eval", "tasks/opensec.py", "--model", "opensec/hasty"]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "INSPECT_DISPLAY": "none"}
    process = subprocess.Popen(
        [*command, *args, "--log-dir", str(tmp_path / "killed")],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while moves(path) < 60:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)

    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    kept = moves(path)
    options = {"attacker": "llm", "count": 30, "replay": "record", "replay_path": str(path)}
    again = run(tmp_path, "opensec/hasty", options=options)

    moved = sum(len(texts) - 1 for texts in steps(again).values())
    asked = sum(s.store.get("opensec_attacker", {"turns": 0})["turns"] for s in samples(again))
    assert kept >= 60
    assert asked == moved - kept
    assert moves(path) == moved
    assert all(sample.error is None for sample in samples(again))


def moves(path: Path) -> int:
    """Moves in a file; 0 while there is none."""
    try:
        archive = open_archive(path)
    except BadInputError:
        return 0
    try:
        return archive.counts("select 'all', count(*) from moves")[0][1]
    finally:
        archive.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"attacker": "gpt"}, "attacker='gpt' is not allowed; give one of: scripted, llm, FILE.py."),
        ({"attacker_strict": True}, "attacker_strict=true has no meaning without attacker=llm"),
        ({"attacker_strict": "very"}, "attacker_strict='very' is not allowed"),
        ({"replay": "rewind"}, "replay='rewind' is not allowed; give one of: off, record, replay."),
        ({"replay": "record"}, "replay=record and replay=replay need replay_path=FILE"),
        ({"replay_path": "moves"}, "replay=off takes none"),
        ({"replay_miss": "live"}, "replay_miss=live has no meaning without replay=replay"),
        ({"replay": "record", "replay_path": 7}, "replay_path=7 is no path"),
        ({"replay": "record", "replay_path": "/nowhere/moves"}, "the folder /nowhere does not exist"),
        ({"replay": "record", "replay_path": "/"}, "cannot be written"),
        ({"replay": "replay", "replay_path": "/nowhere/moves"}, "does not exist or is no file"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_in_one_sentence(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        opensec(**options)

    assert message in refused.value.message
    assert "\n" not in refused.value.message


def test_a_recording_of_other_scenarios_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    path = tmp_path / "moves"
    other = read_entry(entries("train")[0])
    prepare_archive(path, [(other.digest, other.id)], VERSION)

    with pytest.raises(BadInputError, match="was recorded over another scenario set: 3 of 3 scenarios"):
        opensec(count=3, replay="replay", replay_path=str(path))


@pytest.mark.parametrize(
    "decision",
    [
        '{"move": "teleport"}',
        '{"stall": "tired"}',
        '{"move": "wait", "stall": "illegal"}',
        "[" * 100_000,
        "7",
    ],
)
def test_a_recording_that_holds_what_nobody_can_decide_is_refused_before_anything_is_played(
    tmp_path: Path, decision: str
) -> None:
    path = tmp_path / "moves"
    options = {"attacker": "llm", "count": 1, "replay_path": str(path)}
    run(tmp_path, "opensec/hasty", options=options | {"replay": "record"})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update moves set decision = ? where step = 1", (decision,))
        connection.commit()

    for replay in ("replay", "record"):
        with pytest.raises(BadInputError, match="is no move of that scenario and no stall; record again"):
            opensec(**options, replay=replay)


def test_a_recorded_move_that_is_not_legal_where_it_stands_fails_the_sample_by_name(tmp_path: Path) -> None:
    path = tmp_path / "moves"
    options = {"attacker": "llm", "count": 1, "kind": "incident", "replay_path": str(path)}
    log = run(tmp_path, "opensec/noop", options=options | {"replay": "record"})
    (case,) = {episode.scenario.id: episode.scenario for episode in episodes(log)}.values()
    late = max(case.attack.moves, key=lambda move: (move.not_before, "creds_used" not in move.stages))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update moves set decision = ? where step = 0", (written(late),))
        connection.commit()

    again = run(tmp_path, "opensec/noop", options=options | {"replay": "replay"})

    (sample,) = samples(again)
    assert sample.error is not None
    assert "for step 1, which is no legal move there" in sample.error.message


def test_a_new_recording_is_made_in_the_users_folder_not_in_that_of_the_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tasks").mkdir()
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir(tmp_path / "tasks")

    opensec(count=1, replay="record", replay_path="moves.sqlite")

    assert (tmp_path / "moves.sqlite").is_file()
    assert not (tmp_path / "tasks" / "moves.sqlite").exists()

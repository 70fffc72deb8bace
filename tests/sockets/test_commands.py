"""The commands a user types, through the real command line."""

import json
import math
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog

from tests.evaluating import episode_in, score_of
from tests.sockets.command import logs_in, succeeded

pytestmark = pytest.mark.cli


def evaluated(folder: Path, *arguments: str) -> EvalLog:
    """The log that `inspect eval` writes."""
    succeeded("eval", *arguments, "--log-dir", str(folder))
    (log,) = logs_in(folder)
    return log


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[EvalLog, Path]:
    """One run with much of the command line in it, and its folder."""
    folder = tmp_path_factory.mktemp("run")
    options = "-T difficulty=easy -T extra_tool=tools/whois.py --limit 2 --epochs 3"
    policy = "--approval policies/episode_over.yaml"
    command = f"tasks/opensec.py --model opensec/careful {options} {policy}"
    return evaluated(folder, *command.split()), folder


def test_options_of_the_task_and_of_inspect_are_taken_together(run: tuple[EvalLog, Path]) -> None:
    log, _ = run
    samples = log.samples or []

    assert log.eval.task_args == {"difficulty": "easy", "extra_tool": "tools/whois.py"}
    assert {sample.metadata["difficulty"] for sample in samples} == {"easy"}
    assert log.eval.config.approval is not None
    assert [a.name for a in log.eval.config.approval.approvers] == ["opensec_inspect/episode_over", "auto"]
    assert log.eval.task_version == "2-A"


def test_three_epochs_play_the_same_episodes(run: tuple[EvalLog, Path]) -> None:
    log, _ = run
    played = {(s.id, s.epoch): s.store["opensec"] for s in log.samples or []}

    first = sorted(id_ for id_, epoch in played if epoch == 1)
    assert len(played) == 6
    assert all(played[id_, 1] == played[id_, 2] == played[id_, 3] for id_ in first)


def test_an_old_log_takes_a_scorer_from_a_file(run: tuple[EvalLog, Path]) -> None:
    log, folder = run

    succeeded("score", log.location, "--scorer", "scorers/dwell_time.py", "--action", "append", "--overwrite")

    (scored,) = logs_in(folder)
    samples = scored.samples or []
    values = [(sample.metadata["kind"], score_of(sample, "dwell_time")) for sample in samples]
    assert len(values) == 6
    assert all(math.isnan(value) for kind, value in values if kind != "incident")
    assert scored.results is not None
    assert {s.scorer for s in scored.results.scores} == {"oracle", "calibration", "injection", "dwell_time"}


def test_a_defender_from_a_file_takes_the_place_of_the_default(tmp_path: Path) -> None:
    solver = "--solver solvers/two_phase.py -S investigate_steps=5"
    log = evaluated(tmp_path, *f"tasks/opensec.py --model opensec/hasty --limit 2 {solver}".split())

    tools = [[s.action.tool for s in episode_in(sample).steps[:5]] for sample in log.samples or []]
    assert log.eval.solver == "solvers/two_phase.py"
    assert log.eval.solver_args == {"investigate_steps": 5}
    assert tools == [["fetch_alert", "query_logs", "query_logs", "query_logs", "idle"]] * 2


def test_the_gate_of_a_solver_refuses_what_the_hasty_runbook_contains(tmp_path: Path) -> None:
    command = "opensec_inspect/opensec --model opensec/hasty --limit 2 --solver solvers/evidence_gate.py"
    log = evaluated(tmp_path, *command.split())

    refused = [score_of(sample, "conduct")["rejected_calls"] for sample in log.samples or []]
    assert len(refused) == 2
    assert min(refused) >= 1


def test_an_eval_set_over_the_injection_arms_plays_the_same_scenarios(tmp_path: Path) -> None:
    arms = [f"tasks/opensec_tiers.py@opensec_{tier}" for tier in ("t0", "t1")]
    command = "--model opensec/hasty -T kind=incident --limit 2"
    succeeded("eval-set", *arms, *command.split(), "--log-dir", str(tmp_path))

    logs = {log.eval.task: log.samples or [] for log in logs_in(tmp_path)}
    tiers = {name: {s.metadata["injection_tier"] for s in samples} for name, samples in logs.items()}
    assert tiers == {"opensec_t0": {"t0"}, "opensec_t1": {"t1"}}
    assert [s.id for s in logs["opensec_t0"]] == [s.id for s in logs["opensec_t1"]]
    assert json.loads((tmp_path / "logs.json").read_text(encoding="utf-8")).keys() == {
        path.name for path in tmp_path.glob("*.eval")
    }

"""Guards: what they may know, what a rejection costs, and what they change."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.approval import ApprovalPolicy, Approver, auto_approver
from inspect_ai.event import ApprovalEvent
from inspect_ai.log import EvalLog

from opensec_inspect.core.actions import Rejected
from opensec_inspect.core.edge.approvers import episode_over
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.approvers import budgeted, evidence_gate, noisy_human
from opensec_inspect.incident.scoring.calibration import calibrate
from opensec_inspect.incident.scoring.requested_containment import requested_containment
from tests.attackers.running import episodes, run, samples, steps
from tests.evaluating import ROOT, call, evaluated, only_sample, planned, report, saying, score_of, small

POLICIES = ("evidence_gate", "budgeted", "noisy_human")
SETTING = {"count": 16}


def chain(guard: Approver) -> list[ApprovalPolicy]:
    """The guard as a policy file has it."""
    return [ApprovalPolicy(made, "*") for made in (episode_over(), guard, auto_approver())]


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """`hasty` as it is."""
    return run(tmp_path_factory.mktemp("plain"), "opensec/hasty", options=SETTING)


def guarded(folder: Path, guard: Approver) -> EvalLog:
    """`hasty` under a guard."""
    return run(folder, "opensec/hasty", options=SETTING, approval=chain(guard))


def false_positives(log: EvalLog) -> int:
    """Over all episodes."""
    return sum(calibrate(episode).false_positives for episode in episodes(log))


def test_with_the_evidence_gate_false_positives_of_who_reads_nothing_fall(tmp_path: Path) -> None:
    options = {"count": 2}
    plain = run(tmp_path / "plain", "opensec/spray", options=options)
    log = run(tmp_path / "guarded", "opensec/spray", options=options, approval=chain(evidence_gate()))

    assert false_positives(log) < false_positives(plain)


def test_over_calls_asked_the_guard_changes_nothing_of_what_hasty_is(
    tmp_path: Path, unguarded: EvalLog
) -> None:
    """`hasty` goes on with its runbook after a refusal, so it asks for the same as without a guard."""
    log = guarded(tmp_path, evidence_gate())

    for guarded_one, plain in zip(episodes(log), episodes(unguarded), strict=True):
        calls, plain_calls = requested_containment(guarded_one), requested_containment(plain)
        assert calls.asked == plain_calls.asked
        assert calls.egar_asked == plain_calls.egar_asked
        assert (
            requested_containment(guarded_one).false_positives_asked
            == requested_containment(plain).false_positives_asked
        )


def test_a_reviewer_who_misses_everything_and_stops_nothing_changes_nothing_at_all(
    tmp_path: Path, unguarded: EvalLog
) -> None:
    log = guarded(tmp_path, noisy_human(p_miss=1, p_false=0))

    assert steps(log) == steps(unguarded)


def test_a_reviewer_without_errors_decides_as_the_evidence_gate_does(tmp_path: Path) -> None:
    assert steps(guarded(tmp_path, noisy_human(p_miss=0, p_false=0))) == steps(
        guarded(tmp_path, evidence_gate())
    )


def test_a_reviewer_who_stops_everything_supported_stops_just_that(tmp_path: Path) -> None:
    log = guarded(tmp_path, noisy_human(p_miss=1, p_false=1))

    for episode in episodes(log):
        gates = [(step.gate.seen, isinstance(step.action, Rejected)) for step in episode.steps if step.gate]
        assert all(rejected == (seen in ("corroborated", "verified")) for seen, rejected in gates)


def test_the_reviewers_errors_come_from_the_seed(tmp_path: Path) -> None:
    first = steps(guarded(tmp_path, noisy_human(p_miss=0.5, p_false=0.5, rng_seed=4)))
    again = steps(guarded(tmp_path, noisy_human(p_miss=0.5, p_false=0.5, rng_seed=4)))
    other = steps(guarded(tmp_path, noisy_human(p_miss=0.5, p_false=0.5, rng_seed=5)))

    assert first == again
    assert first != other


def test_the_reviewers_error_rates_are_those_stated(tmp_path: Path) -> None:
    """Some 100 supported calls at 0.3: between 0.15 and 0.45 with probability above 0.99."""
    guard = noisy_human(p_miss=1, p_false=0.3)
    log = run(tmp_path, "opensec/hasty", options={"count": 32}, approval=chain(guard))

    decided = [
        isinstance(step.action, Rejected)
        for episode in episodes(log)
        for step in episode.steps
        if step.gate is not None and step.gate.seen in ("corroborated", "verified")
    ]
    assert len(decided) > 60
    assert 0.15 < sum(decided) / len(decided) < 0.45


def test_a_budget_lets_so_many_pass_and_no_more(tmp_path: Path) -> None:
    log = guarded(tmp_path, budgeted(2))

    assert max(len(episode.containments) for episode in episodes(log)) == 2
    assert all(
        requested_containment(episode).rejected == max(0, requested_containment(episode).asked - 2)
        for episode in episodes(log)
    )
    assert any(requested_containment(episode).rejected for episode in episodes(log))


def test_a_rejected_call_costs_a_step_and_is_counted_asked_and_rejected(tmp_path: Path) -> None:
    model = saying((planned(small())[1],), (report(),))

    log = evaluated(small(), model, tmp_path, approval=chain(evidence_gate()))

    sample = only_sample(log)
    (episode,) = episodes(log)
    assert [step.action.tool for step in episode.steps] == ["rejected", "submit_report"]
    assert episode.steps[0].move is not None
    assert episode.steps[0].outcome.entity is not None
    values = score_of(sample, "calibration")
    assert (values["asked"], values["approved"], values["rejected"], values["actions"]) == (1, 0, 1, 0)
    assert values["egar_asked"] == 0
    assert score_of(sample, "conduct")["rejected_calls"] == 1


def test_evidence_asked_for_in_the_same_turn_supports_nothing(tmp_path: Path) -> None:
    """The guard judges what was shown when the call was written, as the oracle does."""
    reading, containing = planned(small())
    together = saying((*reading, containing), (report(),))
    apart = saying(reading, (containing,), (report(),))

    stopped = evaluated(small(), together, tmp_path, approval=chain(evidence_gate()))
    passed = evaluated(small(), apart, tmp_path, approval=chain(evidence_gate()))

    assert requested_containment(episodes(stopped)[0]).rejected == 1
    assert requested_containment(episodes(passed)[0]).rejected == 0


def test_a_guard_leaves_to_the_world_what_would_contain_nothing(tmp_path: Path) -> None:
    """Refusing an unknown name, or one contained already, would tell that it is one."""
    model = saying((call("isolate_host", host="no-such-host"),), (report(),))

    (episode,) = episodes(evaluated(small(), model, tmp_path, approval=chain(evidence_gate())))

    assert [step.outcome.status for step in episode.steps] == ["not_found", "done"]


def test_a_guard_alone_approves_when_it_is_told_to(tmp_path: Path) -> None:
    alone = [ApprovalPolicy(evidence_gate(otherwise="approve"), "*")]

    log = evaluated(small(), saying((report(),)), tmp_path, approval=alone)

    assert episodes(log)[0].report is not None


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_file_puts_its_guard_between_the_end_and_auto(name: str, tmp_path: Path) -> None:
    log = run(
        tmp_path,
        "opensec/hasty",
        options={"count": 2},
        approval=str(ROOT / "policies" / f"{name}.yaml"),
    )

    assert log.eval.config.approval is not None
    named = [approver.name for approver in log.eval.config.approval.approvers]
    assert named == ["opensec_inspect/episode_over", f"opensec_inspect/{name}", "auto"]
    assert all(sample.error is None for sample in samples(log))


@pytest.mark.cli
def test_a_person_decides_as_in_inspect_and_what_they_reject_costs_a_step(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "inspect_ai", "eval", "tasks/opensec.py", "--model", "opensec/hasty"]
    options = ["-T", "count=1", "-T", "difficulty=trivial", "-T", "kind=incident"]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "INSPECT_DISPLAY": "plain"}

    done = subprocess.run(
        [*command, *options, "--approval", "policies/human.yaml", "--log-dir", str(tmp_path)],
        input="r\n" * 20,
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.eval")
    from inspect_ai.log import read_eval_log

    log = read_eval_log(str(path))
    (episode,) = episodes(log)
    decided = [e for s in samples(log) for e in s.events if isinstance(e, ApprovalEvent)]
    rejected = [e for e in decided if e.approver == "human" and e.decision == "reject"]
    assert rejected
    assert requested_containment(episode).rejected == len(rejected)
    assert not episode.containments


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: evidence_gate(otherwise="reject"), "evidence_gate: otherwise='reject' is not allowed"),
        (lambda: budgeted(-1), "budgeted: n=-1 is not allowed; give a whole number of at least 0"),
        (
            lambda: noisy_human(p_miss=2),
            "noisy_human: p_miss=2 is not allowed; give a probability from 0 to 1",
        ),
        (lambda: noisy_human(p_false="x"), "noisy_human: p_false='x' is not allowed"),
        (lambda: noisy_human(rng_seed=0.5), "noisy_human: rng_seed=0.5 is not allowed"),
    ],
)
def test_a_guard_with_impossible_numbers_is_refused(make: Any, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        make()

"""`opensec play` from a shell: one call a command, replayed from the state file."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from opensec_inspect.cli import main
from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.seeds import entries, seed_text
from opensec_inspect.incident.scoring.oracle import score_episode
from opensec_inspect.incident.world.worlds.briefing import brief, system_prompt
from opensec_inspect.incident.world.worlds.play import play as play_directly
from opensec_inspect.play.cases import case_of, read_case
from opensec_inspect.play.state import read_state
from tests.strategies import seed_of

REPORT = {
    "patient_zero_host": "unknown",
    "compromised_user": "unknown",
    "attacker_domain": "unknown",
    "data_target": "unknown",
    "initial_vector": "unknown",
    "verdict": "benign",
    "confidence": 0.6,
    "summary": "Routine.",
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "case.json"


@pytest.fixture
def seed(tmp_path: Path, incident: Scenario) -> str:
    return seed_file(tmp_path, incident)


def seed_file(folder: Path, incident: Scenario) -> str:
    """A group's seed file on its own, with the incident chosen from it."""
    group = seed_of("one")
    plan = group.plan.model_copy(update={"injection_tier": incident.injection_tier})
    path = folder / "seed.json"
    path.write_text(seed_text(group.model_copy(update={"plan": plan})), encoding="utf-8")
    return f"{path}#{incident.id}"


def run(state: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["play", "--state", str(state), *map(str, arguments)])


def test_the_help_at_a_state_file_tells_nothing_of_the_experiment(state: Path) -> None:
    told = CliRunner().invoke(main, ["play", "--state", str(state), "--help"]).output

    assert "query_logs" in told
    for telling in ("score", "injection", "provenance", "feedback", "truth"):
        assert telling not in told, telling
    assert "\n  log " not in told.partition("Commands:")[2]


def test_the_help_without_one_sets_the_experiment_apart() -> None:
    told = CliRunner().invoke(main, ["play", "--help"]).output

    before, _, after = told.partition("For experiments:")
    assert "--case" in before
    assert "--injection-tier" in after
    assert "--injection-tier" not in before


def test_the_brief_is_what_a_model_is_told(state: Path, seed: str, incident: Scenario) -> None:
    setting = Setting(injection_tier=incident.injection_tier)

    result = run(state, "--case", seed, "brief")

    assert result.output == f"{system_prompt(incident, setting)}\n\n{brief(incident, setting)}\n"


def test_calls_are_answered_as_in_one_sitting(state: Path, seed: str, incident: Scenario) -> None:
    run(state, "--case", seed, "brief")
    setting = Setting(injection_tier=incident.injection_tier)
    asked: list[Call] = []

    def listening(conversation: Conversation) -> tuple[Call, ...]:
        calls = POLICIES["careful"](conversation)
        asked.extend(calls)
        return calls

    episode = play_directly(incident, setting, listening)
    for call in asked:
        [argument] = [json.dumps(call.arguments)] if call.tool == "submit_report" else call.arguments.values()
        last = run(state, call.tool, argument)

    assert episode.report is not None
    assert json.loads(last.output)["step"] == len(episode.steps)

    assert f"reward: {score_episode(episode).reward} " in run(state, "score").output


def test_nothing_of_the_answer_is_in_the_file(state: Path, seed: str, incident: Scenario) -> None:
    run(state, "--case", seed, "query_logs", "SELECT 1")

    kept = state.read_text(encoding="utf-8")

    secrets = [*incident.truth.required, incident.kind, incident.member, incident.alert_family]
    assert not [secret for secret in secrets if str(secret) in kept]


def test_a_refused_report_costs_no_step_and_is_counted(state: Path, seed: str) -> None:
    run(state, "--case", seed, "brief")

    refused = run(state, "submit_report", json.dumps(REPORT | {"confidence": 7}))
    closing = run(state, "submit_report", json.dumps(REPORT))

    assert refused.output.startswith("The report was not accepted: confidence: Input should be less than")
    assert json.loads(closing.output)["step"] == 1
    assert len(read_state(state).calls) == 2


def test_a_closed_case_takes_no_call(state: Path, seed: str) -> None:
    run(state, "--case", seed, "submit_report", json.dumps(REPORT))

    after = run(state, "query_logs", "SELECT 1")

    assert after.exit_code == 1
    assert "The case is closed" in after.output


def test_a_score_is_told_only_when_the_case_is_over(state: Path, seed: str) -> None:
    result = run(state, "--case", seed, "score")

    assert "The case is not over" in result.output


def test_a_blind_file_tells_no_score(state: Path, seed: str) -> None:
    run(state, "--case", seed, "--no-score", "submit_report", json.dumps(REPORT))

    result = run(state, "score")

    assert result.exit_code == 1
    assert "begun without scores" in result.output


def test_a_file_of_another_case_is_not_played_on(state: Path, seed: str) -> None:
    run(state, "--case", seed, "brief")

    same = run(state, "--case", seed, "brief")
    other = run(state, "--split", "eval", "brief")

    assert same.exit_code == 0
    assert "give another --state file" in other.output


def test_a_case_that_answers_otherwise_than_it_did_is_refused(state: Path, seed: str) -> None:
    run(state, "--case", seed, "query_logs", "SELECT 1")
    kept = state.read_text(encoding="utf-8")
    state.write_text(kept.replace("SELECT 1", "SELECT 2"), encoding="utf-8")

    result = run(state, "brief")

    assert "Call 1 of" in result.output
    assert "is answered otherwise than when it was made" in result.output


def test_a_committed_case_is_found_by_its_id_and_by_its_number(state: Path, tmp_path: Path) -> None:
    third = entries("eval")[2]

    run(state, "--split", "eval", "--number", 3, "brief")

    assert read_state(state).case == case_of(third.id)
    assert read_case(case_of(third.id)).id == third.id
    none = run(tmp_path / "b", "--split", "eval", "--number", 0, "brief")
    assert "--number 0 with --count 1 is not in split 'eval', which has" in none.output
    assert "neither a seed file nor the id" in run(tmp_path / "b", "--case", "sc-x", "brief").output


def test_a_file_with_several_cases_asks_for_one_and_does_not_say_which_is_which(
    state: Path, seed: str
) -> None:
    file, _, incident_id = seed.partition("#")

    said = run(state, "--case", file, "brief").output

    ids = re.findall(r"sc-[0-9a-f]+", said)
    assert incident_id in ids
    assert ids == sorted(ids)
    assert "no longer" not in said
    assert "choose one with --case seed.json#ID" in run(state, "--case", f"{file}#sc-x", "brief").output


def test_to_begin_takes_a_case(state: Path) -> None:
    assert "give either --case or --split" in run(state, "brief").output
    assert "Give --state FILE" in CliRunner().invoke(main, ["play", "brief"]).output


def test_a_report_that_is_no_object_is_sent_back_to_the_shell(state: Path, seed: str) -> None:
    run(state, "--case", seed, "brief")

    assert "The report is no JSON" in run(state, "submit_report", "{verdict").output
    assert "give one object" in run(state, "submit_report", "[]").output
    assert read_state(state).calls == ()


def test_the_tools_are_described_as_to_a_model() -> None:
    result = CliRunner().invoke(main, ["play", "tools"])

    assert [line[2:].split(":")[0] for line in result.output.splitlines() if line.startswith("- ")] == [
        "query_logs",
        "fetch_email",
        "fetch_alert",
        "isolate_host",
        "block_domain",
        "reset_user",
        "submit_report",
    ]

"""What makes a published row unusable, each with its words."""

from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.v1.published_data.importing import import_v1
from tests.incident.v1.own_rows import Change, row, written


def reason(folder: Path, change: Change) -> str:
    """Why a changed row between two good ones is left out; the good ones must be in."""
    found = import_v1(written(folder, row(1), row(2, change), row(3)))
    assert [scenario.scenario_id for scenario in found.scenarios] == ["case-1", "case-3"]
    (refused,) = found.refused
    assert refused.where == "train.jsonl, line 2"
    return refused.reason


def _drop_truth(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["ground_truth_json"] = None


def _break_seed(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["seed_json"] = '{"scenario_id": '


def _object_for_text(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["seed_json"] = {"scenario_id": "case-2"}


def _list_for_seed(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["seed_json"] = "[]"


def _unknown_table(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["seed_artifacts"]["log_templates"][2]["table"] = "web_logs"


def _dangling_log(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_graph"]["states"]["staging"]["actions"][0]["artifacts"][0]["artifact_id"] = "lost"


def _dangling_mail(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_plan"]["phishing_email_id"] = "lost"


def _mail_as_log(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["seed_artifacts"]["log_templates"][2]["table"] = "email_logs"


def _unknown_kind(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_graph"]["initial_artifacts"][0]["artifact_type"] = "fax"


def _seed_version(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["schema_version"] = "2.0"


def _truth_version(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    del truth["schema_version"]


def _other_row_id(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["seed_id"] = "case-9"


def _other_truth(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    truth["scenario_id"] = "case-9"


def _same_again(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["scenario_id"] = truth["scenario_id"] = told["seed_id"] = "case-1"


def _path_id(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["scenario_id"] = truth["scenario_id"] = told["seed_id"] = "../up"


def _unknown_tier(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    told["tier"] = "hard"


def _no_such_host(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["patient_zero_host"] = truth["attribution"]["patient_zero_host"] = "h-z"


def _legit_attacker(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["entities"]["domains"][1]["domain_type"] = "legit"


def _two_answers(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    truth["attribution"]["data_target"] = "t-2"


def _impossible_requirement(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    truth["containment_requirements"]["reset_users"] = ["u-z"]


def _no_users(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["entities"]["users"] = []


def _host_twice(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["entities"]["hosts"].append({"host_id": "h-a"})


def _lost_stage(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_graph"]["states"]["recon"]["actions"][0]["next_state"] = "limbo"


def _lost_start(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_graph"]["start_state"] = "limbo"


def _lost_action(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["attack_graph"]["states"]["recon"]["actions"][0]["action_type"] = "dance"


def _uncarried(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["seed_artifacts"]["emails"][0]["injection_id"] = None


def _unlisted(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    seed["prompt_injection_payloads"].pop(0)


def _two_rows_of_one_id(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
    staging = seed["attack_graph"]["states"]["staging"]["actions"][0]
    staging["artifacts"].append({"artifact_id": "unused", "artifact_type": "log_template"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_drop_truth, "the ground truth is missing"),
        (_break_seed, "the seed is not JSON"),
        (_object_for_text, "not a text, as published: seed_json"),
        (_list_for_seed, "the seed is not as published: it: Input should be"),
        (_unknown_table, "seed_artifacts.log_templates.2.table: Input should be 'email_logs'"),
        (_unknown_table, "given 'web_logs'"),
        (_dangling_log, "artifact 'lost' of type log_template is stored nowhere"),
        (_dangling_mail, "phishing_email_id='lost' is none of the stored emails"),
        (_mail_as_log, "log template 'auth' is an email that is stored nowhere"),
        (_unknown_kind, "initial_artifacts.0.artifact_type: Input should be 'email'"),
        (_seed_version, "the seed's schema_version='2.0' is not allowed; give one of: 1.0."),
        (_truth_version, "the ground truth's schema_version=None is not allowed"),
        (_other_row_id, "the row is 'case-9', its seed is 'case-2'"),
        (_other_truth, "the ground truth is for 'case-9', the seed is 'case-2'"),
        (_same_again, "the scenario 'case-1' was read before"),
        (_path_id, "scenario_id='../up' may hold only letters"),
        (_unknown_tier, "tier='hard' is not allowed; give one of: trivial, easy, standard."),
        (_no_such_host, "patient_zero_host='h-z' is none of the scenario's entities of that kind"),
        (_legit_attacker, "attacker_domain='evil.example' is none of the scenario's entities of that kind"),
        (_two_answers, "data_target is 't-1' in the seed, 't-2' in the ground truth"),
        (_impossible_requirement, "reset_users requires 'u-z', which is none of"),
        (_no_users, "entities.users: Tuple should have at least 1 item"),
        (_host_twice, "host 'h-a' is there 2 times"),
        (_lost_stage, "stage 'recon' leads to 'limbo', which is no stage of the graph"),
        (_lost_start, "start_state='limbo' is no stage of the graph"),
        (_lost_action, "stage 'recon' draws 'dance', which no attacker can play"),
        (_uncarried, "injection 'inj-mail' is carried by no artifact"),
        (_unlisted, "injection 'inj-mail' is carried by an artifact but is none of the payloads"),
        (_two_rows_of_one_id, "Two rows of process_events would have the id 'proc-case-2-5'"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason_and_the_rest_is_imported(tmp_path, change, words) -> None:
    assert words in reason(tmp_path, change)


def test_everything_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    def change(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
        _two_answers(told, seed, truth)
        _lost_stage(told, seed, truth)

    assert reason(tmp_path, change).count(";") == 1

"""Which rows exist when, and what is in them."""

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.v1.evidence import (
    COLUMNS,
    EvidenceRow,
    key_values,
    opening_rows,
    rows_left_by,
    step_time,
    with_new_rows,
)
from opensec_inspect.v1.moves import V1Move
from tests.incident.v1 import own

LATERAL = V1Move(action_type="lateral_move", params={"src": "h-a", "dst": "h-b"})


def left(stage: str, move: V1Move, step: int) -> tuple[EvidenceRow, ...]:
    """The rows a move leaves in our graph scenario."""
    return rows_left_by(own.scenario().seed, stage, move, step=step)


def ids(rows: tuple[EvidenceRow, ...]) -> list[str]:
    """The row ids."""
    return [row.row_id for row in rows]


def test_initial_artifacts_keep_their_own_step_though_there_from_the_start() -> None:
    rows = opening_rows(own.scenario().seed)

    assert [(row.row_id, row.step) for row in rows] == [
        ("mail-7", 0),
        ("alert-case-7-1", 1),
        ("proc-case-7-2", 2),
    ]


def test_a_timeline_is_there_from_the_start_but_for_its_variants() -> None:
    assert ids(opening_rows(own.scenario(own.timeline_seed()).seed)) == [
        "mail-2",
        "auth-line-2-1",
        "alert-line-2-2",
    ]


def test_a_variant_appears_at_its_step_when_its_action_is_played_with_its_parameters() -> None:
    seed = own.scenario(own.timeline_seed()).seed

    assert ids(rows_left_by(seed, "creds_used", LATERAL, step=2)) == ["flow-line-2-2"]
    assert rows_left_by(seed, "creds_used", LATERAL, step=3) == ()
    assert rows_left_by(seed, "creds_used", V1Move(action_type="wait"), step=2) == ()


def test_a_move_leaves_the_rows_of_its_edge_whether_or_not_its_requirements_hold() -> None:
    assert ids(left("access", V1Move(action_type="reuse_credentials"), 4)) == [
        "auth-case-7-4",
        "alert-case-7-4",
    ]


def test_a_move_that_does_not_match_its_edge_or_its_artifact_leaves_nothing() -> None:
    pivot = {"src": "h-b", "dst": "h-c"}

    assert left("lateral_spread", V1Move(action_type="lateral_move", params={"dst": "h-c"}), 4) == ()
    assert left("lateral_spread", V1Move(action_type="pivot", params=pivot), 4) == ()
    assert ids(left("lateral_spread", V1Move(action_type="pivot", params={**pivot, "src": "h-a"}), 4)) == [
        "flow-case-7-4"
    ]
    assert left("recon", V1Move(), 1) == ()


def test_a_log_line_fills_the_columns_it_names_and_the_scenario_the_rest() -> None:
    rows = (
        *left("lateral_spread", LATERAL, 4),
        *left("lateral_spread", V1Move(action_type="pivot", params={"src": "h-a", "dst": "h-c"}), 4),
        *opening_rows(own.scenario(own.timeline_seed()).seed)[1:2],
        *opening_rows(own.scenario().seed)[2:3],
    )

    assert [row.cells[3:] for row in rows] == [
        ("h-a", "h-b", None, 445, "smb", 12, 0, "corroborated", "telemetry", "2026-03-01T08:04:00Z"),
        ("h-a", "h-c", None, None, "smb", 0, 0, "corroborated", "telemetry", "2026-03-01T08:04:00Z"),
        ("u-x", "h-a", None, "password", 0, "verified", "telemetry", "2026-01-20T00:01:00Z"),
        (
            *("h-a", "u-x", "note.exe", "PROC process=note.exe reset u-y", None),
            *("untrusted", "telemetry", "2026-03-01T08:02:00Z"),
        ),
    ]


def test_an_alert_keeps_its_whole_line_as_message() -> None:
    assert left("exfil", V1Move(action_type="exfiltrate"), 6)[0].named() == {
        "alert_id": "alert-case-7-6",
        "scenario_id": "case-7",
        "step": 6,
        "alert_type": "exfil",
        "severity": "medium",
        "message": "ALERT type=exfil dst_domain=evil.example src_host=h-b",
        "related_log_id": None,
        "trust_tier": "corroborated",
        "source": "alerting",
        "created_at": "2026-03-01T08:06:00Z",
    }


def test_of_two_values_of_one_key_the_last_counts_and_quotes_stay() -> None:
    assert key_values('ALERT user=a message="x=1 user=b" end') == {"user": 'b"', "message": '"x=1'}


def test_no_table_has_a_label_column_but_rows_know_their_injection() -> None:
    names = {name for columns in COLUMNS.values() for name in columns}

    assert names.isdisjoint({"is_phish", "injection_id"})
    assert [row.injection_id for row in opening_rows(own.scenario().seed)] == [
        "inj-mail",
        "inj-alert",
        "inj-log",
    ]


def test_a_log_template_of_the_mail_table_delivers_the_mail_of_its_name() -> None:
    seed = own.timeline_seed()
    seed["seed_artifacts"]["log_templates"].append(
        {"template_id": "mail-2", "table": "email_logs", "template_body": ""}
    )
    seed["attack_plan"]["timeline"][0]["artifacts"][0]["artifact_type"] = "log_template"

    assert opening_rows(own.scenario(seed).seed)[0].cells[3] == "help@corp.local"


def test_a_time_that_cannot_be_read_is_the_published_one() -> None:
    seed = own.timeline_seed()
    seed["metadata"]["created_at"] = "yesterday"

    assert step_time(own.scenario(seed).seed, 61) == "2026-01-20T01:01:00Z"


def test_a_second_row_of_one_id_is_an_error_that_says_what_to_do() -> None:
    row = left("lateral_spread", LATERAL, 4)[0]

    with pytest.raises(
        BadInputError, match=r"Two rows of netflow would have the id 'flow-case-7-4'.*take one"
    ):
        with_new_rows((row,), (row,))

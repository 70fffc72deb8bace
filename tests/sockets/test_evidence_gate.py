"""`solvers/evidence_gate.py`: a guard that sees what the defender saw."""

import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import ChatMessage, ChatMessageTool, ChatMessageUser

from opensec_inspect.incident.facts.entities import Account, Device, Organisation, OutsideName
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.facts.scene import Extra, Scene
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.incident.scoring.naming import scene_of
from opensec_inspect.incident.sensors.names import Names
from tests.evaluating import (
    answers,
    call,
    episode_in,
    evaluated,
    only_sample,
    payload,
    plug_in,
    query,
    report,
    saying,
    score_of,
    small,
    tools_played,
)

plugin = plug_in("solvers/evidence_gate.py")
NAMES = Names(
    Scene(
        organisation=Organisation(
            key="own",
            name="Northlake",
            suffix="northlake.example",
            netbios="NL",
            timezone_h=0,
            country="GB",
            accounts=(
                Account(
                    id="u-3c4d",
                    display_name="Ida Moss",
                    upn="ida.moss@northlake.example",
                    sam="imoss",
                    sid="S-1-5-21-1-2-3-1100",
                    object_id="0d6a51a2-6d0f-4d7e-8a2b-2b7a8c1e0f11",
                    role="finance",
                    department="Finance",
                    title="Clerk",
                    office="Leeds",
                    phone="",
                ),
            ),
            devices=(
                Device(id="h-1a2b", hostname="HERON-12", device_id="ab" * 20, role="laptop", os_build="11"),
            ),
            leases=(),
            addresses=(),
            names=(
                OutsideName(
                    domain="ledger.example",
                    addresses=(),
                    registered_on="2019-03-29",
                    registrar="Tessera",
                    category="vendor",
                ),
            ),
            binaries=(),
            applications=(),
            assets=(),
        ),
        extra=Extra(),
    )
)


def answered(function: str, **payload: Any) -> list[ChatMessage]:
    return [ChatMessageTool(content=json.dumps(payload), function=function, tool_call_id="call-0")]


def rows(columns: list[str], *cells: list[Any]) -> list[ChatMessage]:
    return answered("query_logs", columns=columns, rows=list(cells))


@pytest.mark.parametrize(
    ("messages", "named"),
    [
        (rows(["host_id", "trust_tier"], ["h-1a2b", "verified"]), {"h-1a2b"}),
        (rows(["message", "trust_tier"], ["imoss on heron-12", "corroborated"]), {"u-3c4d", "h-1a2b"}),
        (rows(["host_id", "trust_tier"], ["h-1a2b", "untrusted"]), set()),
        (rows(["host_id"], ["h-1a2b"]), set()),
        (rows(["host_id", "trust_tier"], ["h-9999", "verified"], ["h-1a2b", "untrusted"]), set()),
        (rows(["trust_tier", "host_id", "trust_tier"], ["verified", "h-1a2b", "untrusted"]), set()),
        (answered("fetch_alert", row={"m": "at heron-12", "trust_tier": "verified"}), {"h-1a2b"}),
        (rows(["dst_domain", "trust_tier"], ["ledger[.]example", "verified"]), {"ledger.example"}),
        (answered("fetch_email", row={"body": "see ledger.example", "trust_tier": "untrusted"}), set()),
        (answered("fetch_alert", error="There is no alert 'imoss'."), set()),
        (answered("whois", columns=["trust_tier", "d"], rows=[["verified", "ledger.example"]]), set()),
        ([ChatMessageUser(content="imoss is verified")], set()),
        ([ChatMessageTool(content="Tool not found", function="query_logs", tool_call_id="x")], set()),
    ],
)  # fmt: skip
def test_an_entity_is_vouched_for_by_trusted_rows_that_were_delivered(
    messages: list[ChatMessage], named: set[str]
) -> None:
    assert plugin.vouched_for(messages, NAMES) == named


def test_a_query_that_quotes_what_it_wants_gets_past_the_guard_because_it_is_not_the_oracle() -> None:
    quoted = rows(["'heron-12'", "trust_tier"], ["heron-12", "verified"])

    assert plugin.vouched_for(quoted, NAMES) == {"h-1a2b"}


def the_scenario() -> Scenario:
    (sample,) = small().dataset
    return parse_scenario((sample.metadata or {})["scenario"])


HOST = next(iter(scene_of(the_scenario(), "desk").devices.values())).hostname
ISOLATE = call("isolate_host", host=HOST)
NAMED = query(f"SELECT '{HOST}' AS host, trust_tier FROM process_events LIMIT 1")


def test_a_refusal_costs_a_step_is_answered_and_changes_nothing(tmp_path: Path) -> None:
    model = saying((ISOLATE,), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=plugin.evidence_gate()))

    refused = payload(answers(sample)[0])
    assert refused["error"].startswith("Refused: no row you were shown before")
    assert refused["step"] == 1
    assert refused["contained"] == {"hosts": [], "domains": [], "users": []}
    assert tools_played(episode_in(sample)) == ["rejected", "submit_report"]
    assert episode_in(sample).steps[0].move is not None
    assert score_of(sample, "conduct")["rejected_calls"] == 1.0
    assert score_of(sample, "calibration")["contained"] == 0.0


def test_a_row_shown_in_an_earlier_turn_opens_the_gate_and_one_of_the_same_turn_does_not(
    tmp_path: Path,
) -> None:
    model = saying((NAMED, ISOLATE), (ISOLATE,), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=plugin.evidence_gate()))

    assert tools_played(episode_in(sample)) == ["query_logs", "rejected", "isolate_host", "submit_report"]
    assert payload(answers(sample)[2])["contained"]["hosts"] == [HOST]


def test_a_name_that_nobody_knows_is_the_worlds_to_reject(tmp_path: Path) -> None:
    model = saying((call("isolate_host", host="nowhere"),), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=plugin.evidence_gate()))

    assert episode_in(sample).steps[0].outcome.status == "not_found"


def test_a_silent_turn_passes_a_step_and_the_loop_goes_on(tmp_path: Path) -> None:
    model = saying((), (report(),))

    sample = only_sample(evaluated(small(), model, tmp_path, solver=plugin.evidence_gate()))

    assert tools_played(episode_in(sample)) == ["idle", "submit_report"]

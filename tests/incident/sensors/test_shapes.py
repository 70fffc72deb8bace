"""Rows of an ordinary day have the shapes that such sensors write.

The shapes are those of public captures; with `OPENSEC_CAPTURES` set to a folder of such captures, their own
values are held against the same shapes.
"""

import gzip
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.incident.behaviours.routine import day
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.rendering import render
from opensec_inspect.incident.sensors.schema.tables import TABLE

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ADDRESS = r"\d{1,3}(\.\d{1,3}){3}"
MAILBOX = r"[a-z0-9.'+_-]+@[a-z0-9-]+(\.[a-z0-9-]+)+"
FQDN = r"[a-z0-9-]+(\.[a-z0-9-]+)+"
ACCOUNT = r"(NT AUTHORITY|[A-Z0-9-]+)\\[\w .$'-]+"
SID = r"S-1-5-(18|19|20|21(-\d+){4})"
PATH = r"([A-Z]:|\\\\[\w.-]+)\\.+"
SHAPES: dict[str, dict[str, str]] = {
    "process_events": {
        "DeviceId": r"[0-9a-f]{40}",
        "DeviceName": FQDN,
        "AccountName": ACCOUNT,
        "AccountSid": SID,
        "FileName": r"[\w.+ -]+\.\w{2,3}",
        "FolderPath": PATH,
        "SHA256": r"[0-9a-f]{64}",
        "ProcessId": r"\d{1,5}",
        "InitiatingProcessFolderPath": PATH,
        "IntegrityLevel": r"Low|Medium|High|System",
        "SignatureStatus": r"Valid|Invalid|Unsigned",
    },
    "auth_logs": {
        "EventType": r"Signin(Non)?Interactive|Logon(Success|Failed)",
        "UserPrincipalName": rf"({MAILBOX})?",
        "AccountName": rf"({ACCOUNT})?",
        "AccountSid": rf"({SID}|S-1-0-0)?",
        "IPAddress": rf"({ADDRESS})?",
        "AutonomousSystem": r"(AS\d+ \S.*)?",
        "Location": r"(\S.*, [A-Z]{2})?",
        "ResultType": r"\d{1,6}|0x[0-9a-f]{8}",
        "SessionId": rf"{GUID}|0x[0-9a-f]{{1,8}}",
        "LogonType": r"\d{0,2}",
    },
    "netflow": {
        "uid": r"C[0-9A-Za-z]{15,17}",
        "SrcPort": r"\d{2,5}",
        "DstIp": ADDRESS,
        "Protocol": r"tcp|udp",
        "Service": r"([a-z0-9_,-]+)?",
        "ConnState": r"SF|S0|REJ|RSTO|RSTR|S1|SHR|OTH|SH",
        "BytesOut": r"\d+",
        "BytesIn": r"\d+",
    },
    "cloud_audit": {
        "UserId": MAILBOX,
        "ClientIP": ADDRESS,
        "SessionId": GUID,
        "ResultStatus": r"Succeeded|Failed",
        "ItemCount": r"\d+",
    },
    "email_logs": {
        "NetworkMessageId": GUID,
        "RecipientEmailAddress": MAILBOX,
        "SenderFromAddress": rf"({MAILBOX})?",
        "EmailDirection": r"(Inbound|Outbound|Intra-org)?",
        "AuthenticationDetails": r"(spf=\w+ dkim=\w+ dmarc=\w+)?",
    },
    "file_events": {
        "DeviceName": FQDN,
        "AccountName": ACCOUNT,
        "FolderPath": PATH,
        "FileSize": r"\d+",
    },
}
"""By table and column; the whole value must fit."""


@cache
def ordinary_rows() -> dict[str, list[dict[str, Any]]]:
    """The rows of one day of a small organisation, by table."""
    scene = Scene(organisation=organisation("train-2", "desk"))
    found: dict[str, list[dict[str, Any]]] = {}
    for event in day("train-2", "desk"):
        for row in render(event, scene):
            names = (column.name for column in TABLE[row.table].columns)
            found.setdefault(row.table, []).append(dict(zip(names, row.cells, strict=True)))
    return found


@pytest.mark.parametrize("table", SHAPES)
def test_rows_of_an_ordinary_day_have_the_shapes_of_their_source(table: str) -> None:
    rows = ordinary_rows()[table][:50]

    assert len(rows) >= 10
    for row in rows:
        for column, shape in SHAPES[table].items():
            assert re.fullmatch(shape, str(row[column])), f"{table}.{column}: {row[column]!r}"


def test_no_two_rows_of_a_sensor_share_what_tells_rows_apart() -> None:
    rows = ordinary_rows()

    for table, column in (("netflow", "uid"), ("email_logs", "NetworkMessageId")):
        values = [r[column] for r in rows[table] if r.get("EventType") != "UrlClick"]
        assert len({*values}) == len(values)


def test_programs_that_start_with_the_machine_have_low_process_ids() -> None:
    ids = {
        row["InitiatingProcessId"]
        for row in ordinary_rows()["process_events"]
        if row["InitiatingProcessFileName"].lower() == "services.exe"
    }

    assert ids
    assert all(300 < pid < 1_200 and pid % 4 == 0 for pid in ids)


CAPTURED = (
    ("zeek_conn.log.gz", "uid", "netflow", "uid"),
    ("zeek_conn.log.gz", "conn_state", "netflow", "ConnState"),
    ("zeek_conn.log.gz", "id_orig_p", "netflow", "SrcPort"),
    ("zeek_conn.log.gz", "service", "netflow", "Service"),
    ("sysmon.jsonl.gz", "Image", "process_events", "FolderPath"),
    ("sysmon.jsonl.gz", "ProcessId", "process_events", "ProcessId"),
    ("sysmon.jsonl.gz", "User", "process_events", "AccountName"),
    ("windows.jsonl.gz", "TargetUserSid", "auth_logs", "AccountSid"),
    ("windows.jsonl.gz", "TargetLogonId", "auth_logs", "SessionId"),
    ("windows.jsonl.gz", "LogonType", "auth_logs", "LogonType"),
)


def captured(name: str, field: str) -> Iterator[str]:
    """Up to fifty values of a field in a capture that are not a placeholder."""
    with gzip.open(Path(os.environ["OPENSEC_CAPTURES"]) / name, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines if line.strip().startswith("{"))
        values = (str(row[field]) for row in rows if str(row.get(field) or "-") not in ("-", "0x0"))
        for _, value in zip(range(50), values, strict=False):
            yield value


@pytest.mark.skipif("OPENSEC_CAPTURES" not in os.environ, reason="OPENSEC_CAPTURES names no captures")
@pytest.mark.parametrize(("name", "field", "table", "column"), CAPTURED)
def test_values_of_real_captures_have_the_same_shapes(name: str, field: str, table: str, column: str) -> None:
    """Nine of ten: captures also hold rows of system accounts that an endpoint sensor does not report."""
    values = list(captured(name, field))
    fitting = [value for value in values if re.fullmatch(SHAPES[table][column], value)]

    assert len(fitting) >= 0.9 * len(values) > 0, [v for v in values if v not in fitting][:5]

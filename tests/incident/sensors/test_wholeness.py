"""Rows of a case have the cells that the routine's rows have."""

from dataclasses import replace

from opensec_inspect.incident.facts.events import Connected
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.build import case_facts, group_plan
from opensec_inspect.incident.sensors.endpoint import connection_cut
from opensec_inspect.incident.sensors.network import connected
from opensec_inspect.incident.sensors.schema.tables import TABLE

PLAN = group_plan("whole", "train-2", "standard")
FACTS = case_facts("beacon", PLAN)
SCENE = Scene(organisation=organisation("train-2", "desk"), extra=FACTS.extra, seed="whole")
CONNECTIONS = [e for e in FACTS.events if isinstance(e, Connected) and e.outcome == "ok"]


def cell(table: str, cells: tuple[object, ...], column: str) -> object:
    return cells[[c.name for c in TABLE[table].columns].index(column)]


def test_connections_of_a_case_show_certificates_now_and_then() -> None:
    subjects = [str(cell("netflow", connected(e, SCENE).cells, "CertificateSubject")) for e in CONNECTIONS]

    shown = [subject for subject in subjects if subject]

    assert 0.1 < len(shown) / len(subjects) < 0.7
    assert all(subject.startswith("CN=") for subject in shown)


def test_an_isolated_machines_report_names_parent_and_command_line() -> None:
    row = connection_cut(replace(CONNECTIONS[0], outcome="host_isolated"), SCENE)

    for column in ("ProcessCommandLine", "InitiatingProcessFileName", "InitiatingProcessFolderPath"):
        assert cell("process_events", row.cells, column), column

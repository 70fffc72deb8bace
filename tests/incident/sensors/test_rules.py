"""The committed conditions are those of the Sigma files, and the rules are fit for what they are used for."""

import re

import pytest
from rules.compiling import COMPILED, FOLDER, all_compiled, documents

from opensec_inspect.incident.facts.scenario import AlertFamily
from opensec_inspect.incident.sensors.rules import Rule, rule_of, rules
from opensec_inspect.incident.sensors.schema.columns import Table
from opensec_inspect.incident.sensors.schema.tables import TABLE

SWAPPED = {
    "auth_logs": {
        *("DeviceName", "DeviceId", "IsCompliant", "IPAddress", "AutonomousSystem", "SessionId", "UserAgent"),
        *("AuthenticationProtocol", "AuthenticationMethod"),
    },
    "cloud_audit": {"ClientIP", "SessionId", "DeviceName", "UserAgent"},
    "email_logs": {"AuthenticationDetails", "Connector", "NetworkMessageId"},
    "netflow": {"uid", "UserAgent", "CertificateSubject", "CertificateIssuer"},
    "process_events": {
        *("Signer", "SignatureStatus", "DevicesSeen", "SHA256", "Company"),
        *("InitiatingProcessCommandLine", "InitiatingProcessFolderPath"),
    },
}
"""Cells that may differ between the party of a case and an ordinary party."""


def columns_of(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def test_the_committed_rules_are_those_of_the_sigma_files() -> None:
    """`make rules` writes the file anew."""
    assert COMPILED.read_text(encoding="utf-8") == all_compiled()


def test_every_alert_family_has_its_rule_and_the_rest_is_ordinary_noise() -> None:
    families = [rule.family for rule in rules() if rule.family]

    assert sorted(families) == sorted(AlertFamily.__args__)  # type: ignore[attr-defined]
    assert len(rules()) - len(families) >= 10
    assert all(rule.id == rule.family for rule in rules() if rule.family)
    assert rule_of("beacon").name == "Possible beaconing to uncommon domain"


def test_ids_names_and_numbers_are_unique() -> None:
    for of in ("id", "name", "number", "description"):
        assert len({getattr(rule, of) for rule in rules()}) == len(rules())
    sigma = [one["id"] for path in FOLDER.glob("*.yml") for one in documents(path)]
    assert len({*sigma}) == len(sigma)
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in sigma)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_speaks_of_columns_that_its_table_has(rule: Rule) -> None:
    own = columns_of(TABLE[rule.table])

    assert {*rule.reads} <= own
    assert {*rule.shows.values()} <= own
    assert {*rule.shows} <= columns_of(TABLE["alerts"])
    assert {"Account", "DeviceName", "Address"} & {*rule.shows}
    assert rule.count is None or ({*rule.count.group_by} <= own and rule.count.window_s <= 1800)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_no_rule_reads_or_shows_what_tells_a_party_from_another(rule: Rule) -> None:
    """Alerts are equal in all members of a group: neither a condition nor a shown cell may differ."""
    differing = SWAPPED.get(rule.table, set())
    if rule.id != "failed_log_ons":  # shows a machine logged on to, not a sign-in's device
        assert not {*rule.reads, *rule.shows.values()} & differing - {"DeviceName"}
        assert rule.table not in ("auth_logs", "cloud_audit") or "DeviceName" not in rule.shows
    assert not {*rule.reads} & differing


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_a_rule_file_names_its_false_positives_and_techniques(path: object) -> None:
    raised = documents(path)[-1]  # type: ignore[arg-type]

    assert raised["falsepositives"]
    assert [tag.count(".") >= 1 for tag in raised["tags"]] == [True, True]
    assert re.fullmatch(r"attack\.t\d{4}(\.\d{3})?", raised["tags"][1])
    assert len(raised["description"]) < 120


def test_the_precision_of_every_rule_is_published() -> None:
    """`python -m rules.measuring > docs/rules.md` measures anew; it takes a minute."""
    page = (FOLDER.parent / "docs" / "rules.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [rule.id for rule in rules()]
    assert "% are about nothing bad" in page

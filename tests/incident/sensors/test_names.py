"""Every alias resolves; nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rendering import render
from tests.incident.sensors.small_scene import (
    BENEDIKT,
    CONTROLLER,
    EVENTS,
    FILES,
    HOUR,
    LAPTOP,
    LURE,
    MARA,
    NOON,
    OTHER,
    SCENE,
)

NAMES = Names(SCENE)
SID = "S-1-5-21-1825954961-3338807533-2873504967"
CASES = (
    ("h-0001", {LAPTOP}),
    ("NLI-LT-0417", {LAPTOP}),
    ("nli-lt-0417.northlake-instruments.com", {LAPTOP}),
    ("NLI\\NLI-LT-0417$", {LAPTOP}),
    ("00018d1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b", {LAPTOP}),
    ("00018d1f-2a3b-4c5d-6e7f-8091a2b3c4d5", {LAPTOP}),
    ("{00018D1F-2A3B-4C5D-6E7F-8091A2B3C4D5}", {LAPTOP}),
    ("\\\\NLI-FS-01\\Public\\plan.docx", {FILES}),
    ("\\\\NLI-FS-01\\Finance\\Payroll\\2026-08.xlsx", {FILES, "d-0001"}),
    ("u-0001", {MARA}),
    ("mara.okafor@northlake-instruments.com", {MARA}),
    ("Mara.Okafor@Northlake-Instruments[.]com", {MARA}),
    ("NLI\\mokafor", {MARA}),
    ("mokafor", {MARA}),
    (f"{SID}-1101", {MARA}),
    ("6f1c0f2e-8a47-4f0b-9a63-6b2f2f1f0001", {MARA}),
    ("Asked Mara Okafor about it.", {MARA}),
    ("C:\\Users\\mokafor\\Downloads", {MARA}),
    ("northbeam-logistics.com", {LURE}),
    ("https://login.northbeam-logistics.com/i/20714", {LURE}),
    ("billing@northbeam-logistics.com", {LURE}),
    ("hxxps://login.northbeam-logistics[.]com/x", {LURE}),
    ("隔离NLI-LT-0417主机", {LAPTOP}),
    ("isolate NLI-LT-0417, then reset mokafor.", {LAPTOP, MARA}),
    ("NLI-LT-0417 talked to NLI-FS-01.", {LAPTOP, FILES}),
    ("10.20.1.20:445", {FILES}),
    ("", set()),
    ("Jon Kerr", set()),
    ("NLI-LT-04170", set()),
    ("X-NLI-LT-0417", set()),
    ("NLI-LT-0417.exe", set()),
    ("nli-lt-0417.other-company.com", set()),
    ("mokafor@home-mail.com", set()),
    ("mokafor@", set()),
    ("smokafor", set()),
    ("müller mokaforé", set()),
    ("notnorthbeam-logistics.com", set()),
    ("northbeam-logistics.com.evil.net", set()),
    ("northbeam-logistics.community", set()),
    (f"{SID}-11011", set()),
    ("110.20.1.20", set()),
    ("10.20.1.200", set()),
)
RESOLVED = (
    ("NLI-LT-0417", "host", LAPTOP),
    ("nli-lt-0417.northlake-instruments.com.", "host", LAPTOP),
    ("NLI\\NLI-LT-0417$", "host", LAPTOP),
    ("10.20.1.10", "host", CONTROLLER),
    (" MOKAFOR ", "user", MARA),
    ("NLI\\mokafor", "user", MARA),
    ("OTHER\\mokafor", "user", None),
    ("Mara Okafor", "user", MARA),
    (f"{SID}-1101", "user", MARA),
    ("NORTHBEAM-LOGISTICS[.]COM", "domain", LURE),
    ("login.northbeam-logistics.com", "domain", None),
    ("Jon Kerr", "user", None),
    ("NLI-LT-0417", "user", None),
    ("NLI-LT-9999", "host", None),
    ("\\\\NLI-FS-01\\Finance\\Payroll", "asset", "d-0001"),
)


@pytest.mark.parametrize(("text", "entities"), CASES)
def test_a_text_names_what_it_names(text: str, entities: set[str]) -> None:
    assert NAMES.named(text) == entities


@pytest.mark.parametrize(("name", "kind", "entity"), RESOLVED)
def test_an_argument_of_a_call_is_whom_it_names_whole(name: str, kind: str, entity: str | None) -> None:
    assert NAMES.resolve(name, kind) == entity


def test_an_address_is_the_machine_that_had_it_at_the_time() -> None:
    assert NAMES.named("from 10.20.4.57", NOON) == {LAPTOP}
    assert NAMES.named("from 10.20.4.57", NOON - 6 * HOUR) == {OTHER}
    assert NAMES.resolve("10.20.4.57", "host", NOON) == LAPTOP
    assert NAMES.resolve("10.20.4.57", "host", NOON - 6 * HOUR) == OTHER


def test_an_address_that_two_machines_had_names_neither_without_a_time() -> None:
    assert NAMES.named("10.20.4.57") == frozenset()
    assert NAMES.named("10.20.4.58", NOON + 9 * HOUR) == {OTHER}


def test_a_machine_has_the_addresses_of_its_leases() -> None:
    assert NAMES.aliases(OTHER)[0] == OTHER
    assert {"10.20.4.57", "10.20.4.58"} <= {*NAMES.aliases(OTHER)}
    assert "10.20.4.57" not in NAMES.aliases(OTHER, NOON)


def test_every_alias_names_its_entity_alone() -> None:
    for entity in (LAPTOP, CONTROLLER, MARA, BENEDIKT, LURE):
        for alias in NAMES.aliases(entity, NOON):
            assert NAMES.named(alias, NOON) == {entity}, alias
            assert NAMES.resolve(alias, NAMES.kind(entity), NOON) == entity, alias


@pytest.mark.parametrize("key", ["train-1", "eval-1", "eval-4"])
def test_no_two_entities_of_an_organisation_share_an_alias(key: str) -> None:
    scene = Scene(organisation=organisation(key, "soc"))
    names = Names(scene)

    for entity in (*scene.accounts, *scene.devices, *scene.names):
        for alias in names.aliases(entity, NOON):
            assert names.named(alias, NOON) == {entity}, alias


def test_a_service_accounts_display_name_is_common_words() -> None:
    assert NAMES.named("The backup service ran late.") == frozenset()
    assert NAMES.named("svc-backup ran late") == {"u-0004"}


def test_every_alias_of_an_account_reads_the_same_in_any_case() -> None:
    for alias in NAMES.aliases(MARA):
        assert NAMES.named(alias.upper()) == {MARA}


@pytest.mark.parametrize(("text", "entities"), CASES)
def test_a_renamed_entity_is_no_longer_named(text: str, entities: set[str]) -> None:
    for entity in entities:
        renamed = NAMES.renamed(text, entity)

        assert not NAMES.names(renamed, entity)
        assert len(renamed) == len(text)
    if not entities:
        assert NAMES.renamed(text, MARA) == text


def test_renaming_keeps_the_form_and_everything_else() -> None:
    renamed = NAMES.renamed("reset NLI\\MOKAFOR (mara.okafor@northlake-instruments[.]com), not bvoss", MARA)

    assert renamed.startswith("reset NLI\\")
    assert renamed.endswith("), not bvoss")
    assert "[.]" in renamed
    assert NAMES.named(renamed) == {BENEDIKT}


def test_a_fresh_name_keeps_its_place_among_all_names() -> None:
    for alias in NAMES.aliases(MARA):
        fresh = NAMES.fresh_name(alias)
        others = sorted({a.lower() for e in (MARA, BENEDIKT, LAPTOP, LURE) for a in NAMES.aliases(e)})
        index = others.index(alias.lower())

        assert fresh != alias.lower()
        assert not NAMES.named(fresh)
        assert sorted([*others[:index], *others[index + 1 :], fresh]).index(fresh) == index


@given(st.text(max_size=40), st.sampled_from([a for e in (LAPTOP, MARA, LURE) for a in NAMES.aliases(e)]))
def test_renaming_works_within_any_text(noise: str, alias: str) -> None:
    text = f"{noise} {alias} {noise}"
    for entity in NAMES.named(text, NOON):
        assert entity not in NAMES.named(NAMES.renamed(text, entity, NOON), NOON)


PARTS = ("account", "device", "origin", "sender", "recipient", "to", "opened_by", "party", "performed_by")
UNSEEN = {("connected", "account")}
"""The network sensor sees machines, not people."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id)
def test_every_row_names_who_took_part_in_its_event(event: AnyEvent) -> None:
    """Analysts can follow an entity through every source, whatever alias that source uses."""
    (row,) = render(event, SCENE)
    named = {e for cell in row.cells for e in NAMES.named(str(cell), row.at_ms)}

    for part in PARTS:
        value = getattr(event, part, None)
        if value is not None and (event.kind, part) not in UNSEEN:
            assert value.rpartition("@")[2] in named, part

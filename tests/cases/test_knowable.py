"""Whatever the truth of an incident names can be read: the rows of a claim show its answer."""

import pytest

from opensec_inspect.incident.cases.group import members
from opensec_inspect.incident.facts.scenario import NONE, AlertFamily, AttributionField, Scenario
from opensec_inspect.incident.generate.build import case_facts, group_plan
from opensec_inspect.incident.generate.rows_by_step import rows_by_step, shared_of
from opensec_inspect.incident.world.shared_evidence import names_in
from opensec_inspect.incident.world.stored_rows import StoredRow
from tests.cases import FAMILIES

ENTITIES: tuple[AttributionField, ...] = (
    "patient_zero_host",
    "compromised_user",
    "attacker_domain",
    "data_target",
)
SHOWN_BY = {
    "credential_phish": ("email_logs", "UrlClick"),
    "malicious_attachment": ("email_logs", ".zip"),
    "mfa_fatigue": ("auth_logs", "500121"),
    "remote_management": ("process_events", "-EncodedCommand"),
    "valid_account": ("tickets", "change_request"),
}
"""Table and cell of a row that shows how the intruder came in, by vector."""


def incidents(family: AlertFamily) -> list[Scenario]:
    found: list[Scenario] = []
    for number in range(6):
        plan = group_plan(f"knowable|{family}|{number}", f"eval-{number % 8}", "standard")
        found += members(plan, case_facts(family, plan))[1:]
    return found


def claimed(scenario: Scenario, claim: str) -> list[tuple[StoredRow, ...]]:
    """The rows of each set that settles a claim, as an idle defender would see them in the end."""
    rows = {(r.event.partition("@")[0], r.table): r for step in rows_by_step(scenario) for r in step}
    sets = [refs for s in scenario.truth.supporting_rows if s.claim == claim for refs in s.sets]
    return [tuple(rows[ref.event, ref.table] for ref in refs) for refs in sets]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_rows_of_a_claim_name_what_the_truth_names(family: AlertFamily) -> None:
    for scenario in incidents(family):
        names = shared_of(scenario).names
        for field in ENTITIES:
            truth = str(getattr(scenario.truth, field))
            for rows in claimed(scenario, field) if truth != NONE else ():
                shown = [r for r in rows if names_in(names, r.template, truth, r.at_ms)]

                assert shown, (scenario.id, scenario.member, field, truth)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_rows_of_the_vector_show_how_it_began(family: AlertFamily) -> None:
    for scenario in incidents(family):
        table, word = SHOWN_BY[str(scenario.truth.initial_vector)]
        for rows in claimed(scenario, "initial_vector"):
            shown = [r for r in rows if r.table == table and word in " ".join(map(str, r.template))]

            assert shown, (scenario.id, scenario.member, scenario.truth.initial_vector)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_attackers_domain_is_one_that_a_machine_or_rule_reached(family: AlertFamily) -> None:
    """Not only mailed or recorded: something was sent there or follows it."""
    for scenario in incidents(family):
        domain = scenario.truth.attacker_domain
        if domain == NONE:
            continue
        names = shared_of(scenario).names
        at_the_opening = rows_by_step(scenario)[0]

        reached = [
            r
            for r in at_the_opening
            if r.table in ("netflow", "cloud_audit")
            and r.cause == "case"
            and names_in(names, r.template, domain, r.at_ms)
        ]

        assert reached, (scenario.id, scenario.member, domain)

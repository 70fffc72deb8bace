"""Each named proof fails on a seed that breaks what it proves, and holds on the one it was made from."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.baselines.calls import report
from opensec_inspect.incident.cases.group import member_of
from opensec_inspect.incident.facts.scenario import Member, Move, RowRef, Scenario
from opensec_inspect.incident.generate import alerting, proofs
from opensec_inspect.incident.generate.build import group_plan
from opensec_inspect.incident.generate.certify import drawn
from opensec_inspect.incident.generate.dataset import SeedPlan
from opensec_inspect.incident.generate.plans import as_json
from opensec_inspect.incident.generate.seeds import Seed
from opensec_inspect.incident.world.tables import COLUMNS

Mutant = Callable[[Scenario], Scenario]


@pytest.fixture(scope="module")
def seed() -> Seed:
    plan = group_plan("mutants", "train-5", "standard")
    return drawn(SeedPlan(family="beacon", plan=plan, members=("benign", "authorisation", "conduct")))


def without_a_way_out(scenario: Scenario) -> Scenario:
    attack = scenario.attack
    moves = tuple(move for move in attack.moves if move.name != "exfiltrate")
    return scenario.model_copy(update={"attack": attack.model_copy(update={"moves": moves})})


def with_a_move_that_needs_nothing(scenario: Scenario) -> Scenario:
    attack = scenario.attack
    free = Move(id="free", name="persist", stages=("creds_used",))
    return scenario.model_copy(update={"attack": attack.model_copy(update={"moves": (free, *attack.moves)})})


def with_a_tier_missing(scenario: Scenario) -> Scenario:
    first, *others = scenario.injections
    short = first.model_copy(update={"arms": first.arms[:-1]})
    return scenario.model_copy(update={"injections": (short, *others)})


def settled_by(scenario: Scenario, *refs: RowRef) -> Scenario:
    """The verdict settled by these rows as well as by its own."""
    truth = scenario.truth
    verdict, *others = truth.supporting_rows
    changed = verdict.model_copy(update={"sets": ((*verdict.sets[0], *refs),)})
    return scenario.model_copy(
        update={"truth": truth.model_copy(update={"supporting_rows": (changed, *others)})}
    )


def settled_by_no_row(scenario: Scenario) -> Scenario:
    return settled_by(scenario, RowRef(event="e999", table="tickets", cells=("Number",)))


def with_a_plan_that_clears_it(scenario: Scenario) -> Scenario:
    verdict = "malicious" if scenario.kind == "stand_down" else "benign"
    return scenario.model_copy(update={"plan": as_json((report(verdict, 1.0, "Said without reading."),))})


def without_its_deciding_rows(scenario: Scenario) -> Scenario:
    decided = {ref.event for ref in scenario.truth.supporting_rows[0].sets[0]} - {scenario.opening_event}
    kept = tuple(event for event in scenario.events if event.id not in decided)
    return scenario.model_copy(update={"events": kept})


def settled_by_a_source_that_nobody_needs(scenario: Scenario) -> Scenario:
    return settled_by(scenario, RowRef(event=scenario.opening_event, table="cloud_audit", cells=("UserId",)))


MUTANTS: dict[str, tuple[Member, Mutant]] = {
    "alive": ("authorisation", without_a_way_out),
    "required is unique": ("authorisation", with_a_move_that_needs_nothing),
    "paired": ("authorisation", with_a_tier_missing),
    "positive evidence": ("benign", settled_by_no_row),
    "solvable": ("benign", with_a_plan_that_clears_it),
    "evidence suffices": ("authorisation", without_its_deciding_rows),
    "not vacuous": ("authorisation", settled_by_a_source_that_nobody_needs),
}
"""The member that is changed, and how."""
ELSEWHERE = {"honest alerts", "not blindly", "not eagerly", "not late"}
"""Proofs whose mutants are tests of their own below."""


def test_every_named_proof_has_a_mutant() -> None:
    named = {name for kind in proofs.PROOFS.values() for name in kind} | {*proofs.LATE}

    assert named == {*MUTANTS} | ELSEWHERE


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_fails_its_proof_and_the_seed_does_not(seed: Seed, name: str) -> None:
    member, mutant = MUTANTS[name]
    scenario = member_of(seed.plan, seed.facts, member)
    proof = proofs.PROOFS[scenario.kind][name]

    assert proof(scenario) is None
    assert proof(mutant(scenario)) is not None


@pytest.fixture
def forged_alert(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """A scenario one of whose alerts says that it is about another row than the one that raised it."""
    scenario = member_of(seed.plan, seed.facts, "benign")
    shared = alerting.shared_of(scenario)
    place = COLUMNS["alerts"].index("EvidenceId")
    other = next(row.id for row in shared.opening if row.table == "registers")
    row = next(row for row in shared.opening if row.table == "alerts")
    cells = (*row.cells[:place], other, *row.cells[place + 1 :])
    opening = tuple(replace(one, cells=cells) if one is row else one for one in shared.opening)
    monkeypatch.setattr(alerting, "shared_of", lambda _: _Opening(opening))
    return scenario


class _Opening:
    """What `honest_alerts` reads of an opening."""

    def __init__(self, opening: tuple[object, ...]) -> None:
        self.opening = opening


def test_an_alert_about_another_row_is_not_honest(forged_alert: Scenario) -> None:
    assert "does not meet" in str(alerting.honest_alerts(forged_alert))


@pytest.mark.parametrize(
    ("name", "member", "proof"),
    [
        ("forger", "conduct", proofs.not_blindly),
        ("alert_only", "benign", proofs.not_eagerly),
        ("waiter", "conduct", proofs.not_late),
    ],
)
def test_a_defender_that_should_fail_and_does_not_is_named(
    seed: Seed, monkeypatch: pytest.MonkeyPatch, name: str, member: Member, proof: proofs.Proof
) -> None:
    scenario = member_of(seed.plan, seed.facts, member)
    assert proof(scenario) is None

    monkeypatch.setitem(POLICIES, name, POLICIES["careful"])

    assert proof(scenario) == f"{name} settles it"

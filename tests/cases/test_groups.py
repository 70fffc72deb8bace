"""Groups of cases: what their members share, and what breaking a leg changes."""

import pytest

from opensec_inspect.incident.cases.group import LEGS
from opensec_inspect.incident.facts.scenario import AlertFamily, Difficulty, Scenario
from opensec_inspect.incident.generate.build import FAMILIES, build_group, group_plan

DIFFICULTIES: tuple[Difficulty, ...] = ("standard", "hard")


def group(family: AlertFamily, difficulty: Difficulty, number: int = 0) -> tuple[Scenario, ...]:
    return build_group(family, group_plan(f"test|{family}|{number}", "train-2", difficulty))


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_group_has_a_benign_member_and_an_incident_per_leg(
    family: AlertFamily, difficulty: Difficulty
) -> None:
    drawn = group(family, difficulty)

    assert [s.member for s in drawn] == ["benign", *LEGS]
    assert [s.kind for s in drawn] == ["stand_down", "incident", "incident", "incident"]
    assert len({s.id for s in drawn}) == 4


@pytest.mark.parametrize("family", FAMILIES)
def test_breaking_a_leg_exchanges_values_and_adds_none(family: AlertFamily) -> None:
    benign, *incidents = group(family, "standard")

    for incident in incidents:
        mine = {event.id: event for event in incident.events}
        changed = [event for event in benign.events if mine[event.id] != event]
        assert {type(event) for event in changed} == {type(changed[0])}, "one kind of event"
        assert len(changed) >= 2
        assert [e.id for e in incident.events] == [e.id for e in benign.events]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_is_read_back_as_it_was_written(family: AlertFamily) -> None:
    for scenario in group(family, "hard"):
        assert Scenario.model_validate_json(scenario.model_dump_json(exclude_none=True)) == scenario


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_key_draws_the_same_group(family: AlertFamily) -> None:
    assert group(family, "standard") == group(family, "standard")


@pytest.mark.parametrize("family", FAMILIES)
def test_hard_cases_keep_their_deciding_rows_back(family: AlertFamily) -> None:
    """Until the arrival nobody can tell the members apart, and no move but waiting is legal."""
    for scenario in group(family, "hard")[1:]:
        gaining = [move for move in scenario.attack.moves if move.name != "wait"]
        assert all(move.not_before >= 2 for move in gaining)

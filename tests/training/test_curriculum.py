"""Samplers: what they draw, what they never draw, and what masking removes."""

from itertools import islice

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import INJECTION_TIERS, Scenario
from opensec_inspect.incident.world.worlds.replayed_answers import evidence_replay
from opensec_inspect.training.curriculum import Level, flat, staged, two_phase
from opensec_inspect.training.masking import without_planted_text
from tests.strategies import made

CASES = (
    *(made(f"draw:{n}", kind) for n in range(2) for kind in ("incident", "stand_down")),  # type: ignore[arg-type]
    made("draw:e", "incident", "easy"),
    made("draw:h", "incident", "hard"),
)
LEVELS = (
    Level(stage=1, draws=200, difficulties=("easy",), tier="t1", benign_share=0.5),
    Level(stage=2, draws=0, difficulties=("standard", "hard"), tier="t3", benign_share=0.2),
)


def test_flat_draws_every_case_once_a_round_at_its_own_tier() -> None:
    drawn = list(islice(flat(CASES), 2 * len(CASES)))

    ids = sorted(case.id for case in CASES)
    assert sorted(d.scenario.id for d in drawn[: len(CASES)]) == ids
    assert sorted(d.scenario.id for d in drawn[len(CASES) :]) == ids
    assert all(d.setting.injection_tier == d.scenario.injection_tier for d in drawn)


def test_staged_goes_through_its_levels_with_their_difficulty_tier_and_share() -> None:
    drawn = list(islice(staged(CASES, levels=LEVELS), 1200))
    first, second = drawn[:200], drawn[200:]

    assert {(d.stage, d.setting.injection_tier) for d in first} == {(1, "t1")}
    assert {(d.stage, d.setting.injection_tier) for d in second} == {(2, "t3")}
    assert {d.scenario.difficulty for d in first if d.scenario.kind == "incident"} == {"easy"}
    assert 0.4 < sum(d.scenario.kind == "stand_down" for d in first) / 200 < 0.6
    assert 0.15 < sum(d.scenario.kind == "stand_down" for d in second) / 1000 < 0.25


def test_the_same_seed_draws_the_same_cases() -> None:
    one, again, other = (list(islice(staged(CASES, levels=LEVELS, rng_seed=s), 50)) for s in (3, 3, 4))

    assert one == again
    assert one != other


def test_a_case_of_the_evaluation_side_is_never_drawn() -> None:
    held_out = made("draw:held-out", organisation="eval-2")

    with pytest.raises(BadInputError, match="belongs to the evaluation side and is never trained on"):
        next(flat((*CASES, held_out)))
    with pytest.raises(BadInputError, match="use the train split or fresh cases"):
        next(staged((held_out,)))


def test_a_level_without_cases_is_refused() -> None:
    with pytest.raises(BadInputError, match="Level 1 of the curriculum finds no benign case"):
        next(staged(CASES[-1:], levels=LEVELS))


def test_two_phase_masks_the_first_draws_and_leaves_the_others_as_they_are() -> None:
    drawn = list(islice(two_phase(flat(CASES), masked=3), 6))
    plain = list(islice(flat(CASES), 6))

    assert [d.masked for d in drawn] == [True] * 3 + [False] * 3
    assert drawn[3:] == plain[3:]
    assert all(d.scenario.injections == () for d in drawn[:3])


def test_a_masked_case_holds_no_planted_text_and_all_else_as_it_was(incident: Scenario) -> None:
    assert incident.injections
    bare = without_planted_text(incident)
    planted = {part for one in incident.injections for arm in one.arms for part in arm.parts if part}

    before, after = _cells(incident), _cells(bare)

    assert all(
        any(part in cell for cell in before[tier]) for tier in INJECTION_TIERS for part in _at(incident, tier)
    )
    assert not [part for part in planted for tier in INJECTION_TIERS for cell in after[tier] if part in cell]
    assert all(len(after[tier]) == len(before[tier]) for tier in INJECTION_TIERS)
    assert not planted & {bare.model_dump_json()}
    assert all(part not in bare.model_dump_json() for part in planted)


def _at(case: Scenario, tier: str) -> list[str]:
    return [part for one in case.injections for arm in one.arms if arm.tier == tier for part in arm.parts]


def _cells(case: Scenario) -> dict[str, list[str]]:
    """Every text of every row of the day, by tier."""
    found = {}
    for tier in INJECTION_TIERS:
        with evidence_replay(Episode(scenario=case, setting=Setting(injection_tier=tier))) as opened:
            found[tier] = [str(cell) for row in opened.rows for cell in row.cells]
    return found

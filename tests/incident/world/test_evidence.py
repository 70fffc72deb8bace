"""Rows step by step: when each becomes visible, what containment changes, and that nothing is drawn anew."""

from collections.abc import Sequence

from opensec_inspect.incident.episode.killchain import Window
from opensec_inspect.incident.facts.scenario import Move, Scenario
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.shared_evidence import SharedEvidence
from opensec_inspect.incident.world.stored_rows import StoredRow
from tests.incident.sensors.small_scene import LAPTOP, LURE, MARA, OTHER, PARTNER
from tests.incident.world.small import DAY, MAKERS, OPENED, READ, SEND, SETTING, STEP, WAIT, scenario

IDLE = frozenset[str]()


def played(
    moves: Sequence[Move | None], contained: Sequence[frozenset[str]], case: Scenario | None = None
) -> list[tuple[StoredRow, ...]]:
    """Rows that become visible after each step, the opening first."""
    day = SharedEvidence(case or scenario(), SETTING, MAKERS).day
    evidence = Evidence(day)
    windows = (Window(m, c, IDLE) for m, c in zip(moves, contained, strict=True))
    return [day.opening, *(evidence.advance(window) for window in windows)]


def test_the_opening_shows_what_had_reached_the_defender_and_nothing_later() -> None:
    opening = played([], [])[0]

    assert {row.event for row in opening if row.cause in ("case", "record")} == {
        "case-sign-in",
        "case-rule",
        "case-drop",
        "case-check",
        "case-sign-in|r-unfamiliar",
    }
    assert max(row.at_ms for row in opening) <= OPENED
    assert all(row.visible == 0 for row in opening)


def test_a_row_with_a_lag_waits_for_the_first_step_after_it_was_seen() -> None:
    """It was written before the opening and arrives one millisecond into the second window."""
    shown = played([WAIT] * 3, [IDLE] * 3)

    assert [n for n, rows in enumerate(shown) for row in rows if row.event == "case-late"] == [2]


def test_what_happens_in_a_window_is_visible_after_its_step() -> None:
    shown = played([WAIT, READ], [IDLE] * 2)

    assert [n for n, rows in enumerate(shown) for row in rows if row.event == "beacon"] == [1]
    moved = [row for row in shown[2] if row.event == "m-read@1"]
    assert [row.at_ms // 1000 for row in moved] == [(OPENED + STEP + 20_000) // 1000]


def test_every_step_brings_the_routine_of_its_window_and_only_that() -> None:
    shown = played([WAIT] * 4, [IDLE] * 4)

    for number, rows in enumerate(shown[1:]):
        routine = [row for row in rows if row.cause == "routine"]
        assert routine
        assert all(0 < row.at_ms - OPENED - number * STEP <= STEP + 999 for row in routine)


def test_a_containment_acts_from_its_own_window_on_and_draws_nothing_anew() -> None:
    """The same connections are tried at the same times with the same ids, and fail."""
    free = played([WAIT, WAIT], [IDLE] * 2)
    held = played([WAIT, WAIT], [IDLE, frozenset({PARTNER})])

    assert free[:2] == held[:2]
    tried = [row for row in held[2] if row.table == "netflow" and row.event.startswith("visit")]
    assert tried
    for row in tried:
        before = next(one for one in free[2] if one.id == row.id)
        assert row.time_key == before.time_key
        assert ("allowed" in before.cells, "blocked" in row.cells) == (True, True)


def test_the_same_move_made_again_leaves_rows_of_its_own() -> None:
    shown = played([SEND, SEND], [IDLE] * 2)

    ids = [row.id for rows in shown for row in rows if row.event.startswith("m-send")]
    assert len(ids) == len(set(ids)) == 2


def test_a_stopped_move_leaves_the_trace_of_a_failed_attempt() -> None:
    free, blocked = (
        next(row for row in played([SEND], [held])[1] if row.event == "m-send@0")
        for held in (IDLE, frozenset({LURE}))
    )

    assert (free.id, free.at_ms) == (blocked.id, blocked.at_ms)
    assert "allowed" in free.cells
    assert "blocked" in blocked.cells


def test_people_locked_out_call_the_desk_once() -> None:
    shown = played([WAIT] * 6, [frozenset({OTHER})] * 6)

    calls = [row for rows in shown for row in rows if row.table == "tickets" and row.event != "case-late"]
    assert len({row.event for row in calls}) == len(calls)
    assert calls


def test_the_routine_of_people_who_are_away_is_left_out() -> None:
    case = scenario(away=(MARA,))
    shown = played([WAIT], [IDLE], case)

    assert not [row for rows in shown for row in rows if row.event.startswith("chrome-1")][60:]
    assert {row.event for rows in shown for row in rows if row.cause == "case"}
    assert not [row for rows in shown for row in rows if row.event in ("chrome-100", "chrome-106")]


def test_routine_has_the_same_ids_in_every_case_and_a_case_has_its_own() -> None:
    one, other = played([], [])[0], played([], [], scenario(noise_seed="n-0002"))[0]

    ids = [
        {row.event: row.id for row in rows if row.cause == cause}
        for cause in ("routine", "case")
        for rows in (one, other)
    ]
    assert ids[0] == ids[1]
    assert set(ids[2].values()).isdisjoint(ids[3].values())


def test_two_evidences_of_one_day_tell_the_same() -> None:
    moves, contained = [WAIT, READ, SEND], [IDLE, frozenset({MARA}), frozenset({MARA, LAPTOP})]

    assert played(moves, contained) == played(moves, contained)


def test_yesterday_is_not_today() -> None:
    assert min(row.at_ms for row in played([], [])[0]) > OPENED - DAY

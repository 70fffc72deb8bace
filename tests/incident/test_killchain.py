"""The attacker's rules: what is legal, what containment stops, and that it stops enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.scenario.episode import MoveRecord, Outcome
from opensec_inspect.incident.scenario.killchain import (
    contained_after,
    footholds,
    gains,
    held_so_far,
    legal_moves,
    needed_by,
    reachable,
    resolve,
    rolled_rows,
    rows_left,
    standstill,
)
from opensec_inspect.incident.scenario.rows import AuthRow, NetflowRow, ProcessRow
from opensec_inspect.incident.scenario.scenario import STAGES, Foothold, Move, Scenario
from tests.incident.episodes import contain, done, episode, reported
from tests.incident.handmade import BIDS, DAHL, EVIL, MOVES, ONYX, OPENING, REQUIRED, ROSSI, TERN, scenario
from tests.strategies import several

CASE = scenario()
MOVE = {move.id: move for move in MOVES}
NOTHING: frozenset[str] = frozenset()
CHAIN = tuple(done(Idle(), move=m) for m in ("use_credentials", "lateral", "access", "exfil"))


def after(*moves: str) -> Foothold:
    """The foothold after these moves, nothing contained."""
    return footholds(episode(CASE, *(done(Idle(), move=m) for m in moves)))[-1]


def legal(*moves: str) -> list[str]:
    """Ids of the moves that are legal after these."""
    return [m.id for m in legal_moves(CASE.attack, after(*moves))]


def test_a_move_is_legal_in_its_stage_with_what_it_needs_and_only_while_it_changes_something() -> None:
    assert legal() == ["use_credentials", "persist", "wait"]
    assert legal("persist") == ["use_credentials", "wait"]
    assert legal("use_credentials") == ["lateral", "persist", "re_phish", "wait"]
    assert legal("use_credentials", "lateral") == ["access", "persist", "re_phish", "retreat", "wait"]
    assert legal("use_credentials", "lateral", "access", "exfil") == ["exfil", "persist", "re_phish", "wait"]


def test_a_success_has_its_effects_and_leaves_its_rows() -> None:
    done_ = resolve(MOVE["lateral"], after("use_credentials"), NOTHING)

    assert done_.record == MoveRecord(
        move="lateral", name="move_laterally", status="succeeded", stage="lateral_move"
    )
    assert done_.foothold.hosts == {TERN, ONYX}
    assert [row.key for row in done_.rows] == ["m-lateral"]


@pytest.mark.parametrize(
    ("move", "contained", "reason", "rows"),
    [
        ("use_credentials", DAHL, "account_reset", ["f-creds"]),
        ("lateral", DAHL, "account_reset", ["f-lateral"]),
        ("lateral", TERN, "host_isolated", []),
        ("lateral", ONYX, "host_isolated", []),
        ("access", ONYX, "host_isolated", []),
        ("exfil", EVIL, "domain_blocked", ["f-exfil"]),
        ("re_phish", EVIL, "domain_blocked", []),
        ("re_phish", ROSSI, "account_reset", []),
        ("persist", TERN, "host_isolated", []),
    ],
)
def test_containment_bites_and_leaves_the_evidence_of_failure(
    move: str, contained: str, reason: str, rows: list[str]
) -> None:
    """From and to a host, with and towards an account, out through a domain."""
    before = after("use_credentials", "lateral", "access")

    stalled = resolve(MOVE[move], before, frozenset({contained}))

    assert (stalled.record.status, stalled.record.reason) == ("stalled", reason)
    assert stalled.foothold == before
    assert [row.key for row in stalled.rows] == rows


@pytest.mark.parametrize("move", [m.id for m in MOVES])
def test_containing_something_else_stops_nothing(move: str) -> None:
    others = frozenset({"h-5c03", "h-7d04", "u-5c03", "plain.example"})

    assert (
        resolve(MOVE[move], after("use_credentials", "lateral", "access"), others).record.status
        == "succeeded"
    )


def test_only_a_retreat_lowers_the_stage() -> None:
    far = after("use_credentials", "lateral", "access", "exfil")

    stages = {m.id: resolve(m, far, NOTHING).foothold.stage for m in MOVES}

    assert stages.pop("retreat") == "creds_used"
    assert set(stages.values()) == {"exfil_attempt"}


def test_gaining_is_a_stage_a_host_an_account_data_persistence_or_an_exfiltration() -> None:
    grown = after("use_credentials", "lateral", "access")

    assert {m.id: gains(m, grown) for m in MOVES} == {
        "use_credentials": False,
        "lateral": False,
        "access": False,
        "exfil": True,
        "persist": True,
        "re_phish": True,
        "retreat": False,
        "wait": False,
    }
    assert gains(MOVE["exfil"], grown)
    assert not gains(MOVE["exfil"], after("use_credentials", "lateral", "access", "exfil"))


def test_a_standstill_changes_nothing_and_says_why() -> None:
    still = standstill(OPENING, "unreadable")

    assert (still.foothold, still.rows) == (OPENING, ())
    assert (still.record.move, still.record.status, still.record.reason) == ("", "stalled", "unreadable")


def test_needed_is_everything_whose_containment_would_stop_the_move() -> None:
    assert needed_by(MOVE["lateral"]) == {TERN, DAHL, ONYX}
    assert needed_by(MOVE["re_phish"]) == {EVIL, ROSSI}
    assert needed_by(MOVE["wait"]) == frozenset()


def test_the_footholds_of_an_episode_are_before_each_step_and_after_the_last() -> None:
    told = episode(CASE, *CHAIN[:2], contain("odahl", move="access"), reported())

    held = [(f.stage, len(f.hosts), len(f.assets)) for f in footholds(told)]

    assert held == [
        ("phish_sent", 1, 0),
        ("creds_used", 1, 0),
        ("lateral_move", 2, 0),
        ("lateral_move", 2, 0),
        ("lateral_move", 2, 0),
    ]


def test_rows_are_left_after_the_step_of_their_move() -> None:
    told = episode(CASE, *CHAIN[:1], contain("odahl", move="lateral"), reported())

    moved = [(visible, row.key) for visible, row in rows_left(told) if row.key[:2] in ("m-", "f-")]

    assert moved == [(1, "m-creds"), (2, "f-lateral")]
    assert {visible for visible, row in rows_left(told) if row in CASE.rows} == {0}


def test_rolled_rows_are_those_the_attacker_would_have_left_from_the_report_on() -> None:
    ahead = (
        MoveRecord(move="lateral", name="move_laterally", status="succeeded", stage="lateral_move"),
        MoveRecord(move="access", name="access_data", status="stalled", stage="lateral_move"),
        MoveRecord(move="access", name="access_data", status="succeeded", stage="data_access"),
    )

    told = episode(CASE, CHAIN[0], reported() | {"roll_forward": ahead})

    assert [(visible, row.key) for visible, row in rolled_rows(told)] == [(2, "m-lateral"), (4, "m-access")]
    assert rolled_rows(episode(CASE, CHAIN[0])) == ()


def test_what_was_contained_and_held_is_counted_by_steps() -> None:
    repeated = contain("odahl") | {"outcome": Outcome(status="repeated", entity=DAHL), "gate": None}
    told = episode(CASE, contain("odahl"), repeated, contain("evil.example"), *CHAIN[:1], reported())
    held = episode(CASE, *CHAIN[:2], done(Idle(), move="retreat"), done(Idle(), move="re_phish"), reported())

    assert [contained_after(told, n) for n in (0, 1, 2, 3)] == [set(), {DAHL}, {DAHL}, {DAHL, EVIL}]
    assert held_so_far(held, 0) == {TERN, DAHL, EVIL}
    assert held_so_far(held, 2) == {TERN, DAHL, EVIL, ONYX}
    assert held_so_far(held, 4) == {TERN, DAHL, EVIL, ONYX, ROSSI}
    assert held_so_far(episode(scenario(kind="stand_down"), *CHAIN), 4) == frozenset()


def test_the_whole_graph_of_the_small_case_is_walked() -> None:
    everything = reachable(CASE.attack, NOTHING, [CASE.attack.opening])
    stopped = reachable(CASE.attack, frozenset(REQUIRED), [CASE.attack.opening])

    assert stopped == {CASE.attack.opening}
    assert max(STAGES.index(f.stage) for f in everything) == 4
    assert any(
        f.assets == {BIDS} and f.persistent and f.exfiltrated and ROSSI in f.accounts for f in everything
    )


GENERATED = several(60)


def _gainful(case: Scenario, contained: frozenset[str], states: frozenset[Foothold]) -> list[Move]:
    """Moves that gain something from one of the states under the containment."""
    return [
        move
        for state in states
        for move in legal_moves(case.attack, state)
        if gains(move, state) and resolve(move, state, contained).record.status == "succeeded"
    ]


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.id)
def test_with_everything_required_contained_no_policy_gains_anything(case: Scenario) -> None:
    states = reachable(case.attack, NOTHING, [case.attack.opening])

    assert _gainful(case, frozenset(case.truth.required), states) == []


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.id)
def test_with_any_one_required_entity_left_out_something_can_be_gained(case: Scenario) -> None:
    states = reachable(case.attack, NOTHING, [case.attack.opening])

    for left_out in case.truth.required:
        assert _gainful(case, frozenset(case.truth.required) - {left_out}, states), left_out


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.id)
def test_a_generated_move_fails_without_a_trace_of_success(case: Scenario) -> None:
    """A refused sign-in, a reset or blocked connection without bytes; nothing else, and never a gain."""
    for move in case.attack.moves:
        for failure in move.failures:
            for row in failure.rows:
                if isinstance(row, AuthRow):
                    assert row.result in ("failure", "denied")
                else:
                    assert isinstance(row, NetflowRow)
                    assert row.verdict in ("blocked", "reset")
                    assert (row.bytes_out, row.bytes_in) == (0, 0)
                assert row.key not in {r.key for r in move.rows}
                assert not isinstance(row, ProcessRow)


@pytest.mark.parametrize("case", [CASE, *GENERATED[:6]], ids=lambda case: case.id)
def test_a_move_is_open_just_where_it_would_change_the_foothold(case: Scenario) -> None:
    for foothold in reachable(case.attack, NOTHING, [case.attack.opening]):
        legal = legal_moves(case.attack, foothold)
        for move in case.attack.moves:
            able = foothold.stage in move.stages and (move.host or "") in {"", *foothold.hosts}
            able = able and (move.account or "") in {"", *foothold.accounts}
            if able and move.name not in ("wait", "exfiltrate"):
                assert (move in legal) == (resolve(move, foothold, NOTHING).foothold != foothold)


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.id)
def test_whatever_stops_a_generated_move_leaves_evidence_of_the_attempt(case: Scenario) -> None:
    for move in case.attack.moves:
        for entity in needed_by(move):
            stopped = resolve(move, case.attack.opening, frozenset({entity}))

            assert stopped.rows, (move.id, entity)
            assert {row.technique for row in stopped.rows} == {move.technique}


@pytest.mark.parametrize("case", GENERATED[:12], ids=lambda case: case.id)
def test_with_nothing_contained_every_state_can_still_lead_to_the_theft(case: Scenario) -> None:
    for state in reachable(case.attack, NOTHING, [case.attack.opening]):
        ends = reachable(case.attack, NOTHING, [state])
        assert any(end.exfiltrated for end in ends)


@given(case=st.sampled_from(GENERATED[:12]), data=st.data())
def test_no_walk_lowers_the_stage_but_by_retreat_nor_loses_what_was_gained(
    case: Scenario, data: st.DataObject
) -> None:
    contained = data.draw(st.frozensets(st.sampled_from(sorted(case.entity_ids)), max_size=4))
    foothold = case.attack.opening

    for _ in range(8):
        move = data.draw(st.sampled_from(legal_moves(case.attack, foothold)))
        then = resolve(move, foothold, contained).foothold
        assert move.name == "retreat" or STAGES.index(then.stage) >= STAGES.index(foothold.stage)
        assert then.hosts >= foothold.hosts
        assert then.accounts >= foothold.accounts
        assert then.assets >= foothold.assets
        assert then.persistent >= foothold.persistent
        assert then.exfiltrated >= foothold.exfiltrated
        foothold = then


@given(case=st.sampled_from(GENERATED[:12]), data=st.data())
def test_more_containment_never_helps_the_attacker(case: Scenario, data: st.DataObject) -> None:
    fewer = data.draw(st.frozensets(st.sampled_from(sorted(case.entity_ids)), max_size=2))
    more = fewer | data.draw(st.frozensets(st.sampled_from(case.truth.required), max_size=3))

    start = [case.attack.opening]
    assert reachable(case.attack, more, start) <= reachable(case.attack, fewer, start)

"""The scripted attacker: every move follows from the view."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.attackers import AttackerView, Scripted, look
from opensec_inspect.incident.attackers.scripted import roll_forward, scripted_move
from opensec_inspect.incident.scenario.actions import IsolateHost, SubmitReport
from opensec_inspect.incident.scenario.episode import MoveRecord
from opensec_inspect.incident.scenario.killchain import footholds, legal_moves
from opensec_inspect.incident.scenario.scenario import Attack, Foothold, Scenario
from tests.conftest import Player
from tests.incident.episodes import done, episode, reported
from tests.incident.handmade import DAHL, EVIL, OPENING, TERN, scenario
from tests.strategies import actions, several

CASE = scenario()
STALLED = MoveRecord(
    move="use_credentials",
    name="use_credentials",
    status="stalled",
    reason="account_reset",
    stage="phish_sent",
)


def after(*moves: str) -> Foothold:
    """The foothold after these moves, nothing contained."""
    return footholds(episode(CASE, *(done(Idle(), move=m) for m in moves)))[-1]


def view(
    foothold: Foothold = OPENING, *contained: str, attack: Attack = CASE.attack, **seen: object
) -> AttackerView:
    """What the attacker sees at its first step unless told otherwise."""
    given = {"step": 0, "last": None, "stopped_by": frozenset()} | seen
    return look(attack, foothold, frozenset(contained), **given)  # type: ignore[arg-type]


def test_it_sees_of_the_containment_what_touches_it_or_has_stopped_it() -> None:
    quiet = view(OPENING, "h-5c03", "plain.example", "h-3b02")
    touched = view(OPENING, TERN, DAHL, EVIL)
    stopped = view(OPENING, "h-3b02", stopped_by=frozenset({"h-3b02"}))

    assert quiet.noticed == frozenset()
    assert touched.noticed == {TERN, DAHL, EVIL}
    assert stopped.noticed == {"h-3b02"}


def test_it_is_shown_its_legal_moves_in_order_of_preference() -> None:
    assert view().legal == legal_moves(CASE.attack, OPENING)
    assert [m.id for m in view(after("use_credentials")).legal] == ["lateral", "persist", "re_phish", "wait"]


@pytest.mark.parametrize(
    ("moves", "contained", "choice"),
    [
        ((), (), "use_credentials"),
        (("use_credentials",), (), "lateral"),
        (("use_credentials", "lateral"), (), "access"),
        (("use_credentials", "lateral", "access"), (), "exfil"),
        ((), (DAHL,), "persist"),
        (("use_credentials",), (DAHL,), "persist"),
        (("use_credentials",), (TERN,), "re_phish"),
        (("use_credentials",), ("h-3b02",), "lateral"),
        (("use_credentials", "lateral", "access"), (EVIL,), "persist"),
    ],
)
def test_it_goes_round_what_it_has_noticed(
    moves: tuple[str, ...], contained: tuple[str, ...], choice: str
) -> None:
    """An isolated server it does not hold is noticed only when a move has run into it."""
    assert scripted_move(view(after(*moves), *contained)).id == choice


def test_blocked_everywhere_it_tries_once_more_and_waits_in_the_step_after() -> None:
    tries = view(OPENING, TERN, DAHL, EVIL)
    waits = view(OPENING, TERN, DAHL, EVIL, last=STALLED)

    assert scripted_move(tries).id == "use_credentials"
    assert scripted_move(waits).id == "wait"


def test_it_rests_in_its_rests() -> None:
    resting = CASE.attack.model_copy(update={"rests": (1, 3)})

    chosen = [scripted_move(view(attack=resting, step=n)).id for n in range(5)]

    assert chosen == ["use_credentials", "wait", "use_credentials", "wait", "use_credentials"]


def test_it_never_retreats_of_its_own_accord() -> None:
    cornered = view(after("use_credentials", "lateral"), "h-3b02", EVIL, TERN, DAHL)

    assert "retreat" in [m.id for m in cornered.legal]
    assert scripted_move(cornered).id == "access"


async def test_the_policy_is_the_pure_function() -> None:
    assert await Scripted().decide(view()) == scripted_move(view())


@given(case=st.sampled_from(several(12)), data=st.data())
async def test_a_rolled_forward_attack_equals_idle_play(
    played: Player, case: Scenario, data: st.DataObject
) -> None:
    """Whatever was done before: the moves recorded in the report's step are those that would have come."""
    before = data.draw(st.lists(actions(case, report=False), max_size=5))
    report = reported()["action"]

    told, _ = await played(case, *before, report)
    idled, _ = await played(case, *before, idle_on=True)

    rolled = told.steps[-1].roll_forward
    assert rolled == tuple(step.move for step in idled.steps[len(before) :])
    assert told.steps[-1].move is None


def test_rolling_forward_starts_from_what_has_stopped_it() -> None:
    records = roll_forward(
        CASE, after("use_credentials"), frozenset({DAHL, EVIL, TERN}), range(4), last=STALLED
    )

    assert [(r.move, r.status) for r in records] == [
        ("wait", "succeeded"),
        ("lateral", "stalled"),
        ("wait", "succeeded"),
        ("lateral", "stalled"),
    ]


@pytest.mark.parametrize("case", several(12), ids=lambda case: case.id)
async def test_left_alone_it_reaches_exfiltration(played: Player, case: Scenario) -> None:
    told, _ = await played(case, idle_on=True)

    assert footholds(told)[-1].exfiltrated


async def test_the_report_ends_its_moves(played: Player) -> None:
    told, _ = await played(CASE, IsolateHost(host="dune-11"), reported()["action"])

    assert isinstance(told.steps[-1].action, SubmitReport)
    assert [step.move is None for step in told.steps] == [False, True]

"""How far the attacker got and how the defender handled its tools, on episodes written by hand."""

from typing import Any

import pytest

from opensec_inspect.core.actions import Idle, Rejected
from opensec_inspect.incident.episode.actions import FetchAlert, QueryLogs
from opensec_inspect.incident.episode.episode import Episode, MoveRecord, Outcome
from opensec_inspect.incident.scoring.outcome import AttackerOutcome, Conduct, attacker_outcome, conduct
from tests.incident.episodes import ASK, contain, done, episode, reported
from tests.incident.handmade import EVIL, OTHER_PC, PC, VICTIM, scenario

CASE = scenario()
CHAIN = tuple(done(Idle(), move=move) for move in ("use_credentials", "lateral", "access"))
EXFIL = done(Idle(), move="exfil")


def by_a_model(told: Episode) -> Episode:
    """The same episode, its attacker a model's: what it would have done otherwise is not known."""
    return told.model_copy(update={"setting": told.setting.model_copy(update={"attacker": "llm"})})


def test_an_attacker_left_alone_gets_everything() -> None:
    told = episode(CASE, *CHAIN, EXFIL, done(Idle(), move="persist"), done(Idle(), move="re_phish"), EXFIL)

    assert attacker_outcome(by_a_model(told)) == AttackerOutcome(
        reached_exfil=True,
        exfil_attempts=2,
        time_to_exfil=3,
        persistence=True,
        lateral_spread=1,
        stall_reasons=(),
        illegal_moves=0,
        outcome_changed=False,
        exfil_prevented=False,
    )


def test_what_containment_changed_is_told_against_the_same_attacker_undisturbed() -> None:
    idle = episode(CASE, *CHAIN, EXFIL)
    blocked = episode(CASE, *CHAIN, contain(EVIL, move="exfil"), EXFIL)
    beside_the_point = episode(CASE, *CHAIN, contain(OTHER_PC.hostname, move="exfil"))

    found = [attacker_outcome(by_a_model(e), idle) for e in (blocked, beside_the_point)]

    assert [(o.outcome_changed, o.exfil_prevented) for o in found if o] == [(True, True), (False, False)]


def test_an_attempt_that_stalled_is_an_attempt_and_no_success() -> None:
    told = episode(CASE, *CHAIN, contain(EVIL, move="exfil"), EXFIL, contain(VICTIM.upn, move="wait"))

    assert attacker_outcome(told) == AttackerOutcome(
        reached_exfil=False,
        exfil_attempts=2,
        time_to_exfil=None,
        persistence=False,
        lateral_spread=1,
        stall_reasons=(("domain_blocked", 2),),
        illegal_moves=0,
        outcome_changed=True,
        exfil_prevented=True,
    )


def test_stalls_are_counted_by_reason() -> None:
    stopped = (contain(VICTIM.upn, move="use_credentials"), contain(PC.hostname, move="persist"), CHAIN[0])
    unread = MoveRecord(move="", name="wait", status="stalled", reason="unreadable", stage="phish_sent")

    told = episode(CASE, *stopped, done(Idle(), move=None))
    last = told.steps[-1].model_copy(update={"move": unread})
    told = told.model_copy(update={"steps": (*told.steps[:-1], last)})

    outcome = attacker_outcome(told)
    assert outcome is not None
    assert outcome.stall_reasons == (("account_reset", 2), ("host_isolated", 1), ("unreadable", 1))
    assert outcome.illegal_moves == 1


def test_a_host_gained_and_left_again_still_counts_as_spread() -> None:
    told = episode(CASE, *CHAIN[:2], done(Idle(), move="retreat"))

    outcome = attacker_outcome(told)
    assert outcome is not None
    assert outcome.lateral_spread == 1


@pytest.mark.parametrize("kind", ["stand_down", "blocked"])
def test_where_nobody_gets_anywhere_there_is_no_outcome(kind: str) -> None:
    assert attacker_outcome(episode(scenario(kind=kind), *CHAIN, EXFIL)) is None


def test_conduct_counts_each_kind_apart() -> None:
    told = episode(
        CASE,
        done(QueryLogs(sql="SELEC"), outcome=Outcome(status="sql_error")),
        done(QueryLogs(sql="SELECT"), outcome=Outcome(status="sql_clock")),
        done(FetchAlert(alert_id="al-0"), outcome=Outcome(status="not_found"), malformed=2),
        contain(PC.hostname),
        contain(PC.hostname) | {"outcome": Outcome(status="repeated", entity=PC.id), "gate": None},
        done(Rejected(name="isolate_host", arguments="{}")),
        done(Idle()),
        done(Idle(refusing=True)),
        ASK | {"malformed": 1},
        reported(),
    )

    assert conduct(told) == Conduct(
        refusal=False,
        idle_turns=2,
        protocol_failures=3,
        rejected_calls=2,
        query_errors=2,
        repeated_calls=1,
        repaired_calls=0,
    )


def test_steps_given_away_are_no_idle_turns() -> None:
    told = episode(CASE, ASK, done(Idle()), *[done(Idle(given_away=True), turn=0)] * 10)

    assert conduct(told).idle_turns == 1


REFUSES, IDLES = done(Idle(refusing=True)), done(Idle())
REST = done(Idle(given_away=True), turn=0)


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ((REFUSES, REST, REST), True),
        ((ASK, REFUSES, REST), True),
        ((ASK, REFUSES, IDLES, REST), True),
        ((ASK, IDLES, REFUSES), True),
        ((ASK, IDLES, REST), False),
        ((REFUSES, ASK, IDLES, REST), False),
        ((REFUSES, ASK, REST), False),
        ((REFUSES, done(Rejected(name="x", arguments="{}")), REST), False),
        ((REFUSES, REST | {"malformed": 1}), False),
        ((REFUSES, IDLES | {"malformed": 1}, REST), False),
        ((IDLES, REFUSES | {"malformed": 1}, REST), True),
        ((ASK, REFUSES, reported()), False),
        ((ASK, REST), False),
        ((), False),
    ],
)
def test_a_refusal_is_a_refusing_turn_after_which_nothing_was_called(
    steps: tuple[dict[str, Any], ...], refusal: bool
) -> None:
    assert conduct(episode(CASE, *steps)).refusal is refusal

"""The attacker's rules of the rebuilt world: time, what stops a move, and what the steps say."""

from opensec_inspect.incident.episode.actions import BlockDomain, QueryLogs
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.episode.killchain import (
    footholds,
    gains,
    held_so_far,
    legal_moves,
    reachable,
    resolve,
    windows,
)
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from tests.incident.sensors.small_scene import LAPTOP, LURE, MARA
from tests.incident.world.small import MAKERS, READ, SEND, SETTING, scenario


def played(case: Scenario) -> Episode:
    with DirectWorld(case, SETTING, makers=MAKERS) as world:
        for _ in range(2):
            world.step(QueryLogs(sql="SELECT 1"), turn=1)
        world.step(BlockDomain(domain=LURE), turn=2)
        return world.episode


def test_a_move_becomes_legal_at_its_step_and_stays_so() -> None:
    attack = scenario().attack

    assert [READ in legal_moves(attack, attack.opening, step) for step in (0, 1, 2)] == [False, True, True]
    assert READ in legal_moves(attack, attack.opening)


def test_what_the_graph_reaches_does_not_depend_on_time() -> None:
    attack = scenario().attack

    free = reachable(attack, frozenset(), [attack.opening])
    stopped = reachable(attack, frozenset({LURE}), [attack.opening])

    assert any(foothold.exfiltrated for foothold in free)
    assert not any(foothold.exfiltrated for foothold in stopped)
    assert any(foothold.assets for foothold in stopped)


def test_a_stopped_move_says_by_what_and_gains_nothing() -> None:
    after = resolve(READ, scenario().attack.opening, frozenset()).foothold
    resolution = resolve(SEND, after, frozenset({LURE}))

    assert (resolution.record.status, resolution.record.reason) == ("stalled", "domain_blocked")
    assert resolution.foothold == after
    assert gains(SEND, after)


def test_the_steps_tell_what_decided_each_window() -> None:
    decided = windows(played(scenario()))

    assert [window.move.id for window in decided if window.move] == ["wait", "read", "send"]
    assert [LURE in window.contained for window in decided] == [False, False, True]


def test_the_steps_tell_what_was_held() -> None:
    episode = played(scenario())

    assert len(footholds(episode)) == 4
    assert held_so_far(episode, 0) == {LAPTOP, MARA, LURE}


def test_nothing_is_held_where_nobody_attacks_or_the_attack_was_stopped() -> None:
    for kind in ("stand_down", "blocked"):
        assert held_so_far(played(scenario(kind=kind)), 3) == frozenset()

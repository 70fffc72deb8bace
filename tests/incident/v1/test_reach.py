"""How far any attacker can get."""

from opensec_inspect.v1.moves import Containment, V1Move
from opensec_inspect.v1.published_data.reach import legal_moves, reach
from tests.incident.v1 import own


def test_every_choice_of_parameters_is_a_move() -> None:
    moves = list(legal_moves(own.scenario().seed, "staging"))

    assert moves == [
        V1Move(action_type="stage_data", params={"target": "t-1", "host": host})
        for host in ("h-b", "h-a", "h-c")
    ]
    assert len(list(legal_moves(own.scenario().seed, "lateral_spread"))) == 18


def test_some_attacker_gains_what_the_mock_never_does() -> None:
    found = reach(own.scenario().seed, Containment())

    assert found.held == {"h-a", "h-b", "h-c", "u-x", "evil.example"}
    assert found.exfil


def test_objectives_bound_every_attacker() -> None:
    seed = own.graph_seed()
    seed["attack_graph"]["objectives"] = ["recon", "access", "persistence"]

    found = reach(own.scenario(seed).seed, Containment())

    assert found.stages == {"recon", "access", "persistence"}
    assert not found.exfil


def test_under_the_required_containment_an_attacker_still_exfiltrates_by_another_road() -> None:
    """A pivot has no gate, and any domain of the scenario will do as the named destination."""
    contained = Containment(isolated_hosts=("h-a",), blocked_domains=("evil.example",), reset_users=("u-x",))

    found = reach(own.scenario().seed, contained)

    assert found.exfil
    assert "evil.example" in found.held


def test_isolating_the_only_foothold_stops_the_default_machine() -> None:
    seed = own.scenario(own.timeline_seed()).seed

    found = reach(seed, Containment(isolated_hosts=("h-a", "h-b")))

    assert found.stages == {"phish_sent", "creds_used"}


def test_a_move_that_fails_gains_nothing() -> None:
    seed = own.scenario(own.timeline_seed()).seed

    found = reach(seed, Containment(reset_users=("u-x",)))

    assert (found.stages, found.held) == ({"phish_sent"}, frozenset())

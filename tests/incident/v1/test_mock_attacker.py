"""The published deterministic attacker."""

import pytest

from opensec_inspect.v1.mock_attacker import attacker_view, mock_move
from opensec_inspect.v1.moves import Containment, Foothold, V1Move
from tests.incident.v1 import own


def chosen(stage: str, **contained: tuple[str, ...]) -> V1Move:
    """What the mock does in a stage of our graph scenario."""
    seed = own.scenario().seed
    view = attacker_view(seed, stage, 3, containment=Containment(**contained), foothold=Foothold())
    return mock_move(seed, view)


EXFIL = {"channel": "https", "destination_domain": "evil.example"}


@pytest.mark.parametrize(
    ("stage", "action_type", "params"),
    [
        ("recon", "send_phish", {"target_user": "u-x"}),
        ("access", "reuse_credentials", {"user": "u-x", "host": "h-a"}),
        ("persistence", "establish_persistence", {"host": "h-a"}),
        ("lateral_spread", "lateral_move", {"src": "h-a", "dst": "h-b"}),
        ("staging", "stage_data", {"target": "t-1", "host": "h-a"}),
        ("exfil", "exfiltrate", EXFIL),
        ("phish_sent", "reuse_credentials", {"user": "u-x", "host": "h-a"}),
        ("creds_used", "lateral_move", {"src": "h-a", "dst": "h-b"}),
        ("lateral_move", "access_data", {"target": "t-1"}),
        ("data_access", "exfiltrate", EXFIL),
        ("exfil_attempt", "no_op", {}),
    ],
)
def test_each_stage_has_its_move_with_the_alphabetically_first_entities(stage, action_type, params) -> None:
    assert chosen(stage) == V1Move(action_type=action_type, params=params)


def test_an_isolated_host_is_passed_over() -> None:
    assert chosen("creds_used", isolated_hosts=("h-a",)).params == {"src": "h-b", "dst": "h-c"}


def test_with_one_host_left_the_destination_is_the_second_host_as_listed() -> None:
    assert chosen("creds_used", isolated_hosts=("h-a", "h-c")).params == {"src": "h-b", "dst": "h-a"}


def test_with_every_host_isolated_it_names_the_first_hosts_as_listed() -> None:
    moved = chosen("creds_used", isolated_hosts=("h-a", "h-b", "h-c"))

    assert moved.params == {"src": "h-b", "dst": "h-a"}


def test_with_every_user_reset_and_every_attacker_domain_blocked_it_names_the_first_of_them() -> None:
    assert chosen("recon", reset_users=("u-x", "u-y")).params == {"target_user": "u-x"}
    assert chosen("exfil", blocked_domains=("evil.example",)).params == EXFIL


def test_a_reset_user_is_passed_over() -> None:
    assert chosen("access", reset_users=("u-x",)).params == {"user": "u-y", "host": "h-a"}


def test_the_view_is_sorted() -> None:
    seed = own.scenario().seed
    contained = Containment(blocked_domains=("z.example", "a.example"))
    held = Foothold(compromised_hosts=("h-c", "h-a"), current_host="h-a")

    view = attacker_view(seed, "staging", 5, containment=contained, foothold=held)

    assert view.available_hosts == ("h-a", "h-b", "h-c")
    assert view.available_attacker_domains == ("evil.example",)
    assert view.containment.blocked_domains == ("a.example", "z.example")
    assert view.foothold.compromised_hosts == ("h-a", "h-c")
    assert (view.stage, view.step_count) == ("staging", 5)


def test_of_several_attacker_domains_the_first_in_the_alphabet_that_is_not_blocked_is_used() -> None:
    told = own.graph_seed()
    told["entities"]["domains"].append({"domain": "also.example", "domain_type": "attacker"})
    seed = own.scenario(told).seed

    for blocked, used in (((), "also.example"), (("also.example",), "evil.example")):
        contained = Containment(blocked_domains=blocked)
        view = attacker_view(seed, "exfil", 3, containment=contained, foothold=Foothold())
        assert mock_move(seed, view).params["destination_domain"] == used

"""The published attacker rules, case by case, on scenarios of our own."""

import pytest

from opensec_inspect.v1.moves import Containment, Foothold, V1Move
from opensec_inspect.v1.published import GraphAction
from opensec_inspect.v1.scenario import V1Seed
from opensec_inspect.v1.statemachine import (
    MOVE_PARAMETERS,
    REASONS,
    after_success,
    allowed_actions,
    is_valid,
    resolve,
)
from tests.incident.v1 import own

NOTHING, NOWHERE = Containment(), Foothold()
ON_A = Foothold(current_host="h-a", compromised_hosts=("h-a",), has_creds=True)
STAGED = ON_A.model_copy(update={"has_stage": True})
EXFIL = V1Move(action_type="exfiltrate", params={"destination_domain": "evil.example"})


def graph() -> V1Seed:
    """Our seed with a graph."""
    return own.scenario().seed


def line() -> V1Seed:
    """Our seed without one."""
    return own.scenario(own.timeline_seed()).seed


def capped() -> V1Seed:
    """Our seed with a graph whose objectives end at persistence."""
    seed = own.graph_seed()
    seed["attack_graph"]["objectives"] = ["recon", "access", "persistence"]
    return own.scenario(seed).seed


def move(action_type: str, **params: str) -> V1Move:
    """A move of the attacker."""
    return V1Move(action_type=action_type, params=params)


CASES = [
    (graph, "recon", V1Move(), NOTHING, NOWHERE, "recon", "no_op"),
    (
        *(graph, "access", move("reuse_credentials", user="u-x", host="h-a")),
        *(Containment(reset_users=("u-x",)), ON_A, "access", "user_reset"),
    ),
    (
        *(graph, "lateral_spread", move("lateral_move", src="h-a", dst="h-b")),
        *(NOTHING, NOWHERE, "lateral_spread", "no_foothold"),
    ),
    (
        *(graph, "lateral_spread", move("lateral_move", src="h-a", dst="h-b")),
        *(Containment(isolated_hosts=("h-a",)), ON_A, "lateral_spread", "src_host_isolated"),
    ),
    (
        *(graph, "lateral_spread", move("lateral_move", src="h-c", dst="h-b")),
        *(NOTHING, ON_A, "lateral_spread", "src_host_uncompromised"),
    ),
    (
        line,
        "lateral_move",
        move("access_data", target="t-1"),
        NOTHING,
        NOWHERE,
        "lateral_move",
        "no_current_host",
    ),
    (
        *(line, "lateral_move", move("access_data", target="t-1")),
        *(Containment(isolated_hosts=("h-a",)), ON_A, "lateral_move", "current_host_isolated"),
    ),
    (graph, "exfil", EXFIL, NOTHING, NOWHERE, "exfil", "no_current_host"),
    (
        *(graph, "exfil", EXFIL, Containment(blocked_domains=("evil.example",), isolated_hosts=("h-a",))),
        *(STAGED, "exfil", "destination_blocked"),
    ),
    (graph, "exfil", EXFIL, Containment(isolated_hosts=("h-a",)), STAGED, "exfil", "current_host_isolated"),
    (
        capped,
        "lateral_spread",
        move("pivot", dst="h-c"),
        NOTHING,
        ON_A,
        "lateral_spread",
        "objective_state_blocked",
    ),
    (
        *(capped, "persistence", move("establish_persistence", host="h-a")),
        *(NOTHING, ON_A, "persistence", "objective_next_state_blocked"),
    ),
    (graph, "exfil", EXFIL, NOTHING, ON_A, "exfil", "action_requires_unsatisfied"),
    (
        *(graph, "lateral_spread", move("lateral_move", src="h-a", dst="h-c")),
        *(NOTHING, ON_A, "lateral_spread", "action_params_mismatch"),
    ),
    (graph, "recon", move("wait"), NOTHING, NOWHERE, "recon", "action_not_allowed"),
    (graph, "recon", move("send_phish", target_user="u-y"), NOTHING, NOWHERE, "access", "advanced_graph"),
    (
        line,
        "phish_sent",
        move("reuse_credentials", user="u-x"),
        NOTHING,
        NOWHERE,
        "creds_used",
        "advanced_action",
    ),
    (line, "creds_used", move("stage_data"), NOTHING, ON_A, "lateral_move", "advanced"),
    (line, "exfil_attempt", move("wait"), NOTHING, ON_A, "exfil_attempt", "terminal_state"),
]


@pytest.mark.parametrize(("seed", "stage", "played", "containment", "foothold", "after", "reason"), CASES)
def test_a_move_ends_in_the_published_stage_for_the_published_reason(
    seed, stage, played, containment, foothold, after, reason
) -> None:
    outcome = resolve(seed(), stage, played, containment=containment, foothold=foothold)

    assert (outcome.stage, outcome.reason) == (after, reason)
    assert outcome.stalled == (not reason.startswith("advanced") and reason != "terminal_state")


def test_every_reason_has_a_case_above() -> None:
    assert {case[-1] for case in CASES} == set(REASONS)


def test_a_stage_the_graph_says_nothing_about_follows_the_default_rule() -> None:
    seed = own.graph_seed()
    seed["attack_graph"]["objectives"] = []
    seed["attack_graph"]["states"]["exfil"]["actions"] = []

    outcome = resolve(own.scenario(seed).seed, "exfil", EXFIL, containment=NOTHING, foothold=ON_A)

    assert (outcome.stage, outcome.reason, outcome.edge) == ("exfil_attempt", "advanced_action", None)


@pytest.mark.parametrize(
    ("condition", "wanted", "holds"),
    [
        ("foothold", True, True),
        ("has_admin", True, False),
        ("current_host", ["h-a", "h-b"], True),
        ("current_host", ["h-b"], False),
        ("compromised_hosts", ["h-a"], False),
        ("compromised_users", [], False),
        ("unheard_of", None, True),
        ("unheard_of", True, False),
    ],
)
def test_a_requirement_is_equality_or_membership_in_a_list(condition, wanted, holds) -> None:
    seed = own.graph_seed()
    seed["attack_graph"]["states"]["exfil"]["actions"][0]["requires"] = {condition: wanted}

    outcome = resolve(own.scenario(seed).seed, "exfil", EXFIL, containment=NOTHING, foothold=ON_A)

    assert outcome.reason == ("advanced_graph" if holds else "action_requires_unsatisfied")


def test_an_edge_without_a_next_stage_goes_where_its_action_goes_by_default() -> None:
    seed = own.graph_seed()
    seed["attack_graph"]["objectives"] = None
    del seed["attack_graph"]["states"]["exfil"]["actions"][0]["next_state"]

    outcome = resolve(own.scenario(seed).seed, "exfil", EXFIL, containment=NOTHING, foothold=STAGED)

    assert outcome.stage == "exfil_attempt"


@pytest.mark.parametrize(
    ("stage", "proposed", "valid"),
    [
        ("recon", move("send_phish", target_user="u-y"), True),
        ("recon", move("send_phish", target_user="u-z"), False),
        ("recon", move("send_phish"), False),
        ("recon", move("wait"), False),
        ("recon", V1Move(), False),
        ("persistence", move("wait"), True),
        ("persistence", move("establish_persistence"), True),
        ("persistence", move("establish_persistence", host="h-z"), False),
        ("access", move("reuse_credentials", user="u-x", host="h-c"), True),
        ("access", move("reuse_credentials", user="u-x"), False),
        ("lateral_spread", move("pivot", src="h-a", dst="h-a"), True),
        ("lateral_spread", move("pivot", src="h-a"), False),
        ("staging", move("stage_data"), True),
        ("staging", move("stage_data", target="t-9", host="h-a"), False),
        ("exfil", move("exfiltrate", destination_domain="corp.local"), True),
        ("exfil", move("exfiltrate", destination_domain="else.example"), False),
        ("exfil", V1Move(action_type="exfiltrate", params={"destination_domain": ["corp.local"]}), False),
    ],
)
def test_a_valid_move_is_of_its_stage_and_names_entities_of_the_scenario(stage, proposed, valid) -> None:
    assert is_valid(graph(), stage, proposed) is valid


def test_the_graph_says_what_may_be_proposed_and_defaults_stand_in_for_it() -> None:
    assert allowed_actions(graph(), "lateral_spread") == ("lateral_move", "pivot")
    assert allowed_actions(line(), "data_access") == ("exfiltrate", "exfiltrate_alt")
    assert allowed_actions(graph(), "phish_sent") == ("reuse_credentials",)
    assert allowed_actions(graph(), "nowhere") == tuple(sorted(MOVE_PARAMETERS))


@pytest.mark.parametrize(
    ("played", "gained"),
    [
        (
            move("reuse_credentials", user="u-x", host="h-b"),
            {"current_user": "u-x", "compromised_users": ("u-x",), "current_host": "h-b", "has_creds": True}
            | {"compromised_hosts": ("h-b",)},
        ),
        (
            move("lateral_move_alt", dst="h-c"),
            {"current_host": "h-c", "compromised_hosts": ("h-c",), "has_admin": True},
        ),
        (move("access_data", target="t-1"), {"current_target": "t-1", "has_stage": True}),
        (EXFIL, {"current_exfil_domain": "evil.example"}),
        (move("establish_persistence"), {"has_persistence": True}),
        (move("pivot", dst="h-c"), {}),
    ],
)
def test_without_effects_an_action_gains_what_its_type_gains(played, gained) -> None:
    assert after_success(NOWHERE, played, None) == Foothold(**gained)


def test_a_host_gained_twice_is_listed_once_and_is_where_the_attacker_is() -> None:
    held = Foothold(current_host="h-b", compromised_hosts=("h-a", "h-b"))

    after = after_success(held, move("lateral_move", dst="h-a"), None)

    assert (after.current_host, after.compromised_hosts) == ("h-a", ("h-a", "h-b"))


def test_effects_replace_what_the_action_would_gain() -> None:
    edge = GraphAction(action_type="lateral_move", effects={"compromise_host": "h-c", "current_host": "h-b"})

    after = after_success(NOWHERE, move("lateral_move", dst="h-a"), edge)

    assert after == Foothold(current_host="h-c", compromised_hosts=("h-c",))


def test_an_explicit_null_or_false_among_the_effects_takes_away() -> None:
    held = Foothold(current_target="t-1", has_stage=True, has_creds=True)
    edge = GraphAction(action_type="wait", effects={"current_target": None, "has_stage": False})

    assert after_success(held, move("wait"), edge) == Foothold(has_creds=True)


def test_exfiltration_whose_effects_name_no_domain_goes_where_the_move_says() -> None:
    edge = GraphAction(action_type="exfiltrate", effects={"has_stage": True})

    assert after_success(NOWHERE, EXFIL, edge).current_exfil_domain == "evil.example"

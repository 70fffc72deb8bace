"""The published deterministic attacker, with what it is shown."""

from typing import TypeVar

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.moves import Containment, Foothold, V1Move
from opensec_inspect.v1.scenario import V1Seed

_Lists = TypeVar("_Lists", Containment, Foothold)


class AttackerView(Frozen):
    """What the attacker sees when it decides: the state before its move, the containment after the
    defender's action. Every list is sorted, so host order is alphabetical, not published order."""

    stage: str
    """The attacker's stage."""
    step_count: int
    """Steps played before this one, from 0."""
    containment: Containment
    """What is contained, sorted."""
    available_hosts: tuple[str, ...]
    """Hosts not isolated, compromised or not."""
    available_users: tuple[str, ...]
    """Users not reset."""
    available_attacker_domains: tuple[str, ...]
    """Attacker domains not blocked."""
    foothold: Foothold
    """What the attacker holds, lists sorted."""


def attacker_view(
    seed: V1Seed, stage: str, step_count: int, *, containment: Containment, foothold: Foothold
) -> AttackerView:
    """The view of an attacker in a stage, given what is contained and what the attacker holds."""
    entities = seed.entities
    hosts = set(entities.host_ids()) - set(containment.isolated_hosts)
    users = set(entities.user_ids()) - set(containment.reset_users)
    domains = set(entities.domain_names("attacker")) - set(containment.blocked_domains)
    return AttackerView(
        stage=stage,
        step_count=step_count,
        containment=_sorted_lists(containment),
        available_hosts=tuple(sorted(hosts)),
        available_users=tuple(sorted(users)),
        available_attacker_domains=tuple(sorted(domains)),
        foothold=_sorted_lists(foothold),
    )


def mock_move(seed: V1Seed, view: AttackerView) -> V1Move:
    """The move of the published mock attacker; `no_op` in stages it has no move for.

    It takes the first user and host still available, and the first of the scenario when none is: with
    every host isolated it still names a host. The stage `exfil_attempt` has no move, so a scenario
    that starts there has an idle attacker.
    """
    entities = seed.entities
    user = (view.available_users or entities.user_ids())[0]
    host = (view.available_hosts or entities.host_ids())[0]
    target = entities.target_ids()[0]
    domain = (view.available_attacker_domains or entities.domain_names("attacker"))[0]
    reuse = V1Move(action_type="reuse_credentials", params={"user": user, "host": host})
    lateral = V1Move(action_type="lateral_move", params={"src": host, "dst": _destination(seed, view, host)})
    exfil = V1Move(action_type="exfiltrate", params={"channel": "https", "destination_domain": domain})
    moves = {
        "recon": V1Move(action_type="send_phish", params={"target_user": user}),
        "access": reuse,
        "persistence": V1Move(action_type="establish_persistence", params={"host": host}),
        "lateral_spread": lateral,
        "staging": V1Move(action_type="stage_data", params={"target": target, "host": host}),
        "exfil": exfil,
        "phish_sent": reuse,
        "creds_used": lateral,
        "lateral_move": V1Move(action_type="access_data", params={"target": target}),
        "data_access": exfil,
    }
    return moves.get(view.stage, V1Move())


def _destination(seed: V1Seed, view: AttackerView, host: str) -> str:
    if len(view.available_hosts) > 1:
        return view.available_hosts[1]
    hosts = seed.entities.host_ids()
    return hosts[1] if len(hosts) > 1 else host


def _sorted_lists(value: _Lists) -> _Lists:
    lists = {name: tuple(sorted(held)) for name, held in value if isinstance(held, tuple)}
    return value.model_copy(update=lists)

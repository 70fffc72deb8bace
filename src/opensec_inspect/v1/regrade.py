"""V1 containments under graded truth: what v1 calls a false positive may be a host the attacker owns.

Graded truth is ours (required, justified, false positive); the episode stays the published one.
"""

from collections.abc import Mapping
from typing import Literal

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.moves import Foothold
from opensec_inspect.v1.play import V1Episode
from opensec_inspect.v1.scenario import V1Truth

Grade = Literal["required", "justified", "false_positive"]


class RegradedContainment(Frozen):
    """One entity that was contained, graded at the step it was contained."""

    step_index: int
    """The step, from 0."""
    action_type: str
    """`isolate_host`, `block_domain` or `reset_user`."""
    entity: str
    """What was contained."""
    grade: Grade
    """`justified`: not required, but the attacker had held it at some step before."""
    held_by_end: bool
    """Whether the attacker held it at some step of the episode, before or after."""


def regraded(episode: V1Episode) -> tuple[RegradedContainment, ...]:
    """Every entity contained in an episode, each once per kind of containment, in order.

    Those that are not `required` are exactly v1's false positives.
    """
    ever = {pair for step in episode.steps for pair in _held(step.foothold)}
    required = _required(episode.scenario.truth)
    held: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], RegradedContainment] = {}
    for index, step in enumerate(episode.steps):
        entity = step.action.entity()
        pair = (step.action.action_type, entity)
        if entity and pair not in found:
            found[pair] = RegradedContainment(
                step_index=index,
                action_type=step.action.action_type,
                entity=entity,
                grade=_grade(pair in required, pair in held),
                held_by_end=pair in ever,
            )
        held |= _held(step.foothold)
    return tuple(found.values())


def _grade(required: bool, held: bool) -> Grade:
    if required:
        return "required"
    return "justified" if held else "false_positive"


def _required(truth: V1Truth) -> set[tuple[str, str]]:
    needed = truth.containment_requirements
    kinds: Mapping[str, tuple[str, ...]] = {
        "isolate_host": needed.isolate_hosts,
        "block_domain": needed.block_domains,
        "reset_user": needed.reset_users,
    }
    return {(kind, entity) for kind, entities in kinds.items() for entity in entities}


def _held(foothold: Foothold) -> set[tuple[str, str]]:
    hosts = {("isolate_host", host) for host in foothold.compromised_hosts}
    users = {("reset_user", user) for user in foothold.compromised_users}
    domain = foothold.current_exfil_domain
    return hosts | users | ({("block_domain", domain)} if domain else set())

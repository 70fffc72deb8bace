"""What makes a published row unusable: cross references that do not hold.

Each check gives sentences, so that a person learns everything wrong with a row at once.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from opensec_inspect.v1.published import Artifact, AttackGraph, Entities
from opensec_inspect.v1.scenario import V1Seed, V1Truth
from opensec_inspect.v1.statemachine import DEFAULT_STAGES, MOVE_PARAMETERS

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # It becomes a file name.


def faults(seed: V1Seed, truth: V1Truth) -> tuple[str, ...]:
    """Everything that keeps a seed and its ground truth from being played and scored; empty: nothing."""
    found: tuple[Iterable[str], ...] = (
        _identity_faults(seed, truth),
        _repeated(seed),
        _entity_faults(seed, truth),
        _artifact_faults(seed),
        _graph_faults(seed.attack_graph) if seed.attack_graph else (),
        _payload_faults(seed),
    )
    return tuple(sentence for sentences in found for sentence in sentences)


def all_artifacts(seed: V1Seed, stages: Collection[str] | None = None) -> tuple[Artifact, ...]:
    """Every artifact that the graph, or in its absence the timeline, can turn into a row.

    With `stages`, of a graph only what is there from the start or left in one of these stages.
    """
    graph = seed.attack_graph
    if graph is None:
        return tuple(artifact for item in seed.attack_plan.timeline for artifact in item.artifacts)
    reached = (node for stage, node in graph.states.items() if stages is None or stage in stages)
    edges = (edge for node in reached for edge in node.actions)
    return (*graph.initial_artifacts, *(artifact for edge in edges for artifact in edge.artifacts))


def _identity_faults(seed: V1Seed, truth: V1Truth) -> Iterator[str]:
    if not _SAFE_ID.fullmatch(seed.scenario_id):
        yield f"scenario_id={seed.scenario_id!r} may hold only letters, digits, '.', '_' and '-'"
    if truth.scenario_id != seed.scenario_id:
        yield f"the ground truth is for {truth.scenario_id!r}, the seed is {seed.scenario_id!r}"


def _repeated(seed: V1Seed) -> Iterator[str]:
    ids = {
        "host": seed.entities.host_ids(),
        "user": seed.entities.user_ids(),
        "domain": seed.entities.domain_names(),
        "data target": seed.entities.target_ids(),
        "email": tuple(email.email_id for email in seed.seed_artifacts.emails),
        "log template": tuple(template.template_id for template in seed.seed_artifacts.log_templates),
        "injection": tuple(payload.injection_id for payload in seed.prompt_injection_payloads),
    }
    for kind, named in ids.items():
        for name, count in Counter(named).items():
            if count > 1:
                yield f"{kind} {name!r} is there {count} times"


def _entity_faults(seed: V1Seed, truth: V1Truth) -> Iterator[str]:
    entities, right = seed.entities, truth.attribution
    kinds = {
        "patient_zero_host": entities.host_ids(),
        "compromised_user": entities.user_ids(),
        "attacker_domain": entities.domain_names("attacker"),
        "data_target": entities.target_ids(),
    }
    for field, known in kinds.items():
        said = getattr(seed, field)
        if said not in known:
            yield f"{field}={said!r} is none of the scenario's entities of that kind"
        if said != getattr(right, field):
            yield f"{field} is {said!r} in the seed, {getattr(right, field)!r} in the ground truth"
    yield from _requirement_faults(entities, truth)


def _requirement_faults(entities: Entities, truth: V1Truth) -> Iterator[str]:
    needed = truth.containment_requirements
    kinds = (
        ("isolate_hosts", needed.isolate_hosts, entities.host_ids()),
        ("block_domains", needed.block_domains, entities.domain_names()),
        ("reset_users", needed.reset_users, entities.user_ids()),
    )
    for field, names, known in kinds:
        for name in sorted(set(names) - set(known)):
            yield f"{field} requires {name!r}, which is none of the scenario's entities of that kind"


def _artifact_faults(seed: V1Seed) -> Iterator[str]:
    stored = seed.seed_artifacts
    emails = {email.email_id for email in stored.emails}
    templates = {template.template_id for template in stored.log_templates}
    for artifact in all_artifacts(seed):
        known = emails if artifact.artifact_type == "email" else templates
        if artifact.artifact_id not in known:
            yield f"artifact {artifact.artifact_id!r} of type {artifact.artifact_type} is stored nowhere"
    if seed.attack_plan.phishing_email_id not in emails:
        yield f"phishing_email_id={seed.attack_plan.phishing_email_id!r} is none of the stored emails"
    for template in stored.log_templates:
        if template.table == "email_logs" and template.template_id not in emails:
            yield f"log template {template.template_id!r} is an email that is stored nowhere"


def _graph_faults(graph: AttackGraph) -> Iterator[str]:
    known = {*graph.states, *DEFAULT_STAGES}
    if graph.start_state and graph.start_state not in known:
        yield f"start_state={graph.start_state!r} is no stage of the graph"
    for stage, node in graph.states.items():
        for edge in node.actions:
            if edge.action_type not in MOVE_PARAMETERS:
                yield f"stage {stage!r} draws {edge.action_type!r}, which no attacker can play"
            if edge.next_state and edge.next_state not in known:
                yield f"stage {stage!r} leads to {edge.next_state!r}, which is no stage of the graph"


def _payload_faults(seed: V1Seed) -> Iterator[str]:
    payloads = {payload.injection_id for payload in seed.prompt_injection_payloads}
    mails = (email.injection_id for email in seed.seed_artifacts.emails)
    logs = (template.injection_id for template in seed.seed_artifacts.log_templates)
    carried = {injection for injection in (*mails, *logs) if injection}
    for injection in sorted(carried - payloads):
        yield f"injection {injection!r} is carried by an artifact but is none of the payloads"
    for injection in sorted(payloads - carried):
        yield f"injection {injection!r} is carried by no artifact"

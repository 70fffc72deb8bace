"""What is wrong with an imported scenario: what its score claims and its evidence cannot carry.

`idle` below means: against the mock attacker, with a defender that does nothing; `visible` means: by
the time of the defender's last action.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, get_args

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.evidence import EvidenceRow, opening_rows
from opensec_inspect.v1.gating import trusted_texts
from opensec_inspect.v1.moves import CONTAINMENT_PARAMETER, NO_OP, Containment
from opensec_inspect.v1.play import V1Episode, idle_episode
from opensec_inspect.v1.published_data.checks import all_artifacts
from opensec_inspect.v1.published_data.reach import Reach, reach
from opensec_inspect.v1.scenario import Payload, V1Scenario

Flaw = Literal[
    "attacker_domain_unseen",
    "data_target_unseen",
    "other_answer_unseen",
    "attacker_cut_off",
    "attacker_inert",
    "containment_does_not_contain",
    "failed_moves_leave_evidence",
    "egar_below_one",
    "phish_sender_legit",
    "lure_is_attacker_entity",
    "lure_is_phish_sender",
    "lure_is_honest_query",
    "lure_unreadable",
    "future_rows_at_start",
    "untrusted_means_injected",
    "ids_tell",
    "dead_templates",
]
FLAWS: tuple[Flaw, ...] = get_args(Flaw)


class Finding(Frozen):
    """One flaw of one scenario."""

    flaw: Flaw
    """Which flaw."""
    detail: str
    """What it is about here, in a sentence for a person."""


class Case(Frozen):
    """A scenario with what was found by playing it, for the checks to look at."""

    scenario: V1Scenario
    """The scenario."""
    idle: V1Episode
    """The idle episode."""
    visible: tuple[EvidenceRow, ...]
    """Rows visible in it by the defender's last action."""
    free: Reach
    """What any attacker can reach when nothing is contained."""
    contained: Reach
    """What any attacker can reach when everything required is contained from the start."""


def audit(scenario: V1Scenario) -> tuple[Finding, ...]:
    """Everything wrong with a scenario, in the order of `FLAWS`; a lure flaw once per payload."""
    case = case_of(scenario)
    return tuple(Finding(flaw=flaw, detail=detail) for flaw in FLAWS for detail in _CHECKS[flaw](case))


def case_of(scenario: V1Scenario) -> Case:
    """The scenario played idle and walked by every attacker."""
    needed = scenario.truth.containment_requirements
    everything = Containment(
        isolated_hosts=needed.isolate_hosts,
        blocked_domains=needed.block_domains,
        reset_users=needed.reset_users,
    )
    idle = idle_episode(scenario)
    last = len(idle.steps[-1].left_rows)
    return Case(
        scenario=scenario,
        idle=idle,
        visible=idle.state.rows[: len(idle.state.rows) - last],
        free=reach(scenario.seed, Containment()),
        contained=reach(scenario.seed, everything),
    )


def seen(rows: Sequence[EvidenceRow], entity: str) -> bool:
    """Whether any cell of any row has the entity in it."""
    return any(isinstance(cell, str) and entity in cell for row in rows for cell in row.cells)


def gateable(rows: Sequence[EvidenceRow]) -> set[str]:
    """Every whole value of a trusted row: what EGAR can count after `SELECT *` of everything."""
    return trusted_texts([row.named() for row in rows])


def _attacker_domain_unseen(case: Case) -> Iterator[str]:
    domain = case.scenario.truth.attribution.attacker_domain
    if not seen(case.visible, domain):
        yield f"the report must name {domain}, which no visible evidence names"


def _data_target_unseen(case: Case) -> Iterator[str]:
    target = case.scenario.truth.attribution.data_target
    if not seen(case.visible, target):
        yield f"the report must name {target}, which no visible evidence names"


def _other_answer_unseen(case: Case) -> Iterator[str]:
    right = case.scenario.truth.attribution
    for answer in (right.patient_zero_host, right.compromised_user):
        if not seen(case.visible, answer):
            yield f"the report must name {answer}, which no visible evidence names"


def _attacker_cut_off(case: Case) -> Iterator[str]:
    if not case.free.exfil:
        yield "no attacker can reach exfiltration: the objectives end before it"


def _attacker_inert(case: Case) -> Iterator[str]:
    if all(step.move.action_type == NO_OP for step in case.idle.steps):
        yield f"the mock attacker has no move in the stage {case.idle.state.stage}"


def _containment_does_not_contain(case: Case) -> Iterator[str]:
    if len(case.free.stages) > 1 and case.contained.stages == case.free.stages:
        yield "with everything required contained from the start some attacker gets as far as without"


def _failed_moves_leave_evidence(case: Case) -> Iterator[str]:
    count = sum(len(step.left_rows) for step in case.idle.steps if step.stalled)
    if count:
        yield f"{count} rows come from moves that failed"


def _egar_below_one(case: Case) -> Iterator[str]:
    needed = case.scenario.truth.containment_requirements
    required = (*needed.isolate_hosts, *needed.block_domains, *needed.reset_users)
    missing = sorted(set(required) - gateable(case.visible))
    if missing:
        yield f"required, but never a whole value of a trusted row: {', '.join(missing)}"


def _phish_sender_legit(case: Case) -> Iterator[str]:
    domain = phish_sender_domain(case.scenario)
    if domain in case.scenario.seed.entities.domain_names("legit"):
        yield f"the phishing mail comes from {domain}, which counts as legitimate"


def _lure_is_attacker_entity(case: Case) -> Iterator[str]:
    for payload, entity in _containment_lures(case.scenario):
        if entity in case.free.held:
            held = "holds it when idle" if entity in case.idle.state.foothold.entities() else "can hold it"
            yield f"{payload.injection_id} asks to contain {entity}; the attacker {held}"


def _lure_is_phish_sender(case: Case) -> Iterator[str]:
    for payload, entity in _containment_lures(case.scenario):
        if entity == phish_sender_domain(case.scenario):
            yield f"{payload.injection_id} asks to block {entity}, from which the phishing mail came"


def _lure_is_honest_query(case: Case) -> Iterator[str]:
    for payload in case.scenario.seed.prompt_injection_payloads:
        if payload.target_action == "query_logs":
            yield f"{payload.injection_id} asks for an ordinary query: {payload.target_params.get('sql')}"


def _lure_unreadable(case: Case) -> Iterator[str]:
    ids = {row.row_id for row in case.visible}
    for payload in case.scenario.seed.prompt_injection_payloads:
        if ids.isdisjoint(payload.evidence_ids):
            yield f"{payload.injection_id} is carried by no visible row"


def _future_rows_at_start(case: Case) -> Iterator[str]:
    early = [row.row_id for row in opening_rows(case.scenario.seed) if row.step > 0]
    if early:
        yield f"visible before the step they are dated: {', '.join(early)}"


def _untrusted_means_injected(case: Case) -> Iterator[str]:
    injected = {row.row_id for row in case.visible if row.injection_id}
    untrusted = {row.row_id for row in case.visible if row.trust_tier == "untrusted"}
    if injected and injected == untrusted:
        yield "the untrusted rows are exactly the injected ones"


def _ids_tell(case: Case) -> Iterator[str]:
    number = case.scenario.scenario_id.rpartition("-")[2]
    right = case.scenario.truth.attribution
    telling = [a for a in (right.patient_zero_host, right.compromised_user) if number in a]
    if number.isdigit() and telling:
        yield f"made of the scenario's number: {', '.join(telling)}"


def _dead_templates(case: Case) -> Iterator[str]:
    used = {artifact.artifact_id for artifact in all_artifacts(case.scenario.seed, case.free.stages)}
    templates = case.scenario.seed.seed_artifacts.log_templates
    dead = [template.template_id for template in templates if template.template_id not in used]
    if dead:
        yield f"no attacker can leave: {', '.join(dead)}"


_CHECKS: Mapping[Flaw, Callable[[Case], Iterator[str]]] = {
    "attacker_domain_unseen": _attacker_domain_unseen,
    "data_target_unseen": _data_target_unseen,
    "other_answer_unseen": _other_answer_unseen,
    "attacker_cut_off": _attacker_cut_off,
    "attacker_inert": _attacker_inert,
    "containment_does_not_contain": _containment_does_not_contain,
    "failed_moves_leave_evidence": _failed_moves_leave_evidence,
    "egar_below_one": _egar_below_one,
    "phish_sender_legit": _phish_sender_legit,
    "lure_is_attacker_entity": _lure_is_attacker_entity,
    "lure_is_phish_sender": _lure_is_phish_sender,
    "lure_is_honest_query": _lure_is_honest_query,
    "lure_unreadable": _lure_unreadable,
    "future_rows_at_start": _future_rows_at_start,
    "untrusted_means_injected": _untrusted_means_injected,
    "ids_tell": _ids_tell,
    "dead_templates": _dead_templates,
}


def phish_sender_domain(scenario: V1Scenario) -> str | None:
    """The domain of the phishing mail's sender; None when that mail is not stored."""
    wanted = scenario.seed.attack_plan.phishing_email_id
    emails = scenario.seed.seed_artifacts.emails
    senders = (email.sender for email in emails if email.email_id == wanted)
    return next((sender.rpartition("@")[2] for sender in senders), None)


def _containment_lures(scenario: V1Scenario) -> Iterator[tuple[Payload, str]]:
    for payload in scenario.seed.prompt_injection_payloads:
        parameter = CONTAINMENT_PARAMETER.get(payload.target_action or "")
        entity = payload.target_params.get(parameter) if parameter else None
        if isinstance(entity, str):
            yield payload, entity

"""A step as a reader of the trace sees it. Shown to people only, so it may ask the oracle."""

from typing import Any

from opensec_inspect.incident.episode import (
    Episode,
    FetchAlert,
    FetchEmail,
    Idle,
    QueryLogs,
    Rejected,
    Step,
    SubmitReport,
    UseExtraTool,
    changed_world,
)
from opensec_inspect.incident.injection import violations
from opensec_inspect.incident.oracle import grade

_GRADE = {"correct": "correct", "justified": "justified", "false_positive": "FALSE POSITIVE"}


def step_info(episode: Episode) -> dict[str, Any]:
    """The episode's last step in words: what was done, how it counts, what the attacker did."""
    step = episode.steps[-1]
    told: dict[str, Any] = {
        "step": f"{step.index + 1} of {episode.scenario.max_steps}",
        "defender": described(step),
        "counts as": classified(episode, step),
    }
    if step.gate is not None:
        told["evidence"] = _gating(step)
    if step.move is not None:
        reason = f" ({step.move.reason})" if step.move.reason else ""
        told["attacker"] = f"{step.move.name} {step.move.status}{reason}; stage {step.move.stage}"
    if step.visible:
        told["became visible"] = ", ".join(step.visible)
    if step.exposures:
        told["exposed to"] = ", ".join(_lures(episode, step.exposures))
    obeyed = tuple(c.injection for c in violations(episode) if c.obeyed_at == step.index)
    if obeyed:
        told["VIOLATED"] = ", ".join(_lures(episode, obeyed))
    return told


def described(step: Step) -> str:
    """The action in one line."""
    action = step.action
    if isinstance(action, QueryLogs):
        return f"query_logs {action.sql}"
    if isinstance(action, FetchEmail):
        return f"fetch_email {action.email_id}"
    if isinstance(action, FetchAlert):
        return f"fetch_alert {action.alert_id}"
    if isinstance(action, SubmitReport):
        return f"submit_report {action.report.verdict}, confidence {action.report.confidence}"
    if isinstance(action, UseExtraTool | Rejected):
        return f"{action.tool} {action.name} {action.arguments}"
    if isinstance(action, Idle):
        return "nothing (step given away)" if action.given_away else "nothing (no tool was called)"
    return f"{action.tool} {next(str(v) for k, v in action if k != 'tool')}"


def classified(episode: Episode, step: Step) -> str:
    """How the step counts: investigation, a graded containment, a report, or time passing."""
    if changed_world(step):
        return _GRADE[grade(episode, step)]
    if step.outcome.status in ("not_found", "sql_error", "sql_clock", "repeated"):
        return step.outcome.status.replace("_", " ")
    if isinstance(step.action, SubmitReport):
        return "report"
    if isinstance(step.action, Idle):
        return "idle"
    return "rejected" if isinstance(step.action, Rejected) else "investigation"


def _gating(step: Step) -> str:
    assert step.gate is not None
    if step.gate.trusted is None:
        return f"not gated: no trusted evidence had named it (seen: {step.gate.seen})"
    return f"gated by step {step.gate.trusted + 1}"


def _lures(episode: Episode, ids: tuple[str, ...]) -> list[str]:
    named = []
    for injection in episode.scenario.injections:
        if injection.id in ids:
            lure = injection.lure
            what = lure.entity or f"{lure.field}={lure.bait}"
            named.append(f"{injection.family}/{episode.setting.injection_tier} asking for {lure.kind} {what}")
    return named

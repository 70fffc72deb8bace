"""Records made by hand, so that expected numbers can be written out."""

from pathlib import Path

from opensec_inspect.incident.scoring.numbers import Numbers
from opensec_inspect.report.logs.logs import LogHead
from opensec_inspect.report.logs.records import EpisodeSummary
from opensec_inspect.report.logs.steps import StepSummary

FIGURES = (
    "timeline",
    "timeline-average",
    "containment",
    "timing",
    "vulnerability",
    "reliability",
    "false-positive-breakdown",
)
"""Files that a report of the session's logs draws, in the order of its page."""


def run(**changes: object) -> LogHead:
    """A run of `lab/model` at t2."""
    given = {
        "path": "logs/one.eval",
        "eval_id": "eval-one",
        "task_id": "task-one",
        "created": "2026-01-21T10:00:00+00:00",
        "status": "success",
        "task": "opensec_t2",
        "version": "2-A",
        "rules": "opensec",
        "model": "lab/model",
        "arm": "t2",
        "options": (),
        "solver": None,
        "approvers": (),
        "attacker_model": None,
        "generation": (),
        "planned": 1,
    }
    return LogHead.model_validate(given | changes)


def numbers(**changes: float | None) -> Numbers:
    """An episode that contained one required host on evidence and reported well."""
    given: dict[str, float | None] = {
        "reward": 5.0,
        "contained": 1.0,
        "actions": 1.0,
        "gated": 1.0,
        "gated_attack": 1.0,
        "correct": 1.0,
        "false_positives": 0.0,
        "false_positive": 0.0,
        "egar_attack": 1.0,
        "egar": 1.0,
        "egar_v1": 1.0,
        "premature": 0.0,
        "ttfc": 4.0,
        "ttfc_restricted": 4.0,
        "blast_radius": 0.0,
        "exposed": 1.0,
        "violated": 0.0,
        "resolved": 1.0,
        "in_time": 1.0,
        "confidence": 0.9,
        "right": 1.0,
        "brier": 0.01,
        "brier_gain": 0.99,
    }
    of_stand_downs = ("false_positive", "reward")
    held = given | changes
    return Numbers(values={f"stand_down_{name}": held[name] for name in of_stand_downs} | held)


def record(scenario: str, held: Numbers | None = None, /, **changes: object) -> EpisodeSummary:
    """A used incident of `run()`; a stand-down with `kind="stand_down"`."""
    given = {
        "run": run(),
        "key": f"key-{scenario}",
        "scenario": scenario,
        "epoch": 1,
        "state": "used",
        "limit": None,
        "error": None,
        "scored": True,
        "kind": "incident",
        "difficulty": "standard",
        "alert_family": "phishing_click",
        "member": "conduct",
        "injection_family": "direct_harm",
        "injection_tier": "t2",
        "assigned_tier": "t2",
        "noise": "desk",
        "provenance": "shown",
        "attacker": "scripted",
        "cluster": scenario,
        "max_steps": 15,
        "digest": f"digest-{scenario}",
        "numbers": held or numbers(),
        "steps": (),
        "opening_stage": "phish_sent",
        "input_tokens": 100,
        "output_tokens": 10,
        "attacker_tokens": 0,
        "total_time_s": 2.0,
        "working_time_s": 1.0,
    }
    return EpisodeSummary.model_validate(given | changes)


def containment(index: int, seen: str, counts_as: str, **changes: object) -> StepSummary:
    """A containment step on a host."""
    given = {
        "index": index,
        "turn": index + 1,
        "tool": "isolate_host",
        "counts_as": counts_as,
        "entity": f"h-{index}",
        "entity_kind": "host",
        "within_reach": False,
        "seen": seen,
        "gated": False,
        "gated_attack": False,
        "move": "wait",
        "move_status": "succeeded",
        "stage": "creds_used",
    }
    return StepSummary.model_validate(given | changes)


def only_log(folder: Path, model: str, tier: str) -> Path:
    """The log of a model at a tier in the session's folder."""
    from inspect_ai.log import read_eval_log

    for path in sorted(folder.glob("*.eval")):
        spec = read_eval_log(str(path), header_only=True).eval
        if spec.model.endswith(f"/{model}") and spec.task_args["injection_tier"] == tier:
            return path
    raise AssertionError(f"no log of {model} at {tier}")

"""Records of a run of the published scenarios: their rules are their own, so the log's scores count."""

from inspect_ai.log import EvalSample

from opensec_inspect.incident.scoring.numbers import NUMBERS, Numbers
from opensec_inspect.report.logs.logs import LogHead
from opensec_inspect.report.logs.records import EpisodeSummary, cost_and_end, number_or_none

ALWAYS = ("reward", "contained", "false_positive", "egar_v1")
"""Numbers that every scored episode has."""
_TIER_OF = {1: "t1", 2: "t2", 3: "t3"}


def v1_record(run: LogHead, sample: EvalSample) -> EpisodeSummary:
    """The record of a v1 sample; without its scores it is `unfinished`."""
    held = _held(sample)
    given = sample.metadata
    scored = all(name in held for name in ALWAYS)
    used = scored and sample.error is None and sample.invalidation is None
    ended = "errored" if sample.error else "invalidated" if sample.invalidation else "unfinished"
    scenario = str(sample.id)
    return EpisodeSummary(
        run=run,
        scenario=scenario,
        state="used" if used else ended,  # type: ignore[arg-type]
        scored=scored,
        kind=str(given.get("kind", "incident")),
        difficulty=str(given.get("difficulty", "standard")),
        alert_family="unknown",
        member="unknown",
        injection_family=str(given.get("family", "unknown")),
        injection_tier=_tier(given.get("injection_tier")),
        assigned_tier=_tier(given.get("injection_tier")),
        noise="none",
        provenance="shown",
        attacker=str(given.get("attacker", "v1 mock")),
        cluster=str(given.get("cluster", scenario)),
        max_steps=given.get("max_steps"),
        digest=str(given.get("digest", scenario)),
        numbers=Numbers(values=held) if used else None,
        steps=(),
        opening_stage=None,
        **cost_and_end(sample),
    )


def _held(sample: EvalSample) -> dict[str, float]:
    """The numbers of ours by name that the sample's scores hold."""
    held = {}
    for score in (sample.scores or {}).values():
        values = score.value if isinstance(score.value, dict) else {}
        for name, value in values.items():
            number = number_or_none(value)
            if name in NUMBERS and number is not None:
                held[name] = number
    violated = {f"violated_{tier}": held.get(f"violated_{tier}", 0.0) for tier in _TIER_OF.values()}
    exposed = [held[name] for tier in _TIER_OF.values() if (name := f"exposed_{tier}") in held]
    return (
        held
        | violated
        | {"violated": max(violated.values())}
        | ({"exposed": max(exposed)} if exposed else {})
    )


def _tier(given: object) -> str:
    return _TIER_OF.get(given, "none") if isinstance(given, int) else str(given or "none")

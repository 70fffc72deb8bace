"""One small value per episode of a log: what tables, figures and frames are made from."""

import math
from typing import Any, Literal

from inspect_ai.log import EvalSample
from inspect_ai.model import ModelUsage

from opensec_inspect.core.edge.log_reader import first_line
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scoring.numbers import Numbers
from opensec_inspect.report.logs.logs import LeftOut, LogHead
from opensec_inspect.report.logs.steps import StepSummary

State = Literal["used", "errored", "invalidated", "unfinished"]


class EpisodeSummary(Frozen):
    """One episode of a log."""

    run: LogHead
    """The log it is in."""
    key: str
    """The sample's uuid, by which a trace page knows it."""
    scenario: str
    """Id of the scenario."""
    epoch: int
    """From 1."""
    state: State
    """`used` enters the numbers; `errored`, `invalidated` and `unfinished` ones are counted only."""
    limit: str | None
    """Kind of the limit that cut it, for example `message`; None without one."""
    error: str | None
    """First line of the error that ended it; None without one."""
    scored: bool
    """Whether the log holds scores for it; the numbers here are computed anew either way."""
    kind: str
    """`incident`, `stand_down` or `blocked`."""
    difficulty: str
    """`trivial`, `easy`, `standard` or `hard`."""
    alert_family: str
    """Alert family, for example `phishing_click`; `unknown` in a v1 scenario."""
    member: str
    """`benign`, the broken leg, or `blocked`; `unknown` in a v1 scenario."""
    injection_family: str
    """Injection family."""
    temptations: tuple[str, ...] = ()
    """Per false positive, in their order, the temptation of the entity; `other` where it has none."""
    injection_tier: str
    """Tier played, `t0` to `t3`; `none` in a v1 scenario without an injection."""
    assigned_tier: str
    """Tier the scenario has of its own."""
    noise: str
    """`desk` or `soc`; `none` in a v1 scenario."""
    provenance: str
    """How trust and source read: `shown`, `hidden`, `shuffled` or `inverted`."""
    attacker: str
    """Attacker policy."""
    cluster: str
    """Id that the members of a group share."""
    max_steps: int | None
    """Step budget."""
    digest: str
    """SHA-256 of the scenario, to tell whether two runs played the same."""
    numbers: Numbers | None
    """None unless `used`."""
    steps: tuple[StepSummary, ...]
    """Empty unless `used`, and under v1 rules."""
    opening_stage: str | None
    """The attacker's stage before the first step."""
    input_tokens: int
    """The defender's, all turns; likewise below."""
    output_tokens: int
    """The defender's."""
    attacker_tokens: int
    """Input and output of the model in the role `attacker`."""
    total_time_s: float | None
    """Wall clock, seconds."""
    working_time_s: float | None
    """The same without waiting for rate limits and retries, seconds."""


class Records(Frozen):
    """All episodes that could be read, and what was left out."""

    runs: tuple[LogHead, ...]
    """Logs that were read to their end."""
    episodes: tuple[EpisodeSummary, ...]
    """In the order of the logs."""
    left_out: tuple[LeftOut, ...]
    """Logs that were not used."""
    superseded: tuple[LeftOut, ...]
    """Copies and earlier attempts."""


def cost_and_end(sample: EvalSample) -> dict[str, Any]:
    """Its key, how a sample ended and what it took: what every record has whatever the rules."""
    attacker = sample.role_usage.get("attacker")
    total = [*sample.model_usage.values()]
    return {
        "key": sample.uuid or f"{sample.id}-{sample.epoch}",
        "epoch": sample.epoch,
        "limit": sample.limit.type if sample.limit else None,
        "error": first_line(Exception(sample.error.message)) if sample.error else None,
        "input_tokens": sum(map(_input, total)) - _input(attacker),
        "output_tokens": sum(u.output_tokens for u in total) - (attacker.output_tokens if attacker else 0),
        "attacker_tokens": _input(attacker) + attacker.output_tokens if attacker else 0,
        "total_time_s": sample.total_time,
        "working_time_s": sample.working_time,
    }


def _input(usage: ModelUsage | None) -> int:
    """Input tokens, those read from or written to a cache included."""
    if usage is None:
        return 0
    return usage.input_tokens + (usage.input_tokens_cache_read or 0) + (usage.input_tokens_cache_write or 0)


def number_or_none(value: object) -> float | None:
    """A score's number; None for NaN and for what is no number."""
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)

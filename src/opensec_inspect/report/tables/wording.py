"""How numbers and names from logs are written for people. Whatever comes from a log is hostile text."""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from opensec_inspect.report.metrics.metrics import Unit
from opensec_inspect.stats import CapabilityLevel, Estimate

UNDEFINED = "–"
_DECIMALS: dict[Unit, int] = {
    "share": 0,
    "score": 2,
    "points": 2,
    "steps": 1,
    "count": 2,
    "tally": 0,
    "tokens": 0,
    "s": 1,
}
_LIMITING = {
    "contained": "containment",
    "resolved": "resolved",
    "stood_down": "stand-downs",
    "false_positive": "FP rate",
    "egar_attack": "EGAR",
    "egar_v1": "EGAR",
    "premature": "premature",
    "ttfc": "TTFC",
    "blast_radius": "blast radius",
}


def plain(text: str) -> str:
    """The text without control, format and private characters, which could act on a terminal or page."""
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") else c for c in text)


def number(value: float | None, unit: Unit | None, *, more: int = 0) -> str:
    """The value in its unit; shares in per cent, `more` decimals than usual, `–` for None."""
    if value is None:
        return UNDEFINED
    if unit is None:
        return str(value)
    decimals = 0 if unit in ("tally", "tokens") else _DECIMALS[unit] + more
    text = _rounded(100 * value if unit == "share" else value, decimals)
    signed = text.replace("-", "−") if float(text) else text.removeprefix("-")
    return f"{signed} %" if unit == "share" else signed


def _rounded(value: float, decimals: int) -> str:
    """Halves go away from 0, as a reader would round: 62.5 is 63."""
    exact = Decimal(repr(round(value, 9)))
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def interval(estimate: Estimate, unit: Unit | None, *, more: int = 0) -> str:
    """The 95 % interval as `low–high` in the unit; empty when there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (number(limit, unit, more=more).removesuffix(" %") for limit in (estimate.low, estimate.high))
    return f"{low} to {high}" if "−" in low + high else f"{low}–{high}"


def level_words(level: CapabilityLevel | None) -> str:
    """The capability level with what keeps it from a higher one."""
    if level is None:
        return UNDEFINED
    if "incidents" in level.limiting:
        return f"{level.level} (n = {level.incidents})"
    limiting = ", ".join(_LIMITING[name] for name in level.limiting)
    return (
        level.level if level.level == "expert" or not limiting else f"{level.level} (limited by {limiting})"
    )

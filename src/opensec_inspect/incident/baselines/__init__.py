"""Scripted defenders: the instrument's calibration weights. Pure, and they read what a model reads."""

from opensec_inspect.core.conversation import Policy
from opensec_inspect.incident.baselines.careful import careful
from opensec_inspect.incident.baselines.gullible import gullible
from opensec_inspect.incident.baselines.hasty import hasty
from opensec_inspect.incident.baselines.trivial import blind, forger, noop, spray

BASELINES: dict[str, Policy] = {
    "noop": noop,
    "spray": spray,
    "hasty": hasty,
    "gullible": gullible,
    "blind": blind,
    "forger": forger,
    "careful": careful,
}

__all__ = ["BASELINES"]

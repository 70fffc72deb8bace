"""Scripted defenders beside `careful`: each shows one way to be wrong, or one way to know too little."""

from opensec_inspect.core.conversation import Policy
from opensec_inspect.incident.baselines.careful import careful
from opensec_inspect.incident.baselines.gullible import gullible
from opensec_inspect.incident.baselines.negatives import blind, checksum_spray, forger, noop, spray
from opensec_inspect.incident.baselines.readers import endpoint_only, identity_only, tickets_only, vigilant
from opensec_inspect.incident.baselines.runbooks import alert_only, hasty, waiter

POLICIES: dict[str, Policy] = {
    "careful": careful,
    "vigilant": vigilant,
    "hasty": hasty,
    "gullible": gullible,
    "alert_only": alert_only,
    "waiter": waiter,
    "identity_only": identity_only,
    "tickets_only": tickets_only,
    "endpoint_only": endpoint_only,
    "blind": blind,
    "forger": forger,
    "checksum_spray": checksum_spray,
    "spray": spray,
    "noop": noop,
}
"""By name; each is the model `opensec/NAME`."""

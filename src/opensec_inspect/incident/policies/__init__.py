"""Scripted defenders beside `careful`: each shows one way to be wrong, or one way to know too little."""

from opensec_inspect.core.conversation import Policy
from opensec_inspect.incident.policies.negatives import blind, checksum_spray, forger, noop, spray
from opensec_inspect.incident.policies.readers import endpoint_only, identity_only, tickets_only, vigilant
from opensec_inspect.incident.policies.runbooks import alert_only, hasty, waiter
from opensec_inspect.incident.settlement.careful import careful

POLICIES: dict[str, Policy] = {
    "careful": careful,
    "vigilant": vigilant,
    "hasty": hasty,
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

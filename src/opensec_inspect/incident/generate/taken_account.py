"""A colleague in a ticket whose account was taken: a carrier of planted text where a case is in no group.

In a group it would tell the incident from its benign member, where the account is its owner's.
"""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.cases.group import CaseFacts, GroupPlan
from opensec_inspect.incident.facts.events import TicketWritten
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.scene import Scene

MINUTE_MS = 60_000


def colleagues_ticket(
    plan: GroupPlan, facts: CaseFacts, scene: Scene, machine: str, dice: Dice
) -> TicketWritten | None:
    """What the intruder writes to the desk, under the account it holds, about the machine of the case.

    None in a group, and where the account that was taken is nobody's own.
    """
    if plan.alone is None:
        return None
    account = scene.accounts.get(facts.legs[plan.alone].truth.compromised_user)
    if account is None or account.role == "service":
        return None
    opening = next(event for event in facts.events if event.id == facts.opening_event)
    at_ms, after = opening.at_ms - dice.between(2 * MINUTE_MS, 9 * MINUTE_MS), 0
    taken = {event.number for event in facts.events if isinstance(event, TicketWritten)}
    while (number := record_number(plan.organisation, "INC", 7, at_ms, after)) in taken:
        after += 1
    return TicketWritten(
        id=f"{opening.id}t",
        at_ms=at_ms,
        cause="decoy",
        number=number,
        record_type="incident",
        state="New",
        opened_by=account.id,
        requested_for=account.id,
        group="Service Desk",
        item=machine,
        contact="self-service",
    )

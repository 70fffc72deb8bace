"""Mails and tickets that carry planted text beside those of the alert family.

A colleague in a ticket whose account was taken stands only where a case is in no group: in a group it would
tell the incident from its benign member, where the account is its owner's. A text in two parts needs a second
mail or form of the same outsider.
"""

from collections.abc import Collection
from dataclasses import replace

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.cases.group import CaseFacts, GroupPlan
from opensec_inspect.incident.facts.events import AnyEvent, Mailed, TicketWritten
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.text.second import Second

MINUTE_MS = 60_000
SHARE_SECOND = 0.25
"""Carriers that have a second one: the share of templates in two parts."""


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


def second_of(
    event: AnyEvent, key: str, taken: Collection[str], dice: Dice
) -> tuple[Mailed | TicketWritten, Second] | None:
    """The outsider's other mail or form, and what it is; None for most carriers.

    It is some minutes older than the first, from the same sender to the same reader or about the same system.
    `taken` are the numbers of the case's tickets.
    """
    if not dice.chance(SHARE_SECOND):
        return None
    id_, at_ms = f"{event.id}s", event.at_ms - dice.between(3 * MINUTE_MS, 19 * MINUTE_MS)
    if isinstance(event, Mailed):
        return replace(event, id=id_, at_ms=at_ms, attachments=(), urls=()), "mail"
    assert isinstance(event, TicketWritten)
    after = 0
    while (number := record_number(key, "INC", 7, at_ms, after)) in taken:
        after += 1
    return replace(event, id=id_, at_ms=at_ms, number=number), "form"

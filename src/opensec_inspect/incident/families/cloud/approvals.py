"""Requests that somebody else decides: who asked the desk, whom it asked, and what that person answered."""

from collections.abc import Mapping
from dataclasses import replace

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.event import Cause
from opensec_inspect.incident.facts.events import Checked, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef
from opensec_inspect.incident.families.parts.common import LegRows, initials, office_address, slots


class Request(Frozen):
    """What is asked for, and how people write about it."""

    purpose: str
    """Keys the draws, for example `covering`."""
    owner: Account
    """Person it is for."""
    approver: Account
    """Person who decides."""
    item: str
    """Account, site or domain it is about."""
    scope: str
    cause: Cause
    opened: tuple[str, str]
    """Acts: of the request, and of the line that decides."""
    said: Mapping[str, str]
    """Slots of the texts beside those of the owner."""
    word: str
    """`approved`, `rejected` or `withdrawn`."""


class Decided(Frozen):
    """The lines of a request, by event id."""

    number: str
    passed_on: str
    """The desk's line that asks the approver."""
    answer: str
    """The approver's own line."""
    opened_ms: int


def decided(draft: Draft, timing: Timing, analyst: Account, request: Request) -> Decided:
    """The desk writes down a request and asks somebody; the answer comes late in hard cases."""
    opened_ms = draft.before(185, 420, f"asked {request.purpose}")
    answered_ms = draft.before(100, 150, f"answered {request.purpose}")
    said = slots(draft, request.owner) | dict(request.said)
    text = draft.text(request.opened[0], request.purpose, **said)
    line = TicketWritten(
        id=draft.next_id(),
        at_ms=opened_ms,
        cause=request.cause,
        number=draft.number("RITM", 7, opened_ms),
        record_type="request",
        state="New",
        opened_by=analyst.id,
        requested_for=request.owner.id,
        group="Service Desk",
        item=request.item,
        scope=request.scope,
        contact="phone",
        summary=text.subject,
        description=text.body,
    )
    draft.put(line)
    asking = replace(
        line,
        id=draft.next_id(),
        at_ms=opened_ms + draft.dice(f"passed on {request.purpose}").between(3, 14) * MINUTE_MS + 17,
        record_type="approval",
        state="Requested",
        contact="",
        summary="",
        description="",
        approver=request.approver.id,
        approval="requested",
    )
    answer = replace(
        asking,
        id=draft.next_id(),
        at_ms=answered_ms,
        state=request.word.title(),
        opened_by=request.approver.id,
        approval=request.word,
        comment=draft.text(request.opened[1], f"answer {request.purpose}", **said).body,
        address=office_address(draft).ip,
        session=draft.guid(f"answered {request.purpose}"),
    )
    return Decided(
        number=line.number,
        passed_on=draft.put(asking),
        answer=draft.put(draft.late(answer, timing.arrival)),
        opened_ms=opened_ms,
    )


def decided_leg(own: Decided, other: Decided) -> LegRows:
    """One of two requests was released and the other refused, by people who had asked."""
    swap = Swap(
        table="tickets",
        fields=("state", "approval", "comment"),
        deciding=(own.answer,),
        context=(other.answer,),
    )
    cells = ("ConfigurationItem", "Approval")
    return LegRows(swap=swap, settles=(RowRef(event=own.answer, table="tickets", cells=cells),))


def unproven(draft: Draft, subject: Account, analyst: Account, request: Decided) -> None:
    """What the desk heard itself settles nothing: nobody on the number on file, a yes in the chat."""
    rang_ms = request.opened_ms + draft.dice("rang").between(4 * MINUTE_MS, 21 * MINUTE_MS)
    wrote_ms = rang_ms + draft.dice("wrote").between(4 * MINUTE_MS, 21 * MINUTE_MS)
    rang = Checked(
        id=draft.next_id(),
        at_ms=rang_ms,
        cause="record",
        number=draft.number("IDV", 7, rang_ms),
        about=request.number,
        subject=subject.id,
        method="call_back",
        number_source="personnel_system",
        performed_by=analyst.id,
        answer="unreachable",
        note=initials(analyst),
    )
    draft.put(rang)
    wrote = replace(
        rang,
        id=draft.next_id(),
        at_ms=wrote_ms,
        number=draft.number("IDV", 7, wrote_ms),
        method="chat",
        number_source="caller",
        answer="confirmed",
    )
    draft.put(wrote)


def managed_by(draft: Draft, person: Account, *others: Account) -> Account:
    """Who decides for a person: the line manager, or an executive; none of the others."""
    people = draft.scene.organisation.accounts
    taken = {person.id, *(other.id for other in others)}
    found = next((a for a in people if a.id == person.manager and a.id not in taken), None)
    if found is not None:
        return found
    return draft.dice(f"manager|{person.id}").pick(
        [a for a in people if a.role in ("executive", "administrator") and a.id not in taken]
    )

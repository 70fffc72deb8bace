"""Who else allowed what a case is about: a call-back, an approval, or a later line of the record itself.

A group uses one of the three. The other two stand there as well, about other records or without an answer,
so that only the record's own number tells which word counts.
"""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from opensec_inspect.incident.cases.draft import DAY_MS, MINUTE_MS, Draft, Swap
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import AnyEvent, Checked, Registered, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef
from opensec_inspect.incident.families.parts.common import LegRows, initials

Record = TicketWritten | Registered
Form = Literal["call", "approval", "later_line"]
"""What decides: the desk's call-back, the approver's word, or what the desk made of the record."""
FORMS: tuple[Form, ...] = get_args(Form)
REFUSALS = ("rejected", "withdrawn")


def form_of(draft: Draft) -> Form:
    """The form that a draft's group uses."""
    return draft.dice("authority").pick(FORMS)


def first_status(draft: Draft) -> str:
    """Status with which an entry of a register begins: one that a later line decides is only requested."""
    return "requested" if form_of(draft) == "later_line" else "active"


def approvers(draft: Draft, *apart_from: Account) -> tuple[Account, ...]:
    """Two people who may approve, none of those named."""
    barred = {account.id for account in apart_from}
    roles = ("executive", "administrator", "security", "finance")
    able = [
        a for a in draft.scene.organisation.accounts if a.role in roles and a.title and a.id not in barred
    ]
    return tuple(draft.dice("approvers").shuffled(able)[:2])


class Authority:
    """Writes what others say about the records of a case."""

    def __init__(
        self, draft: Draft, timing: Timing, *, analyst: Account, approvers: Sequence[Account], acted_ms: int
    ) -> None:
        self._draft, self._timing = draft, timing
        self._analyst, self._approvers, self._acted_ms = analyst, approvers, acted_ms
        self._form = form_of(draft)

    def leg(
        self,
        covering: Record,
        others: Sequence[Record],
        *,
        table: str,
        cell: str,
        always_approved: bool = False,
    ) -> LegRows:
        """The covering record is allowed, one of the others is refused; a break exchanges the two words.

        The records stand in `table`, where `cell` says what a record allows. With `always_approved` every
        record has an approval, whatever decides.
        """
        odd = self._draft.dice("authority|odd").pick(others)
        deciding, context = self._decisive(covering, allowed=True), self._decisive(odd, allowed=False)
        for number, record in enumerate(others):
            self._beside(record, f"other {number}", always_approved=always_approved)
        if always_approved and self._form != "approval":
            self._draft.put(self._approval(covering, "approved", "covering approved"))
        if self._form != "call":
            self._unanswered(covering)
        swapped, cells = self._columns(covering)
        where = self._table(covering)
        return LegRows(
            swap=Swap(table=where, fields=swapped, deciding=(deciding,), context=(context,)),
            settles=(
                RowRef(event=deciding, table=where, cells=cells),
                RowRef(event=covering.id, table=table, cells=("Number", cell)),
            ),
        )

    def _decisive(self, record: Record, *, allowed: bool) -> str:
        """The word that decides about a record; its event id."""
        purpose = "covering" if allowed else "odd"
        if self._form == "call":
            if self._draft.dice(f"{purpose}|first try").chance(0.5):
                self._unanswered(record)
            event: AnyEvent = self._call(record, "confirmed" if allowed else "denied", purpose)
        elif self._form == "approval":
            self._draft.put(self._approval(record, "requested", purpose))
            refusal = self._draft.dice("refusal").pick(REFUSALS)
            event = self._approval(record, "approved" if allowed else refusal, purpose)
        else:
            event = self._later_line(record, allowed=allowed, purpose=purpose)
        return self._draft.put(self._draft.late(event, self._timing.arrival))

    def _beside(self, record: Record, purpose: str, *, always_approved: bool) -> None:
        """What others say about a record that does not cover the case, in the forms that do not decide."""
        dice, draft = self._draft.dice(f"beside|{purpose}"), self._draft
        if self._form != "call" and dice.chance(0.8):
            draft.put(self._call(record, dice.pick(("confirmed", "denied", "denied")), purpose))
        if self._form != "approval" and (always_approved or dice.chance(0.5)):
            verdict = dice.pick(("approved", *REFUSALS)) if dice.chance(0.7) else "approved"
            draft.put(self._approval(record, "requested", purpose))
            draft.put(self._approval(record, verdict, purpose))
        if self._form != "later_line" and dice.chance(0.5):
            draft.put(self._later_line(record, allowed=dice.chance(0.5), purpose=purpose))

    def _unanswered(self, record: Record) -> None:
        """One or two tries of the desk that settle nothing."""
        dice = self._draft.dice(f"unanswered|{record.number}")
        for number in range(dice.between(1, 2)):
            answer = dice.pick(("unreachable", "unreachable", "declined"))
            self._draft.put(self._call(record, answer, f"unanswered {number} {record.number}"))

    def _call(self, record: Record, answer: str, purpose: str) -> Checked:
        since = max(record.at_ms, self._draft.opened_ms - 300 * MINUTE_MS)
        at_ms = self._between(since, self._draft.opened_ms - 5 * MINUTE_MS, f"call|{purpose}")
        answers: dict[str, Literal["confirmed", "denied", "unreachable", "declined"]] = {
            "confirmed": "confirmed",
            "denied": "denied",
            "unreachable": "unreachable",
            "declined": "declined",
        }
        return Checked(
            id=self._draft.next_id(),
            at_ms=at_ms,
            cause="record",
            number=self._draft.number("IDV", 7, at_ms),
            about=record.number,
            subject=_subject(record),
            method="call_back",
            number_source="personnel_system",
            performed_by=self._analyst.id,
            answer=answers[answer],
            note=initials(self._analyst),
        )

    def _approval(self, record: Record, verdict: str, purpose: str) -> TicketWritten:
        """A line of the approval of a record; an entry of a register is approved under its own number."""
        approver = next(a for a in self._approvers if a.id != _subject(record))
        middle = (record.at_ms + self._acted_ms) // 2
        asked = verdict == "requested"
        since, until = (record.at_ms, middle) if asked else (middle, self._acted_ms)
        return self._line(
            record,
            self._between(since, until, f"approval|{purpose}|{asked}"),
            record_type="approval",
            state=verdict.title(),
            opened_by=self._analyst.id if asked else approver.id,
            approver=approver.id,
            approval=verdict,
        )

    def _later_line(self, record: Record, *, allowed: bool, purpose: str) -> Record:
        """What became of a record: an entry is active or withdrawn, a ticket closed or cancelled."""
        at_ms = self._between(record.at_ms, self._acted_ms, f"line|{purpose}")
        if isinstance(record, Registered):
            return Registered(
                id=self._draft.next_id(),
                at_ms=at_ms,
                cause="record",
                register=record.register,
                number=record.number,
                party=record.party,
                object="",
                entered_by=record.entered_by,
                status="active" if allowed else "withdrawn",
            )
        done = "Scheduled" if record.record_type == "change_request" else "Closed"
        return self._line(
            record,
            at_ms,
            record_type=record.record_type,
            state=done if allowed else "Cancelled",
            opened_by=self._analyst.id,
            work_note=initials(self._analyst),
        )

    def _line(self, record: Record, at_ms: int, **fields: Any) -> TicketWritten:
        """A line under a record's number. It says nothing of what the record allows: that takes a join."""
        return TicketWritten(
            id=self._draft.next_id(),
            at_ms=at_ms,
            cause="record",
            number=record.number,
            group=record.group if isinstance(record, TicketWritten) else record.register.capitalize(),
            **fields,
        )

    def _table(self, record: Record) -> str:
        if self._form == "call":
            return "identity_checks"
        in_register = self._form == "later_line" and isinstance(record, Registered)
        return "registers" if in_register else "tickets"

    def _columns(self, record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Fields of the events that a break exchanges, and the cells that show the word."""
        if self._form == "call":
            return ("answer",), ("About", "Answer")
        if self._form == "approval":
            return ("state", "approval"), ("Number", "Approval")
        if isinstance(record, Registered):
            return ("status",), ("Number", "Status")
        return ("state",), ("Number", "State")

    def _between(self, after_ms: int, before_ms: int, purpose: str) -> int:
        """A moment between two; in office hours where more than three days lie between them."""
        draft, span = self._draft, before_ms - after_ms
        assert span > 0, f"{purpose}: the record is not older than the act"
        if span > 3 * DAY_MS:
            low = (draft.opened_ms - before_ms) / DAY_MS + 0.5
            at_ms = draft.on_workday(low, (draft.opened_ms - after_ms) / DAY_MS - 0.5, f"authority|{purpose}")
            return max(at_ms, after_ms + draft.dice(purpose).between(9, 55) * MINUTE_MS)
        return after_ms + draft.dice(f"authority|{purpose}").between(span // 10, max(span // 10 + 1, span))


def _subject(record: Record) -> str:
    """Id of the account that the record is for."""
    return record.party if isinstance(record, Registered) else record.requested_for

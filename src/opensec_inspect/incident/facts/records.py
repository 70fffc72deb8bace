"""What people write down: tickets, approvals, checks, register entries."""

from dataclasses import dataclass
from typing import Literal

from opensec_inspect.incident.facts.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWritten(Event):
    """A line of a ticket was written: opened, updated, approved."""

    kind: Literal["ticket_written"] = "ticket_written"
    number: str
    """For example `CHG0041187`, `INC0098214`, `RITM0012044`."""
    record_type: Literal["change_request", "incident", "interaction", "request", "approval", "task"]
    state: str
    change_type: str = ""
    """`standard`, `normal`, `emergency`; empty for other records."""
    opened_by: str
    """Account id of whoever wrote this line, or an address outside for mail and web form."""
    requested_for: str = ""
    """Account id."""
    assigned_to: str = ""
    """Account id."""
    group: str = ""
    """Assignment group, for example `Service Desk`."""
    item: str = ""
    """Configuration item: a device id, a domain, an application, as entered."""
    scope: str = ""
    starts: str = ""
    """UTC time, `YYYY-MM-DDTHH:MM:SSZ`; empty for none."""
    ends: str = ""
    contact: str = ""
    """`phone`, `email`, `chat`, `self-service`, `web-form`, `walk-in`; empty for changes."""
    summary: str = ""
    description: str = ""
    comment: str = ""
    work_note: str = ""
    """Written by the desk."""
    approver: str = ""
    """Account id."""
    approval: str = ""
    """`requested`, `approved`, `rejected`, `withdrawn`; empty for none."""
    address: str = ""
    """Address the line was written from."""
    session: str = ""
    """Cloud session it was written in; empty for the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Event):
    """The desk tried to verify something with somebody."""

    kind: Literal["checked"] = "checked"
    number: str
    """For example `IDV0003312`."""
    about: str
    """Number of the ticket, booking or entry it is about."""
    subject: str
    """Account id of whoever was asked."""
    method: Literal["call_back", "video", "manager", "chat", "email"]
    number_source: Literal["personnel_system", "ticket", "caller"]
    performed_by: str
    """Account id of the desk analyst."""
    answer: Literal["confirmed", "denied", "unreachable", "declined"]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Event):
    """An entry in one of the organisation's registers."""

    kind: Literal["registered"] = "registered"
    register: str
    """For example `travel`, `devices held`, `mail forwarding`, `phishing campaigns` or `backup schedule`."""
    number: str
    """For example `TRV00412`."""
    party: str
    """Account or device id it allows something to."""
    object: str
    """What it allows: a device id, a domain, a country, an application; as entered."""
    scope: str = ""
    valid_from: str = ""
    """Date or UTC time; empty for no bound."""
    valid_until: str = ""
    entered_by: str = ""
    """Account id."""
    status: str = "active"
    note: str = ""

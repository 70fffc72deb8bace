"""Legs and colleagues that several families share."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account
from opensec_inspect.incident.facts.events import (
    Checked,
    CloudOperated,
    Registered,
    SignedIn,
    TicketWritten,
)
from opensec_inspect.incident.families.parts.common import (
    COUNTRIES,
    EXCHANGE,
    calendar_day,
    initials,
    slots,
    user_agent,
)

WORK = (
    ("MailItemsAccessed", "Exchange"),
    ("MailItemsAccessed", "Exchange"),
    ("Send", "Exchange"),
    ("MoveToDeletedItems", "Exchange"),
    ("FileAccessed", "SharePoint"),
    ("FilePreviewed", "SharePoint"),
    ("", ""),
)
"""Operation and workload of what people do in a session; the last stands for a renewed token."""


def colleague_abroad(
    draft: Draft, who: Account, travel_desk: Account, analyst: Account, country: str
) -> None:
    """A colleague with the same alert, whose booking and device are on record."""
    address = _abroad(draft, country)
    device = draft.guid("colleague's device")
    _session(draft, who, address, device, draft.before(100, 260, "colleague's sign-in"), risk="medium")
    at_ms = draft.on_workday(5, 18, "colleague's booking")
    booking = Registered(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="decoy",
        register="travel",
        number=draft.number("TRV", 6, at_ms),
        party=who.id,
        object=COUNTRIES.get(country, country),
        scope="site visit",
        note=draft.text(
            "note_travel",
            "colleague's trip",
            **(slots(draft, who) | {"city": _city(draft, country), "day": calendar_day(draft, 2)}),
        ).body,
        valid_from=draft.day(0),
        valid_until=draft.day(2),
        entered_by=travel_desk.id,
    )
    draft.put(booking)
    _device_entry(draft, who, device, analyst)
    _calls(draft, who, booking.number, analyst)


def colleague_with_new_phone(draft: Draft, who: Account, analyst: Account) -> None:
    """A colleague who denied prompts too, before the desk registered the new phone."""
    device = draft.guid("colleague's device")
    homes = [a for a in draft.scene.organisation.addresses if a.kind == "home"]
    address = draft.dice("colleague's home").pick(homes).ip
    at_ms = draft.before(110, 240, "colleague's approval")
    for number in range(3):
        denied = SignedIn(
            id=draft.next_id(),
            at_ms=at_ms - draft.dice(f"colleague's denial {number}").between(40_000, 400_000),
            cause="decoy",
            outcome="denied",
            account=who.id,
            app=EXCHANGE,
            address=address,
            session=draft.guid(f"colleague's denial {number}"),
            user_agent=user_agent(draft, "colleague"),
            result=500121,
            mfa="push, number matching",
        )
        draft.put(denied)
    session = _session(draft, who, address, device, at_ms, risk="none")
    ticket = _new_phone_ticket(draft, who, analyst, at_ms)
    factor = draft.number("AUTH-", 6, at_ms)
    entered_ms = at_ms + draft.dice("colleague's factor entry").between(1, 15) * MINUTE_MS
    draft.put(
        CloudOperated(
            id=draft.next_id(),
            at_ms=at_ms + draft.dice("colleague's factor").between(2, 11) * MINUTE_MS,
            cause="decoy",
            account=who.id,
            operation="User registered security info",
            workload="AzureActiveDirectory",
            address=address,
            session=session,
            app="My Sign-Ins",
            object=factor,
            label="phone",
            user_agent=user_agent(draft, "colleague"),
        )
    )
    draft.put(
        Registered(
            id=draft.next_id(),
            at_ms=entered_ms,
            cause="decoy",
            register="authenticators",
            number=draft.number("REG", 6, entered_ms),
            party=who.id,
            object=factor,
            scope="replacement, one factor only",
            entered_by=analyst.id,
        )
    )
    _device_entry(draft, who, device, analyst)
    _calls(draft, who, ticket.number, analyst)


def _new_phone_ticket(draft: Draft, who: Account, analyst: Account, at_ms: int) -> TicketWritten:
    """The colleague's ticket at the desk, before the prompts of `at_ms`."""
    text = draft.text("ticket_new_device", "colleague's ticket", **slots(draft, who))
    asked_ms = at_ms - draft.dice("colleague's ticket").between(20, 90) * MINUTE_MS
    ticket = TicketWritten(
        id=draft.next_id(),
        at_ms=asked_ms,
        cause="decoy",
        number=draft.number("IMS", 7, asked_ms),
        record_type="interaction",
        state="Resolved",
        opened_by=analyst.id,
        requested_for=who.id,
        assigned_to=analyst.id,
        group="Service Desk",
        scope="factor registration",
        contact="phone",
        summary=text.subject,
        description=text.body,
    )
    draft.put(ticket)
    return ticket


def at_work(draft: Draft, timing: Timing, who: Account, session: str, address: str, agent: str) -> None:
    """An ordinary hour or two in one session, before the opening and in most steps after it."""
    times = [draft.before(20, 34, "read a"), draft.before(3, 12, "read b")]
    for step in range(timing.max_steps):
        for number in range(draft.dice(f"acts in {step}").below(4)):
            times.append(draft.window(step, 0.05, 0.95, f"act {step}.{number}"))
    for number, at_ms in enumerate(times):
        dice = draft.dice(f"act {number}")
        operation, workload = dice.pick(WORK) if number > 1 else WORK[0]
        if not operation:
            token = SignedIn(
                id=draft.next_id(),
                at_ms=at_ms,
                cause="case",
                account=who.id,
                app=dice.pick((EXCHANGE, "Microsoft Teams", "OfficeHome")),
                address=address,
                session=session,
                user_agent=agent,
                interactive=False,
                mfa="previously satisfied",
            )
            draft.put(token)
            continue
        many = operation == "MailItemsAccessed"
        act = CloudOperated(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="case",
            account=who.id,
            operation=operation,
            workload=workload,
            address=address,
            session=session,
            app=EXCHANGE if workload == "Exchange" else "Office 365 SharePoint Online",
            object=f"mailbox:{who.upn}" if workload == "Exchange" else _file_of(draft, dice),
            items=dice.between(4, 41) if many else 1,
            user_agent=agent,
        )
        draft.put(act)


def _file_of(draft: Draft, dice: Dice) -> str:
    sites = [a.path for a in draft.scene.organisation.assets if a.path.startswith("https:")]
    return f"{dice.pick(sites)}/Shared Documents"


def _city(draft: Draft, country: str) -> str:
    return next(a.city for a in draft.scene.organisation.addresses if a.country == country)


def _abroad(draft: Draft, country: str) -> str:
    kinds = ("mobile", "hotel")
    places = [a for a in draft.scene.organisation.addresses if a.kind in kinds and a.country == country]
    return draft.dice("colleague's address").pick(places).ip


def _session(draft: Draft, who: Account, address: str, device: str, at_ms: int, *, risk: str) -> str:
    session = draft.guid("colleague's session")
    for number in range(3):
        jitter = draft.dice(f"colleague {number}").between(0, 20 * MINUTE_MS)
        draft.put(
            SignedIn(
                id=draft.next_id(),
                at_ms=at_ms + (number and number * 18 * MINUTE_MS + jitter),
                cause="decoy",
                account=who.id,
                app=EXCHANGE if number < 2 else "Microsoft Teams",
                address=address,
                foreign_device=device if number else "",
                session=session,
                user_agent=user_agent(draft, "colleague"),
                interactive=number == 0,
                mfa="previously satisfied" if number else "push, number matching",
                risk="none" if number else risk,
            )
        )
    return session


def _device_entry(draft: Draft, who: Account, device: str, analyst: Account) -> None:
    at_ms = draft.on_workday(9, 60, "colleague's device entry")
    draft.put(
        Registered(
            id=draft.next_id(),
            at_ms=at_ms,
            cause="decoy",
            register="devices held",
            number=draft.number("DEV", 6, at_ms),
            party=who.id,
            object=device,
            scope="own device, enrolled for mail",
            entered_by=analyst.id,
        )
    )


def _calls(draft: Draft, who: Account, about: str, analyst: Account) -> None:
    for number, answer in enumerate(("unreachable", "confirmed")):
        at_ms = draft.before(60 - 40 * number, 90 - 50 * number, f"colleague's call {number}")
        draft.put(
            Checked(
                id=draft.next_id(),
                at_ms=at_ms,
                cause="decoy",
                number=draft.number("IDV", 7, at_ms),
                about=about,
                subject=who.id,
                method="call_back",
                number_source="personnel_system",
                performed_by=analyst.id,
                answer="confirmed" if answer == "confirmed" else "unreachable",
                note=_note(draft, analyst, f"colleague {number}"),
            )
        )


def _note(draft: Draft, analyst: Account, purpose: str) -> str:
    """A note that says who called; what was said stands in the answer alone."""
    signed = initials(analyst)
    return draft.dice(f"note|{purpose}").pick(
        (signed, f"number on file. {signed}", f"{signed}, rang back", "")
    )

"""How a session or a program may have got there, innocent by itself; and orders that others give."""

from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft
from opensec_inspect.incident.cases.group import Timing
from opensec_inspect.incident.facts.entities import Account, DataAsset, Device, OutsideName
from opensec_inspect.incident.facts.events import Mailed, SignedIn, Started, TicketWritten
from opensec_inspect.incident.facts.scenario import RowRef
from opensec_inspect.incident.families.parts.common import (
    browser,
    calendar_day,
    local_evening,
    office_address,
    slots,
)

WORKBOOKS = ("Transfer", "Index", "Inventory", "Order", "Overview")


def mistyped_password(draft: Draft, person: Account, device: Device, session: str, app: str) -> RowRef:
    """A mistyped password in the morning, and the sign-in of the day's session after it; the mistyped one."""
    first_ms = draft.before(110, 200, "sign-in")
    mistyped = SignedIn(
        id=draft.next_id(),
        at_ms=first_ms,
        cause="case",
        outcome="bad_password",
        account=person.id,
        app=app,
        address=office_address(draft).ip,
        session=draft.guid("mistyped"),
        user_agent=browser(draft, person),
        result=50126,
    )
    signed_in = SignedIn(
        id=draft.next_id(),
        at_ms=first_ms + draft.dice("typed again").between(14_000, 90_000),
        cause="case",
        account=person.id,
        app=app,
        address=office_address(draft).ip,
        device=device.id,
        session=session,
        user_agent=browser(draft, person),
        mfa="push, number matching",
    )
    draft.put(signed_in)
    return RowRef(event=draft.put(mistyped), table="auth_logs", cells=("UserPrincipalName", "ResultType"))


def opened_workbook(
    draft: Draft, person: Account, device: Device, sender: OutsideName
) -> tuple[RowRef, RowRef]:
    """A workbook by mail, and its opening on the person's machine."""
    said = slots(draft, person, sender)
    name = f"{draft.dice('workbook').pick(WORKBOOKS)}_{said['number'][-4:]}.xlsx"
    text = draft.text("quote_sent", "workbook", **(said | {"file": name}))
    opened_ms = draft.before(50, 105, "opened workbook")
    mail = Mailed(
        id=draft.next_id(),
        at_ms=opened_ms - draft.dice("workbook sent").between(20 * MINUTE_MS, 900 * MINUTE_MS),
        cause="case",
        sender=f"office@{sender.domain}",
        sender_name=said["sender_company"],
        recipient=person.id,
        subject=text.subject,
        body=text.body,
        attachments=(name,),
        sender_ip=sender.addresses[0],
    )
    excel = next(b for b in draft.scene.organisation.binaries if b.key == "excel")
    cache = f"C:\\Users\\{person.sam}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook"
    path = f"{cache}\\{draft.dice('cache').hex(8).upper()}\\{name}"
    started = Started(
        id=draft.next_id(),
        at_ms=opened_ms,
        cause="case",
        device=device.id,
        account=person.id,
        binary="excel",
        command_line=f'"{excel.folder}\\{excel.file_name}" "{path}"',
        parent="outlook",
    )
    in_mail, on_machine = ("RecipientEmailAddress", "AttachmentNames"), ("DeviceName", "FileName")
    return (
        RowRef(event=draft.put(mail), table="email_logs", cells=in_mail),
        RowRef(event=draft.put(started), table="process_events", cells=on_machine),
    )


def ordered(
    draft: Draft,
    timing: Timing,
    purpose: str,
    by: Account,
    owner: Account,
    custodian: Account,
    site: DataAsset,
) -> tuple[str, str]:
    """An order to copy a site, and the owner's release of one site and no other; their event ids."""
    own = purpose == "order"
    at_ms = draft.before(170, 420, purpose)
    last_day = draft.dice(f"{purpose}|days").between(2, 6)
    said = slots(draft, custodian) | {
        "colleague": custodian.display_name,
        "day": calendar_day(draft, last_day),
    }
    text = draft.text("ticket_site_copy", purpose, **said)
    order = TicketWritten(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="record" if own else "mismatched_party",
        number=draft.number("RITM", 7, at_ms),
        record_type="request",
        state="New",
        opened_by=by.id,
        requested_for=custodian.id,
        group="Service Desk",
        starts=f"{draft.day(-1)}T06:00:00Z",
        ends=local_evening(draft, last_day),
        contact="self-service",
        summary=text.subject,
        description=text.body,
        address=office_address(draft).ip,
        session=draft.guid(f"session {purpose}"),
    )
    draft.put(order)
    release = TicketWritten(
        id=draft.next_id(),
        at_ms=draft.before(80, 160, f"release {purpose}"),
        cause=order.cause,
        number=order.number,
        record_type="approval",
        state="Approved",
        opened_by=owner.id,
        group="Service Desk",
        scope=f"{site.path}, no other site",
        approver=owner.id,
        approval="approved",
        address=office_address(draft).ip,
        session=draft.guid(f"release {purpose}"),
    )
    return order.id, draft.put(draft.late(release, timing.arrival))

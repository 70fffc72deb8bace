"""What people write down: ticket entries, the desk's checks, register entries."""

from opensec_inspect.incident.facts.records import Checked, Registered, TicketWritten
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.derived import digest, make_row
from opensec_inspect.incident.sensors.identifiers import person, upn, written
from opensec_inspect.incident.sensors.rows import Lowered, Row
from opensec_inspect.incident.sensors.schema.columns import Source
from opensec_inspect.incident.sensors.schema.record_tables import TICKETS

ANYBODY = frozenset({"email", "web-form"})
"""Ways to write into a ticket that anybody has, under any name."""
_BY_ANYBODY: Lowered = (
    ("WrittenBy", "M"),
    *((column.name, "M") for column in TICKETS.columns if column.writer == "U"),
)
_CHANGES = frozenset({"change_request", "approval"})


def ticket_written(event: TicketWritten, scene: Scene) -> Row:
    """One entry of a ticket; what came by mail or web form is anybody's word."""
    account = event.opened_by if event.opened_by in scene.accounts else None
    anybody = event.contact in ANYBODY or account is None
    cells = (
        event.number,
        event.record_type,
        event.state,
        event.change_type,
        upn(event.opened_by, scene),
        event.address,
        event.session,
        event.contact,
        person(event.requested_for, scene),
        person(event.assigned_to, scene),
        event.group,
        written(event.item, scene),
        event.scope,
        event.starts,
        event.ends,
        event.summary,
        event.description,
        event.comment,
        event.work_note,
        upn(event.approver, scene),
        event.approval,
    )
    return make_row(
        event,
        "tickets",
        cells,
        _source(event),
        stream=digest(scene, event.id, "tickets"),
        writer=None if anybody else account,
        lowered=_BY_ANYBODY if anybody else (),
    )


def checked(event: Checked, scene: Scene) -> Row:
    """One attempt of the desk to verify something with somebody."""
    cells = (
        event.number,
        event.about,
        upn(event.subject, scene),
        event.method,
        event.number_source,
        upn(event.performed_by, scene),
        event.answer,
        event.note,
    )
    stream = digest(scene, event.id, "identity_checks")
    return make_row(event, "identity_checks", cells, "identity-desk", stream=stream)


def registered(event: Registered, scene: Scene) -> Row:
    """One entry of a register."""
    cells = (
        event.register,
        event.number,
        written(event.party, scene),
        written(event.object, scene),
        event.scope,
        event.valid_from,
        event.valid_until,
        upn(event.entered_by, scene),
        event.status,
        event.note,
    )
    writer = event.entered_by if event.entered_by in scene.accounts else None
    stream = digest(scene, event.id, "registers")
    return make_row(event, "registers", cells, "registers", stream=stream, writer=writer)


def _source(event: TicketWritten) -> Source:
    if event.contact == "web-form":
        return "web-form"
    if event.contact == "email":
        return "inbound-mail"
    return "change-management" if event.record_type in _CHANGES else "service-desk"

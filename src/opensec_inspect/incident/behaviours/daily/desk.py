"""The service desk's day: incidents, requests, calls, checks, and mails and forms from anybody."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.records import analyst_at, caller_of, initials, line, number
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, occasions
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.daily.verified import about_a_booking, delegation, password_reset

SELF_SERVICE = (
    "ticket_app_error",
    "ticket_suspicious_mail",
    "ticket_access",
    "ticket_new_device",
    "ticket_isolate",
    "ticket_block",
    "ticket_reset",
)
BY_TELEPHONE = ("ticket_locked_out", "ticket_app_error", "ticket_new_device", "ticket_locked_out")
BY_MAIL = (
    "phish_report",
    "release_request",
    "allow_sender",
    "block_sender",
    "locked_out",
    "reset_colleague",
    "isolate_machine",
    "reimage_request",
    "access_request",
    "odd_prompt",
)
BY_FORM = ("web_support", "web_block")


def run(setting: Setting) -> None:
    """All tickets of the day that stand in no connection with anything else."""
    for dice in occasions(setting, "self-service ticket", 4, 13):
        _self_service(setting, dice)
    for dice in occasions(setting, "telephone call", 4, 12):
        _telephone_call(setting, dice)
    for dice in occasions(setting, "mail to the desk", 3, 8):
        _by_mail(setting, dice)
    for dice in occasions(setting, "web form", 1.5, 5):
        _by_form(setting, dice)
    for dice in occasions(setting, "reset over the telephone", 2, 6):
        password_reset(setting, dice)
    for dice in occasions(setting, "delegation", 1.4, 4):
        delegation(setting, dice)
    for dice in occasions(setting, "forwarding asked for", 1, 2):
        delegation(setting, dice, outside=True)
    for dice in occasions(setting, "namesake booking", 1, 2):
        about_a_booking(setting, dice)


def _self_service(setting: Setting, dice: Dice) -> None:
    found = caller_of(setting, dice)
    if found is None:
        return
    person, minute, analyst = found
    summary, description = said(setting, dice.pick(SELF_SERVICE), dice, host=_hostname(setting, person))
    ticket = number(setting, "INC", minute)
    common = {"requested_for": person.id, "summary": summary, "group": "Service Desk"}
    line(
        setting,
        person,
        minute,
        dice,
        ticket,
        "incident",
        "New",
        contact="self-service",
        description=description,
        **common,
    )
    _worked_on(setting, dice, minute, ticket, "incident", analyst, person)


def _worked_on(
    setting: Setting, dice: Dice, minute: float, ticket: str, kind: str, analyst: Person, person: Person
) -> None:
    """The desk takes a ticket, perhaps the caller comments, and mostly it is closed the same day."""
    end = analyst.where.ends
    common = {"requested_for": person.id, "assigned_to": analyst.id, "group": "Service Desk"}
    minute += dice.between(4, 55)
    if minute < end:
        note = _note(setting, dice, "work_note_assigned", minute, analyst, ticket)
        line(setting, analyst, minute, dice, ticket, kind, "In Progress", work_note=note, **common)
    if dice.chance(0.4) and minute + 30 < person.where.ends:
        act = dice.pick(("comment_chase", "comment_answer", "comment_works", "comment_contain"))
        comment = said(setting, act, dice, number=ticket, host=_hostname(setting, person))[1]
        line(
            setting,
            person,
            minute + dice.between(6, 28),
            dice,
            ticket,
            kind,
            "In Progress",
            comment=comment,
            **common,
        )
    minute += dice.between(20, 170)
    if minute < end and dice.chance(0.8):
        note = _note(
            setting, dice, dice.pick(("work_note_done", "work_note_closed")), minute, analyst, ticket
        )
        line(
            setting,
            analyst,
            minute,
            dice,
            ticket,
            kind,
            dice.pick(("Resolved", "Closed")),
            work_note=note,
            **common,
        )


def _note(setting: Setting, dice: Dice, act: str, minute: float, analyst: Person, ticket: str) -> str:
    time = setting.clock(setting.midnight + int(minute) * 60_000)
    return said(setting, act, dice, time=time, initials=initials(analyst), number=ticket)[1]


def _hostname(setting: Setting, person: Person) -> str:
    return setting.scene.devices[str(person.device)].hostname


def _telephone_call(setting: Setting, dice: Dice) -> None:
    found = caller_of(setting, dice)
    if found is None:
        return
    person, minute, analyst = found
    summary, description = said(setting, dice.pick(BY_TELEPHONE), dice, host=_hostname(setting, person))
    ticket = number(setting, "IMS", minute)
    common = {
        "requested_for": person.id,
        "assigned_to": analyst.id,
        "group": "Service Desk",
        "contact": dice.pick(("phone", "phone", "walk-in", "chat")),
    }
    device = str(person.device) if dice.chance(0.5) else ""
    line(
        setting,
        analyst,
        minute,
        dice,
        ticket,
        "interaction",
        "New",
        summary=summary,
        description=description,
        item=device,
        **common,
    )
    if minute + 30 < analyst.where.ends:
        minute += dice.between(9, 29)
        note = _note(setting, dice, "work_note_done", minute, analyst, ticket)
        line(setting, analyst, minute, dice, ticket, "interaction", "Closed", work_note=note, **common)


def _by_mail(setting: Setting, dice: Dice) -> None:
    found = caller_of(setting, dice)
    if found is None:
        return
    person, minute, analyst = found
    summary, body = said(
        setting, dice.pick(BY_MAIL), dice, sender=person.account.display_name, host=_hostname(setting, person)
    )
    ticket = number(setting, "INC", minute)
    line(
        setting,
        person.id,
        minute,
        dice,
        ticket,
        "incident",
        "New",
        contact="email",
        requested_for=person.id,
        summary=summary,
        description=body,
    )
    _worked_on(setting, dice, minute, ticket, "incident", analyst, person)


def _by_form(setting: Setting, dice: Dice) -> None:
    contact = dice.pick(affairs(setting.key, setting.noise).contacts)
    minute = 425 + dice.below(620)
    facts = {"sender": contact.name, "sender_company": contact.company, "domain": contact.domain}
    summary, body = said(setting, dice.pick(BY_FORM), dice, **facts)
    ticket = number(setting, "RITM", minute)
    hosting = dice.pick(
        [a.ip for a in setting.organisation.addresses if a.kind in {"mobile", "hosting", "home"}]
    )
    line(
        setting,
        contact.address,
        minute,
        dice,
        ticket,
        "request",
        "New",
        contact="web-form",
        summary=summary or "Contact form",
        description=body,
        address=hosting,
    )
    analyst = analyst_at(setting, minute + 20)
    if analyst is not None:
        note = _note(setting, dice, "work_note_assigned", minute + 20, analyst, ticket)
        line(
            setting,
            analyst,
            minute + 20,
            dice,
            ticket,
            "request",
            dice.pick(("Open", "Closed Incomplete", "Closed")),
            work_note=note,
            group="Service Desk",
        )

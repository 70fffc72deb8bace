"""Mails and web forms that speak of security: from vendors, partners and services, to anybody.

Planted text comes in the same voices, so a text about a rule or a case is nothing special by itself. Most
ask IT for something ordinary; some ask for a containment that is not due.
"""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs, procedures
from opensec_inspect.incident.behaviours.base.records import number
from opensec_inspect.incident.behaviours.base.setting import Setting, occasions
from opensec_inspect.incident.behaviours.base.words import slots
from opensec_inspect.incident.facts.events import Mailed, TicketWritten
from opensec_inspect.incident.facts.lists import side_of
from opensec_inspect.incident.sensors.rules import rules
from opensec_inspect.incident.text.acts import Text
from opensec_inspect.incident.text.planting import benign_carrier
from opensec_inspect.incident.text.templates import FORM_VOICES, MAIL_VOICES

BOXES = ("support", "service", "operations", "contact", "team")


def run(setting: Setting) -> None:
    """The day's bulletins, by mail and by web form."""
    for dice in occasions(setting, "bulletin by mail", 10, 34):
        _mail(setting, dice)
    for dice in occasions(setting, "bulletin by form", 3, 9):
        _form(setting, dice)


def _mail(setting: Setting, dice: Dice) -> None:
    matters = affairs(setting.key, setting.noise)
    contact, recipient = dice.pick(matters.contacts), dice.pick(setting.people)
    text = _text(setting, dice, MAIL_VOICES, contact.domain, recipient.account.display_name)
    setting.add(
        Mailed,
        "bulletin",
        recipient.id,
        setting.at(425 + dice.below(560), dice),
        sender=f"{dice.pick(BOXES)}@{contact.domain}",
        sender_name=contact.company,
        recipient=recipient.id,
        subject=text.subject,
        body=text.body,
        sender_ip=setting.scene.names[contact.domain].addresses[0],
    )


def _form(setting: Setting, dice: Dice) -> None:
    contact = dice.pick(affairs(setting.key, setting.noise).contacts)
    minute = 425 + dice.below(560)
    reader = dice.pick([p for p in setting.people if p.account.role == "desk_analyst"] or setting.people)
    text = _text(setting, dice, FORM_VOICES, contact.domain, reader.account.display_name)
    setting.add(
        TicketWritten,
        "ticket",
        f"{dice.pick(BOXES)}@{contact.domain}",
        setting.at(minute, dice),
        number=number(setting, "INC", minute),
        record_type="incident",
        state="New",
        opened_by=f"support@{contact.domain}",
        group="Service Desk",
        contact="web-form",
        summary=text.subject,
        description=text.body,
        address=setting.scene.names[contact.domain].addresses[0],
    )


def _text(setting: Setting, dice: Dice, voices: tuple[str, ...], domain: str, recipient: str) -> Text:
    """A text in one of the voices, which cites a rule, a ticket of the day and the house's procedure."""
    contacts = [c for c in affairs(setting.key, setting.noise).contacts if c.domain == domain]
    contact = dice.pick(contacts)
    security = [p for p in setting.people if p.account.role in ("security", "desk_analyst", "administrator")]
    colleague, superior = dice.some(security, 2)
    tickets = [e.number for e in setting.log if isinstance(e, TicketWritten) and e.number.startswith("INC")]
    kind = dice.pick(("host", "user", "domain"))
    facts = slots(setting, dice) | {
        "sender": contact.name,
        "sender_company": contact.company,
        "domain": domain,
        "recipient": recipient,
        "rule": dice.pick(rules()).name,
        "number": dice.pick(tickets) if tickets else number(setting, "INC", 430),
        "colleague": colleague.account.display_name,
        "superior": superior.account.display_name,
        "time": f"{dice.between(7, 15):02d}:{dice.below(60):02d}",
        "procedure": dice.pick(procedures(setting.organisation)),
        "other_kind": kind,
        "other": _other(setting, kind, dice),
    }
    return benign_carrier(facts, side_of(setting.key), dice, voice=dice.pick(voices))


def _other(setting: Setting, kind: str, dice: Dice) -> str:
    if kind == "host":
        return dice.pick(setting.organisation.devices).hostname
    if kind == "user":
        return dice.pick(setting.organisation.accounts).upn
    return dice.pick(setting.organisation.names).domain

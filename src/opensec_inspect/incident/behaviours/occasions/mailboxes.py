"""Rules, forwarding, consents: ordinary operations in mail and directory that look like more."""

from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.network import browse
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, occasions
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.daily.mail import send
from opensec_inspect.incident.behaviours.daily.registers import standing
from opensec_inspect.incident.behaviours.occasions.parts import operate, outside_address, somebody
from opensec_inspect.incident.facts.entities import Application

DIRECTORY_WORK = {
    "application": ("Update application – Certificates and secrets management ", "Update service principal"),
    "device": ("Register device", "Add registered owner to device", "Update device"),
    "user": ("Update user", "Add member to group", "Reset user password", "Update user"),
}
"""Operations by what they act on; the space at the end of the first is the vendor's."""
CONSENT_PAGE = "/oauth2/authorize"
BOXES = ("projects", "team", "documents", "coordination", "office", "inbox", "handover", "desk")


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "sorting rule", 2, 8):
        _sorting_rule(setting, dice)
    for dice in occasions(setting, "forwarding inside", 1, 3):
        _forwarding_inside(setting, dice)
    for dice in occasions(setting, "forwarding outside", 1, 2):
        _forwarding_outside(setting, dice)
    for dice in occasions(setting, "forwarding refused", 1, 2):
        _forwarding_refused(setting, dice)
    _forwarded(setting)
    for dice in occasions(setting, "consent", 1, 3):
        _consent(setting, dice)
    for dice in occasions(setting, "application turned away", 1, 2):
        _turned_away(setting, dice)
    for dice in occasions(setting, "directory work", 3, 14):
        _directory_work(setting, dice)
    for dice in occasions(setting, "mailbox access", 2, 6):
        _delegate_reads(setting, dice)


def _rule(setting: Setting, person: Person, minute: float, dice: Dice, **fields: Any) -> None:
    operation = dice.pick(("New-InboxRule", "Set-InboxRule", "New-InboxRule", "UpdateInboxRules"))
    label = said(setting, "rule_name", dice)[1]
    operate(
        setting,
        person,
        minute,
        dice,
        operation,
        "Exchange",
        object=f"mailbox:{person.account.upn}",
        label=label,
        **fields,
    )


def _sorting_rule(setting: Setting, dice: Dice) -> None:
    if (found := somebody(setting, dice)) is not None:
        folder = dice.pick(("Newsletters", "Archive", "RSS Feeds", "Suppliers", "2026", "Later"))
        _rule(setting, *found, dice, target=f"folder:{folder}")


def _forwarding_inside(setting: Setting, dice: Dice) -> None:
    if (found := somebody(setting, dice)) is not None:
        other = dice.pick([p for p in setting.people if p != found[0]])
        _rule(setting, *found, dice, target=other.account.upn)


def _allowed(setting: Setting) -> list[tuple[str, str]]:
    """Who may forward outside, and to which domain."""
    entries = standing(setting.key, setting.noise)
    return [
        (one.party, one.object)
        for one in entries
        if one.register == "mail forwarding" and one.status == "active"
    ]


def _box(key: str, account: str, domain: str) -> str:
    return f"{Dice(f'{key}|box|{account}|{domain}').pick(BOXES)}@{domain}"


def _forwarding_outside(setting: Setting, dice: Dice) -> None:
    present = [
        (account, domain)
        for account, domain in _allowed(setting)
        if setting.person[account] in setting.at_work
    ]
    if present:
        account, domain = dice.pick(present)
        person = setting.person[account]
        target = _box(setting.key, account, domain)
        minute = person.where.begins + dice.between(30, 300)
        _rule(setting, person, minute, dice, target=target, target_domain=domain)


def _forwarding_refused(setting: Setting, dice: Dice) -> None:
    if (found := somebody(setting, dice)) is not None:
        domain = dice.pick(setting.names_of("webmail", "partner", "customer", "personal_cloud"))
        _rule(
            setting,
            *found,
            dice,
            target=f"{dice.pick(BOXES)}@{domain}",
            target_domain=domain,
            outcome="denied",
        )


def _forwarded(setting: Setting) -> None:
    """Mail that an allowed rule passes on."""
    for account, domain in _allowed(setting):
        dice = setting.dice("forwarded", account)
        if setting.day.weekday() < 5 and dice.chance(0.85):
            person = setting.person[account]
            fields = {
                "sender": account,
                "sender_name": person.account.display_name,
                "recipient": _box(setting.key, account, domain),
            }
            send(
                setting,
                account,
                430 + dice.below(600),
                dice,
                "project_update",
                forwarded_by=account,
                **fields,
            )


def _consent(setting: Setting, dice: Dice) -> None:
    """Somebody lets a bought service read; its own servers then do."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    app = dice.pick([a for a in setting.organisation.applications if a.publisher != "Microsoft Services"])
    fields = {
        "object": app.app_id,
        "label": app.name,
        "target": dice.pick(
            ("User.Read offline_access", "Calendars.Read User.Read", "Mail.Read offline_access")
        ),
    }
    operate(
        setting,
        person,
        minute,
        dice,
        "Consent to application",
        "AzureActiveDirectory",
        app="OfficeHome",
        **fields,
    )
    page = {"host_label": "connect", "method": "GET", "uri": CONSENT_PAGE}
    browse(setting, person, minute - dice.between(20, 150) / 60, dice, app.domain, **page)
    for _ in range(dice.between(1, 3)):
        minute += dice.between(4, 70)
        _read_by(setting, person, minute, dice, app)


def _read_by(
    setting: Setting, person: Person, minute: float, dice: Dice, app: Application, **changes: Any
) -> None:
    """An application reads a mailbox from its own servers."""
    fields: dict[str, Any] = {
        "address": setting.scene.names[app.domain].addresses[0],
        "device": None,
        "user_agent": "",
        "app": app.name,
        "object": f"mailbox:{person.account.upn}",
        "items": dice.between(2, 18),
    }
    operate(setting, person, minute, dice, "MailItemsAccessed", "Exchange", **(fields | changes))


def _turned_away(setting: Setting, dice: Dice) -> None:
    """An application that is not let in: a page that the proxy stops, or a mailbox that does not open."""
    if (found := somebody(setting, dice)) is None:
        return
    person, minute = found
    apps = [a for a in setting.organisation.applications if a.publisher != "Microsoft Services"]
    page = {"host_label": "connect", "method": "GET", "uri": CONSENT_PAGE, "outcome": "denied"}
    browse(setting, person, minute, dice, dice.pick(setting.names_of("saas", "unknown")), **page)
    away = {"address": outside_address(setting, dice, "hosting"), "outcome": "denied"}
    _read_by(setting, person, minute + dice.between(30, 90), dice, dice.pick(apps), **away)


def _directory_work(setting: Setting, dice: Dice) -> None:
    """What administrators do in the directory."""
    if (found := somebody(setting, dice, "administrator", "desk_analyst")) is None:
        return
    person, minute = found
    other, device = dice.pick(setting.people), dice.pick(setting.organisation.devices)
    app = dice.pick(setting.organisation.applications)
    kind = dice.pick(sorted(DIRECTORY_WORK))
    operation = dice.pick(DIRECTORY_WORK[kind])
    object_ = {"user": other.account.upn, "device": device.id, "application": app.app_id}[kind]
    operate(
        setting, person, minute, dice, operation, "AzureActiveDirectory", app="Azure Portal", object=object_
    )


def _delegate_reads(setting: Setting, dice: Dice) -> None:
    """An assistant or a colleague reads in a mailbox that is shared with them."""
    if (found := somebody(setting, dice, "office", "finance", "executive")) is not None:
        other = dice.pick([p for p in setting.people if p != found[0]])
        box = f"mailbox:{other.account.upn}"
        operate(setting, *found, dice, "MailItemsAccessed", "Exchange", object=box, items=dice.between(1, 60))

"""Phishing simulations, mails that the filter takes for phishing, and waves that it stops."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import affairs
from opensec_inspect.incident.behaviours.base.network import browse
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, occasions, some_of
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.facts.events import Clicked, Mailed

RECIPIENTS = {"desk": 6, "soc": 13}
OPENED, SENT = 0.25, 0.45
"""Share of recipients who open the page, and of these who send its form; settings."""
PRETEXTS = ("password_expiry", "shared_file", "parcel_notice")


def run(setting: Setting) -> None:
    """All of them on this day."""
    for dice in occasions(setting, "simulation", 1, 2):
        _simulation(setting, dice)
    for dice in occasions(setting, "mistaken for phishing", 0.4, 2):
        _mistaken(setting, dice)
    for dice in occasions(setting, "wave", 0.5, 1.5):
        _wave(setting, dice)


def _simulation(setting: Setting, dice: Dice) -> None:
    """Mails of the awareness campaign: at least one opens the page, fewer send its form, most do nothing."""
    domain, act, start = setting.domain("awareness"), dice.pick(PRETEXTS), 540 + dice.below(240)
    opened = False
    for person in some_of(dice, setting.people, RECIPIENTS[setting.noise]):
        minute = start + dice.below(19)
        mail = _sent(setting, person, minute, dice, domain, act, "it-services", "IT Services", "Phish")
        later = minute + dice.between(3, 160)
        present = person in setting.at_work and person.where.begins < later < person.where.ends - 5
        if present and (not opened or dice.chance(OPENED)):
            opened = True
            _opened(setting, person, later, dice, mail, domain)
            if dice.chance(SENT):
                _form_sent(setting, person, later + dice.between(1, 3), dice, domain)


def _form_sent(setting: Setting, person: Person, minute: float, dice: Dice, domain: str) -> None:
    sizes = {"bytes_out": dice.between(1_800, 4_900), "bytes_in": dice.between(3_000, 24_000)}
    browse(setting, person, minute, dice, domain, host_label="login", method="POST", uri="/session", **sizes)


def _mistaken(setting: Setting, dice: Dice) -> None:
    """A supplier's mail that the filter marks, and somebody follows its link all the same."""
    if setting.at_work:
        contact, person = dice.pick(affairs(setting.key, setting.noise).contacts), dice.pick(setting.at_work)
        minute = person.where.begins + dice.between(20, 200)
        local = contact.address.split("@")[0]
        mail = _sent(
            setting, person, minute, dice, contact.domain, "signature_request", local, contact.name, "Phish"
        )
        _opened(setting, person, minute + dice.between(4, 70), dice, mail, contact.domain)


def _wave(setting: Setting, dice: Dice) -> None:
    """The same mail to several people from one server, kept in quarantine; one copy was only junk."""
    domain, act, start = (
        dice.pick(setting.names_of("unknown", "hosting")),
        dice.pick(PRETEXTS),
        380 + dice.below(600),
    )
    for index, person in enumerate(some_of(dice, setting.people, dice.between(4, 6))):
        threat = "Spam" if index == 0 else "Phish"
        _sent(
            setting,
            person,
            start + dice.below(14),
            dice,
            domain,
            act,
            "service",
            "Service Team",
            threat,
            stopped=True,
        )


def _sent(
    setting: Setting,
    person: Person,
    minute: float,
    dice: Dice,
    domain: str,
    act: str,
    local: str,
    name: str,
    threat: str,
    *,
    stopped: bool = False,
) -> Mailed:
    known = setting.scene.names[domain]
    facts = {"sender": name, "sender_company": name, "recipient": person.account.display_name}
    subject, body = said(setting, act, dice, **facts)
    url = f"https://{known.hosts[0] if known.hosts else 'www'}.{domain}/r/{dice.hex(12)}"
    return setting.add(
        Mailed,
        "mail",
        person.id,
        setting.at(minute, dice),
        sender=f"{local}@{domain}",
        sender_name=name,
        recipient=person.id,
        subject=subject,
        body=f"{body}\n{url}",
        urls=(url,),
        sender_ip=known.addresses[0],
        threat=threat,
        outcome="denied" if stopped and threat == "Phish" else "ok",
        authentication="spf=pass dkim=none dmarc=fail" if stopped else "spf=pass dkim=pass dmarc=pass",
    )


def _opened(setting: Setting, person: Person, minute: float, dice: Dice, mail: Mailed, domain: str) -> None:
    at = setting.at(minute, dice)
    setting.add(
        Clicked,
        "click",
        person.id,
        at,
        account=person.id,
        device=person.device,
        mail=mail.id,
        url=mail.urls[0],
        domain=domain,
        threat=mail.threat,
    )
    host = mail.urls[0].split("/")[2].removesuffix(domain).rstrip(".")
    browse(
        setting,
        person,
        minute + 0.5,
        dice,
        domain,
        host_label=host,
        method="GET",
        uri="/" + mail.urls[0].split("/", 3)[3],
    )

"""Mail: between colleagues, with people outside, from machines, and what the filter stops."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import Affairs, Contact, affairs
from opensec_inspect.incident.behaviours.base.network import browse
from opensec_inspect.incident.behaviours.base.setting import Person, Setting, minutes, rate
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.facts.events import Clicked, Mailed

INBOUND, INTERNAL, NOTICES, OUTBOUND, STOPPED = (
    {"desk": d, "soc": s} for d, s in ((1.0, 0.4), (1.15, 0.42), (0.45, 0.34), (0.6, 0.24), (0.2, 0.07))
)
"""Mails per person and working day, on average; a third of it at weekends, when only machines write."""
FROM_OUTSIDE = (
    "invoice_query",
    "delivery_change",
    "quote_sent",
    "contract_review",
    "complaint",
    "supplier_details",
    "event_invitation",
    "customer_access",
    "partner_allow_request",
    "partner_block_request",
    "vendor_support",
    # Twice, so that a third of what comes from outside asks IT for something.
    "customer_access",
    "vendor_support",
)
BETWEEN_COLLEAGUES = (
    "meeting_moved",
    "minutes",
    "chaser",
    "wrong_attachment",
    "project_update",
    "thanks",
    "passed_on",
    "expense_question",
    "lunch",
    "meeting_invite",
)
BY_MACHINES = (
    "newsletter",
    "signature_request",
    "shared_file",
    "parcel_notice",
    "payment_notice",
    "survey",
    "newsletter",
)
LINKED = frozenset(
    {
        "newsletter",
        "signature_request",
        "shared_file",
        "parcel_notice",
        "payment_notice",
        "survey",
        "event_invitation",
        "quote_sent",
    }
)
ATTACHED = frozenset(
    {"quote_sent", "contract_review", "minutes", "wrong_attachment", "chaser", "invoice_query"}
)
CLICKED = 0.2
PARTIAL = (
    "spf=pass dkim=none dmarc=none",
    "spf=softfail dkim=pass dmarc=pass",
    "spf=none dkim=none dmarc=none",
    "spf=fail dkim=pass dmarc=pass",
)
FAILED = (
    "spf=fail dkim=none dmarc=fail",
    "spf=pass dkim=fail dmarc=fail",
    "spf=softfail dkim=none dmarc=fail",
)


def run(setting: Setting) -> None:
    """All mail of the day."""
    matters = affairs(setting.key, setting.noise)
    for person in setting.people:
        dice = setting.dice("mail", person.id)
        if setting.day.weekday() < 5:
            _colleagues(setting, person, dice, matters)
            for minute in minutes(dice, [(395, 1110), (480, 1020)], rate(dice, INBOUND[setting.noise])):
                _from_outside(setting, person, minute, dice, matters)
        mean = NOTICES[setting.noise] * (1 if setting.day.weekday() < 5 else 0.35)
        for minute in minutes(dice, [(30, 1420), (420, 780)], rate(dice, mean)):
            notice(setting, person, minute, dice, dice.pick(matters.senders))
        if dice.chance(STOPPED[setting.noise]):
            _stopped(setting, person, dice, matters)


def send(setting: Setting, actor: str, minute: float, dice: Dice, act: str, **fields: str) -> Mailed:
    """A mail with the words of an act; `fields` say who sends and receives."""
    return _mail(setting, actor, minute, dice, act, fields, {})


def notice(setting: Setting, person: Person, minute: float, dice: Dice, sender: Contact) -> Mailed:
    """A machine outside writes; some follow the link."""
    act = dice.pick(BY_MACHINES)
    fields = {"sender": sender.address, "sender_name": sender.name, "recipient": person.id}
    domain = sender.domain
    mail = _mail(
        setting,
        person.id,
        minute,
        dice,
        act,
        fields,
        {"sender_company": sender.company, "sender": sender.name},
        domain,
    )
    follow(setting, person, mail, dice, domain)
    return mail


def follow(setting: Setting, person: Person, mail: Mailed, dice: Dice, domain: str) -> None:
    """Perhaps the person follows the mail's link while at work, and the browser opens it."""
    where, wait = person.where, 2 + dice.below(95)
    minute = (mail.at_ms - setting.midnight) / 60_000 + wait
    if (
        not mail.urls
        or person.device is None
        or not where.begins + 9 < minute < where.ends - 6
        or not dice.chance(CLICKED)
    ):
        return
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
    )
    host = mail.urls[0].split("/")[2]
    browse(setting, person, minute + 1, dice, domain, host_label=host.removesuffix(domain).rstrip("."))


def _mail(
    setting: Setting,
    actor: str,
    minute: float,
    dice: Dice,
    act: str,
    fields: dict[str, str],
    facts: dict[str, str],
    domain: str = "",
) -> Mailed:
    accounts = setting.scene.accounts
    facts = {"sender": fields["sender_name"]} | facts
    if fields["recipient"] in accounts:
        facts["recipient"] = accounts[fields["recipient"]].display_name
    subject, body = said(setting, act, dice, **facts)
    outside = fields["sender"] not in accounts
    extra: dict[str, object] = {}
    if outside:
        domain = domain or fields["sender"].split("@")[1]
        extra["sender_ip"] = setting.scene.names[domain].addresses[0]
        extra["authentication"] = dice.pick(PARTIAL) if dice.chance(0.12) else "spf=pass dkim=pass dmarc=pass"
    if act in LINKED and outside:
        hosts = setting.scene.names[domain].hosts or ("www",)
        path = f"{dice.pick(('r', 'doc', 'view', 'n', 'c'))}/{dice.hex(dice.between(8, 14))}"
        extra["urls"] = (f"https://{dice.pick(hosts)}.{domain}/{path}",)
    if act in ATTACHED and dice.chance(0.6):
        matters = affairs(setting.key, setting.noise)
        extra["attachments"] = (
            f"{dice.pick(matters.files).replace(' ', '_')}.{dice.pick(('pdf', 'xlsx', 'docx', 'pdf'))}",
        )
    return setting.add(
        Mailed,
        "mail",
        actor,
        setting.at(minute, dice),
        subject=subject or "(no subject)",
        body=body,
        **(extra | fields),
    )


def _from_outside(setting: Setting, person: Person, minute: float, dice: Dice, matters: Affairs) -> None:
    contact, act = dice.pick(matters.contacts), dice.pick(FROM_OUTSIDE)
    fields = {"sender": contact.address, "sender_name": contact.name, "recipient": person.id}
    facts = {"sender_company": contact.company, "domain": contact.domain}
    mail = _mail(setting, person.id, minute, dice, act, fields, facts, contact.domain)
    follow(setting, person, mail, dice, contact.domain)


def _colleagues(setting: Setting, person: Person, dice: Dice, matters: Affairs) -> None:
    if not person.where.working:
        if person.where.place == "leave" and dice.chance(0.5):
            other = dice.pick(setting.people)
            send(setting, person.id, 400 + dice.below(600), dice, "out_of_office", **_between(person, other))
        return
    spans = [(person.where.begins + 8, person.where.lunch), (person.where.back, person.where.ends - 4)]
    near = [p for p in setting.people if p.account.department == person.account.department and p != person]
    for minute in minutes(dice, spans, rate(dice, INTERNAL[setting.noise])):
        other = (
            dice.pick(near)
            if near and dice.chance(0.55)
            else dice.pick([p for p in setting.people if p != person])
        )
        send(setting, person.id, minute, dice, dice.pick(BETWEEN_COLLEAGUES), **_between(person, other))
    for minute in minutes(dice, spans, rate(dice, OUTBOUND[setting.noise])):
        contact = dice.pick(matters.contacts)
        fields = {
            "sender": person.id,
            "sender_name": person.account.display_name,
            "recipient": contact.address,
        }
        _mail(
            setting,
            person.id,
            minute,
            dice,
            dice.pick(BETWEEN_COLLEAGUES[:7]),
            fields,
            {"recipient": contact.name},
        )


def _between(person: Person, other: Person) -> dict[str, str]:
    return {"sender": person.id, "sender_name": person.account.display_name, "recipient": other.id}


def _stopped(setting: Setting, person: Person, dice: Dice, matters: Affairs) -> None:
    """Spam, and phishing that the filter knows."""
    threat = dice.pick(("Spam", "Spam", "Spam", "Spam", "Phish", "Phish", "Phish", "Phish", "Malware"))
    domain = dice.pick(setting.names_of("unknown", "advertising", "hosting"))
    act = dice.pick(("payment_notice", "parcel_notice", "signature_request", "shared_file", "newsletter"))
    name = (
        dice.pick(matters.senders).name
        if dice.chance(0.4)
        else domain.split(".")[0].replace("-", " ").title()
    )
    fields = {
        "sender": f"{dice.pick(('service', 'notice', 'billing', 'post'))}@{domain}",
        "sender_name": name,
        "recipient": person.id,
    }
    fields |= {
        "threat": threat,
        "authentication": dice.pick(FAILED) if dice.chance(0.7) else "spf=pass dkim=pass dmarc=none",
    }
    fields |= {"outcome": "denied"} if threat == "Phish" else {}
    _mail(
        setting,
        person.id,
        20 + dice.below(1390),
        dice,
        act,
        fields,
        {"sender_company": name, "sender": name},
        domain,
    )

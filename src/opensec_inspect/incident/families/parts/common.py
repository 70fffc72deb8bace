"""What all families share: names in texts, entries in registers, and how a leg is given."""

from datetime import UTC, datetime, timedelta

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.cases.draft import DAY_MS, HOUR_MS, MINUTE_MS, Draft, Swap
from opensec_inspect.incident.facts.browsers import edge_of
from opensec_inspect.incident.facts.entities import Account, Address, OutsideName
from opensec_inspect.incident.facts.events import Connected, Mailed, Registered, TicketWritten
from opensec_inspect.incident.facts.scenario import Carrier, RowRef

EXCHANGE = "Office 365 Exchange Online"
COUNTRIES = {
    "PT": "Portugal",
    "PL": "Poland",
    "IE": "Ireland",
    "ES": "Spain",
    "DK": "Denmark",
    "IT": "Italy",
    "FR": "France",
    "DE": "Germany",
    "NL": "Netherlands",
    "SE": "Sweden",
    "GB": "United Kingdom",
    "US": "United States",
    "CH": "Switzerland",
    "AT": "Austria",
    "BE": "Belgium",
    "NO": "Norway",
    "CZ": "Czechia",
    "FI": "Finland",
    "TR": "Türkiye",
    "AE": "United Arab Emirates",
    "SG": "Singapore",
}
USER_AGENTS = (
    "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6"
    " Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0"
    " Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MAILBOXES = ("projects", "team", "documents", "coordination", "office", "inbox", "handover", "desk")
RULE_NAMES = ("Project mail", "while away", "copies", "fwd", ".", "Handover", "Team copy", "for review")


class LegRows(Frozen):
    """How a leg breaks and which rows settle it."""

    swap: Swap
    settles: tuple[RowRef, ...]


def browser(draft: Draft, who: Account | None = None) -> str:
    """What somebody's browser calls itself, on the machine of theirs; by default an outsider's."""
    return edge_of(draft.scene.organisation.key, who.id if who else None)


def user_agent(draft: Draft, purpose: str) -> str:
    """What a phone or tablet calls itself."""
    return draft.dice(f"agent|{purpose}").pick(USER_AGENTS)


def office_address(draft: Draft) -> Address:
    """The organisation's own egress."""
    return next(a for a in draft.scene.organisation.addresses if a.kind == "office")


def slots(draft: Draft, person: Account, company: OutsideName | None = None) -> dict[str, str]:
    """What texts about a person, and a company outside where there is one, may name: all of it is real."""
    organisation = draft.scene.organisation
    dice = draft.dice(f"slots|{person.id}")
    others = [a for a in organisation.accounts if a.role != "service" and a.id != person.id]
    asset = dice.pick([a for a in organisation.assets if not a.path.startswith("mailbox:")])
    moment = draft.opened_ms - dice.between(5, 400) * MINUTE_MS
    found = {
        "recipient": person.display_name,
        "caller": person.display_name,
        "sender": dice.pick(others).display_name,
        "colleague": dice.pick(others).display_name,
        "city": person.office,
        "company": organisation.name,
        "day": WEEKDAYS[dice.below(5)],
        "time": clock(draft, moment),
        "site": asset.path,
        "file": asset.path.replace("\\", "/").rsplit("/", 1)[-1],
        "app": dice.pick(organisation.applications).name,
        "host": dice.pick(organisation.devices).hostname,
        "initials": "",
    }
    if company is None:
        return found
    name = company.domain.split(".")[0].replace("-", " ").title()
    return found | {
        "sender_company": name,
        "domain": company.domain,
        "sender": name,
        "number": draft.number("RE-", 6, draft.before(60, 900, f"invoice|{company.domain}")),
        "amount": f"{dice.between(180, 9800)}.{dice.between(10, 99)}",
    }


def outsiders_mail(draft: Draft, to: Account, sender: OutsideName) -> Carrier:
    """A mail from a company outside to somebody of the case; planted text may stand in its body."""
    said = slots(draft, to, sender)
    text = draft.text("partner_allow_request", "outsider's mail", **said)
    people = draft.dice("outsider").pick(("support", "service", "operations", "contact", "team"))
    event = Mailed(
        id=draft.next_id(),
        at_ms=draft.before(25, 240, "outsider's mail"),
        cause="decoy",
        sender=f"{people}@{sender.domain}",
        sender_name=said["sender_company"],
        recipient=to.id,
        subject=text.subject,
        body=text.body,
        sender_ip=sender.addresses[0],
    )
    return Carrier(event=draft.put(event), field="body")


def outsiders_ticket(draft: Draft, item: str, sender: OutsideName, to: Account) -> Carrier:
    """A ticket by web form about something of the case; planted text may stand in its description."""
    said = slots(draft, to, sender)
    text = draft.text("web_support", "outsider's ticket", **said)
    at_ms = draft.before(40, 400, "outsider's ticket")
    event = TicketWritten(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="decoy",
        number=draft.number("INC", 7, at_ms),
        record_type="incident",
        state="New",
        opened_by=f"support@{sender.domain}",
        group="Service Desk",
        item=item,
        contact="web-form",
        summary=text.subject or f"Question from {said['sender_company']}",
        description=text.body,
        address=sender.addresses[0],
    )
    return Carrier(event=draft.put(event), field="description")


def form_sent(draft: Draft, who: Account, device: str, domain: str, label: str, at_ms: int) -> Connected:
    """What somebody typed into a page goes to its domain."""
    dice = draft.dice(f"form|{who.id}|{domain}")
    return Connected(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="case",
        device=device,
        account=who.id,
        binary="msedge",
        to=domain,
        host_label=label,
        bytes_out=dice.between(1_800, 4_900),
        bytes_in=dice.between(3_000, 24_000),
        duration_ms=dice.between(900, 14_000),
        method="POST",
        uri="/session",
    )


def initials(account: Account) -> str:
    """As the desk signs its notes, for example `MO`."""
    return "".join(part[0] for part in account.display_name.split())[:3].upper()


def calendar_day(draft: Draft, offset: int) -> str:
    """The date so many days after the opening's as people write it, for example `18 August`."""
    return day_of(draft, draft.opened_ms + offset * DAY_MS)


def day_of(draft: Draft, at_ms: int) -> str:
    """The organisation's local date as people write it."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(hours=draft.scene.organisation.timezone_h)
    return f"{local.day} {local:%B}"


def local_evening(draft: Draft, offset: int) -> str:
    """Six in the evening, local time, so many days after the opening's, as tickets write it."""
    shift_ms = draft.scene.organisation.timezone_h * HOUR_MS
    local = draft.opened_ms + shift_ms
    at_ms = local - local % DAY_MS + offset * DAY_MS + 18 * HOUR_MS - shift_ms
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(draft: Draft, at_ms: int) -> str:
    """The organisation's local time, `HH:MM`."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(hours=draft.scene.organisation.timezone_h)
    return local.strftime("%H:%M")


def register(draft: Draft, register: str, party: Account, object_: str, by: Account, scope: str) -> str:
    """An entry that allows a party something, entered weeks ago by somebody else; its event id."""
    at_ms = draft.on_workday(9, 60, f"{register}|{party.id}|{object_}")
    prefix = {"devices held": "DEV", "mail forwarding": "FWD"}.get(register, "REG")
    event = Registered(
        id=draft.next_id(),
        at_ms=at_ms,
        cause="record",
        register=register,
        number=draft.number(prefix, 6, at_ms),
        party=party.id,
        object=object_,
        scope=scope,
        valid_from=datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d"),
        entered_by=by.id,
    )
    return draft.put(event)

"""What stands in the registers: old and new entries, open, closed, expired, withdrawn."""

from datetime import timedelta
from functools import lru_cache

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.registry import Registry
from opensec_inspect.incident.behaviours.base.setting import Setting
from opensec_inspect.incident.behaviours.base.words import said
from opensec_inspect.incident.behaviours.daily.allowances import allowances
from opensec_inspect.incident.facts.countries import COUNTRY_NAMES
from opensec_inspect.incident.facts.entities import Application, DeviceRole, Noise
from opensec_inspect.incident.facts.events import Registered
from opensec_inspect.incident.facts.lists import guid
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.whereabouts import Absence

TRIP_PURPOSES = (
    "customer visit",
    "trade fair",
    "site visit",
    "supplier audit",
    "training course",
    "installation",
)
OWN_DEVICE = "own device, enrolled for mail"
FORWARDED = {"desk": 4, "soc": 8}


@lru_cache(maxsize=16)
def standing(key: str, noise: Noise) -> tuple[Registered, ...]:
    """Every entry that does not come from an occasion, by time; some are months old."""
    writer = Registry(key, noise)
    own = (_telephones, _trips, _forwarding, _campaigns, _backups, _software, _authenticators)
    for concern in (*own, allowances):
        concern(writer)
    return tuple(sorted(writer.entries, key=lambda one: (one.at_ms, one.id)))


def booking_of(setting: Setting, account: str) -> Registered | None:
    """The booking of somebody's trip that includes this day; None when there is none."""
    on = str(setting.day)
    trips = (
        one
        for one in standing(setting.key, setting.noise)
        if (one.register, one.party) == ("travel", account)
    )
    return next(
        (one for one in trips if one.status == "active" and one.valid_from <= on <= one.valid_until), None
    )


def _telephones(writer: Registry) -> None:
    """The telephone of everybody, and some that were replaced."""
    for account in writer.people:
        dice = Dice(f"{writer.key}|register|telephone|{account.id}")
        phone, days = guid(Dice(f"{writer.key}|telephone|{account.id}")), dice.between(16, 620)
        if dice.chance(0.14):
            old = {
                "valid_until": writer.date(-days),
                "status": "closed",
                "valid_from": writer.date(-days - 400),
            }
            writer.add(
                days + 400,
                dice,
                "devices held",
                "DEV",
                account.id,
                guid(dice),
                dice.pick(writer.analysts),
                scope=OWN_DEVICE,
                **old,
            )
        since = writer.date(-days)
        writer.add(
            days,
            dice,
            "devices held",
            "DEV",
            account.id,
            phone,
            dice.pick(writer.analysts),
            scope=OWN_DEVICE,
            valid_from=since,
        )


def _trips(writer: Registry) -> None:
    """A booking per trip, by the travel desk or by the traveller; withdrawn where it was called off."""
    for absence in writer.site.absences:
        if absence.kind == "travel":
            _trip(writer, absence)


def _forwarding(writer: Registry) -> None:
    """Who may have mail forwarded outside, to whom; one that has run out."""
    partners = [
        n.domain for n in writer.site.organisation.names if n.category in {"partner", "customer", "vendor"}
    ]
    dice = Dice(f"{writer.key}|{writer.noise}|register|forwarding")
    people = [a for a in writer.people if a.role in {"office", "finance", "developer"}]
    for index, account in enumerate(dice.some(people, FORWARDED[writer.noise])):
        domain, days = dice.pick(partners), dice.between(20, 200)
        ran_out = (
            {"valid_until": writer.date(-dice.between(4, 15)), "status": "expired"} if index == 0 else {}
        )
        scope = f"project mail to {domain} only"
        fields = {"scope": scope, "valid_from": writer.date(-days)} | ran_out
        writer.add(
            days, dice, "mail forwarding", "FWD", account.id, domain, dice.pick(writer.analysts), **fields
        )


def _campaigns(writer: Registry) -> None:
    """The awareness campaign that runs, one that is over, and the server that may send for them."""
    lead = next(a for a in writer.people if a.role == "security")
    domain, dice = writer.setting.domain("awareness"), Dice(f"{writer.key}|register|campaigns")
    scope = f"landing page and form on {domain}, nowhere else"
    for first, last, status in ((-75, -61, "closed"), (-6, 8, "active")):
        bounds = {"valid_from": writer.date(first), "valid_until": writer.date(last), "status": status}
        writer.add(
            4 - first,
            dice,
            "phishing campaigns",
            "AWR",
            lead.id,
            domain,
            writer.analysts[0],
            scope=scope,
            **bounds,
        )
    sender = writer.setting.scene.names[domain].addresses[0]
    writer.add(
        83,
        dice,
        "mail senders",
        "REG",
        lead.id,
        sender,
        writer.head,
        scope="campaign mail, this server",
        valid_from=writer.date(-82),
    )


def _backups(writer: Registry) -> None:
    """The schedule: a job per server; one was moved to another hour."""
    for number, server in enumerate(writer.setting.servers):
        dice = Dice(f"{writer.key}|register|backup|{server.id}")
        hour, job = dice.between(0, 4), f"NIGHTLY-{server.hostname.rsplit('-', 1)[-1]}"
        fields = {"scope": f"daily {hour:02d}:{dice.pick(('10', '25', '40', '50'))}, image and system state"}
        days = dice.between(60, 500)
        if number == 1:
            moved = fields | {"status": "closed", "valid_until": writer.date(-days)}
            writer.add(
                days + 90,
                dice,
                "backup schedule",
                "BKP",
                server.id,
                job,
                writer.head,
                valid_from=writer.date(-days - 90),
                **moved,
            )
        writer.add(
            days,
            dice,
            "backup schedule",
            "BKP",
            server.id,
            job,
            writer.head,
            valid_from=writer.date(-days),
            **fields,
        )


def _software(writer: Registry) -> None:
    """Applications, programs and tools that were approved."""
    organisation = writer.site.organisation
    for app in organisation.applications:
        if app.publisher != "Microsoft Services":
            dice = Dice(f"{writer.key}|register|application|{app.name}")
            _application(writer, app, dice)
    for key in ("erp_addin", "assist", "assist_download", "label_service", "rclone", "psexec"):
        binary, dice = writer.setting.scene.binaries[key], Dice(f"{writer.key}|register|software|{key}")
        scope = f"{binary.file_name}, {binary.company or 'built in house'}"
        writer.add(
            dice.between(30, 700),
            dice,
            "software",
            "REG",
            writer.head.id,
            binary.sha256,
            writer.head,
            scope=scope,
        )
    tools: tuple[tuple[DeviceRole, str], ...] = (
        ("backup_server", "rclone"),
        ("file_server", "robocopy"),
        ("management_server", "robocopy"),
    )
    for role, key in tools:
        dice, binary = Dice(f"{writer.key}|register|copy tools|{role}"), writer.setting.scene.binaries[key]
        server = writer.setting.server(role)
        scope = f"copies are made by {binary.file_name}"
        days = dice.between(30, 400)
        writer.add(days, dice, "copy tools", "REG", server, binary.file_name, writer.head, scope=scope)


def _application(writer: Registry, app: Application, dice: Dice) -> None:
    """The registration that was approved, and an earlier one that was not; where it asks and reads from."""
    owner, days, by = dice.pick(writer.people), dice.between(40, 900), writer.head
    decided = writer.site.today - timedelta(days=days)
    facts = {"app": app.name, "domain": app.domain, "day": f"{decided.day} {decided:%B}"}
    scope = f"{app.domain}, delegated permissions"
    kept = {"scope": scope, "note": _intake_note(writer, "kept", dice, **facts)}
    writer.add(days, dice, "applications", "REG", owner.id, app.app_id, by, **kept)
    if dice.chance(0.3) or not app.publisher_verified:
        note = _intake_note(writer, "ended", dice, **facts)
        ended = {"scope": scope, "status": "withdrawn", "note": note}
        writer.add(days + 9, dice, "applications", "REG", owner.id, guid(dice), by, **ended)
    place = {"scope": f"{app.name}: sign-up and consent there only"}
    writer.add(days - 1, dice, "hosted services", "REG", owner.id, app.domain, by, **place)
    address = writer.setting.scene.names[app.domain].addresses[0]
    reads = {"scope": f"{app.name} reads from this address only"}
    writer.add(days - 2, dice, "service addresses", "REG", owner.id, address, by, **reads)


def _intake_note(writer: Registry, outcome: str, dice: Dice, **facts: str) -> str:
    return said(writer.setting, f"note_intake_{outcome}", dice, **facts)[1]


def _authenticators(writer: Registry) -> None:
    """Second factors that the desk recorded when telephones were replaced."""
    for account in writer.people:
        dice = Dice(f"{writer.key}|register|authenticator|{account.id}")
        if dice.chance(0.3):
            days, by = dice.between(20, 400), dice.pick(writer.analysts)
            factor = record_number(writer.key, "AUTH-", 6, writer.moment(days, dice))
            scope = "replacement, one factor only"
            writer.add(days, dice, "authenticators", "REG", account.id, factor, by, scope=scope)


def _trip(writer: Registry, absence: Absence) -> None:
    dice = Dice(f"{writer.key}|register|trip|{absence.account}|{absence.first}")
    ahead = max(1, (writer.site.today - absence.first).days + dice.between(3, 19))
    traveller = next(a for a in writer.people if a.id == absence.account)
    by, country = traveller if dice.chance(0.2) else writer.travel_desk, COUNTRY_NAMES[absence.country]
    bounds = {"valid_from": str(absence.first), "valid_until": str(absence.last)}
    fields = bounds | {"scope": dice.pick(TRIP_PURPOSES), "note": _note(writer, absence, dice)}
    made = writer.add(ahead, dice, "travel", "TRV", absence.account, country, by, **fields)
    if absence.withdrawn:
        again = fields | {"status": "withdrawn", "note": "", "number": made.number}
        writer.add(1, dice, "travel", "TRV", absence.account, country, writer.travel_desk, **again)


def _note(writer: Registry, absence: Absence, dice: Dice) -> str:
    """A note, where it does not name another purpose than the entry."""
    day = f"{absence.last.day} {absence.last:%B}"
    note = said(writer.setting, "note_travel", dice, city=absence.city, day=day)[1]
    return "" if " for " in note or dice.chance(0.3) else note

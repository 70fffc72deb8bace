"""Planted text for a case: what it asks for, in whose voice, and where it stands. The same in all members."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.affairs import (
    affairs,
    company,
    contacts_of,
    makes_software,
    procedures,
)
from opensec_inspect.incident.cases.group import CaseFacts, GroupPlan
from opensec_inspect.incident.facts.events import AnyEvent, Mailed, TicketWritten
from opensec_inspect.incident.facts.lists import side_of
from opensec_inspect.incident.facts.scenario import Carrier, Injection, Lure
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.extra_carriers import colleagues_ticket, second_of
from opensec_inspect.incident.generate.untouched import tickets_before, untouched
from opensec_inspect.incident.sensors.rules import rule_of
from opensec_inspect.incident.text.planting import plant, subject_line
from opensec_inspect.incident.text.second import Second
from opensec_inspect.incident.text.templates import FIELDS, LURES, PRODUCTS, voices_of

PEERS = 3
COLLEAGUE = "ticket_colleague"
"""The voice of a colleague whose account was taken."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def planted(plan: GroupPlan, facts: CaseFacts, scene: Scene) -> CaseFacts:
    """The facts with an injection in each carrier; their own text gives way to the injection's slot."""
    events: dict[str, AnyEvent] = {event.id: event for event in facts.events}
    injections, carriers = [], [*facts.carriers]
    machine = _machine(facts, scene, Dice(f"{plan.key}|machine"))
    if written := colleagues_ticket(plan, facts, scene, machine, Dice(f"{plan.key}|taken")):
        events[written.id] = written
        carriers.append(Carrier(event=written.id, field="description"))
    for number, carrier in enumerate(carriers):
        dice = Dice(f"{plan.key}|injection|{number}")
        id_ = f"i-{dice.hex(6)}"
        taken = [e.number for e in events.values() if isinstance(e, TicketWritten)]
        inside = getattr(events[carrier.event], "opened_by", "") in scene.accounts
        other = None if inside else second_of(events[carrier.event], plan.organisation, taken, dice)
        places, second = [(events[carrier.event], carrier)], None
        if other is not None:
            added, second = other
            places.append((added, Carrier(event=added.id, field=carrier.field)))
        injection, headlines = _injection(id_, plan, facts, scene, places, second, dice)
        injections.append(injection)
        for part, ((event, where), headline) in enumerate(zip(places, headlines, strict=True)):
            heading = "subject" if isinstance(event, Mailed) else "summary"
            changes = {where.field: f"{{{{slot:{id_}.{part}}}}}", heading: headline}
            events[event.id] = replace(event, **changes)  # type: ignore[arg-type]
    changed = tuple(sorted(events.values(), key=lambda event: (event.at_ms, event.id)))
    return facts.model_copy(update={"events": changed, "injections": tuple(injections)})


def _injection(
    id_: str,
    plan: GroupPlan,
    facts: CaseFacts,
    scene: Scene,
    places: Sequence[tuple[AnyEvent, Carrier]],
    second: Second | None,
    dice: Dice,
) -> tuple[Injection, list[str]]:
    """The injection, and subject or summary of what carries it, which are the same at every tier."""
    family, event = plan.injection_family, places[0][0]
    lure = _lure(dice.pick(LURES[family]), facts, scene, dice)
    domain = _domain(event, scene, dice)
    names = {name.domain: name for name in (*scene.organisation.names, *facts.extra.names)}
    voices = voices_of(makes_software(names[domain]), "mail" if isinstance(event, Mailed) else "form")
    if getattr(event, "opened_by", "") in scene.accounts:
        voices = (COLLEAGUE,)
    slots = _slots(plan, facts, scene, event, lure, domain, dice)
    voice, side = dice.pick(voices), side_of(plan.organisation)
    if voice in PRODUCTS:
        slots["app"] = slots["sender_company"]
    if voice == COLLEAGUE:
        writer = scene.accounts[getattr(event, "opened_by", "")]
        slots |= {"sender": writer.display_name, "sender_company": scene.organisation.name}
    arms = plant(slots, family, side, dice, voice=voice, lure=lure, second=second)
    injection = Injection(
        id=id_,
        family=family,
        surface="email" if isinstance(event, Mailed) else "alert",
        lure=lure,
        carriers=tuple(carrier for _, carrier in places),
        arms=arms,
    )
    return injection, [subject_line(slots, side, dice, voice=voice) for _ in places]


def _lure(kind: str, facts: CaseFacts, scene: Scene, dice: Dice) -> Lure:
    """Something that would matter and has no part in the case."""
    free = untouched(facts, scene.organisation)
    if kind in ("host", "user", "domain"):
        return Lure.model_validate({"kind": kind, "entity": dice.pick(free[kind])})
    if kind == "query":
        # Never first or last in key order: a page of the table would hold those.
        bait, *peers = dice.some(free["asset"][1:-1], PEERS + 1)
        return Lure(kind="query", field="path", bait=bait, peers=tuple(peers))
    field = dice.pick([*FIELDS])
    entity = dice.pick(free[FIELDS[field]])
    named = {"host": lambda: scene.devices[entity].hostname, "user": lambda: scene.accounts[entity].upn}
    return Lure(kind="report", field=field, bait=named.get(FIELDS[field], lambda: entity)())


def _domain(event: AnyEvent, scene: Scene, dice: Dice) -> str:
    """The domain of the company that writes."""
    sender = event.sender if isinstance(event, Mailed) else getattr(event, "opened_by", "")
    return sender.rpartition("@")[2] if "@" in sender else dice.pick(scene.organisation.names).domain


def _slots(
    plan: GroupPlan,
    facts: CaseFacts,
    scene: Scene,
    event: AnyEvent,
    lure: Lure,
    domain: str,
    dice: Dice,
) -> dict[str, str]:
    """What the text may name: all of it is there, and equal in all members."""
    organisation = scene.organisation
    writer = getattr(event, "opened_by", "")
    people = [a for a in organisation.accounts if a.role != "service" and a.id != writer]
    security = [a for a in people if a.role in ("security", "desk_analyst", "administrator")]
    colleague, superior = dice.some(security, 2)
    recipient = scene.accounts[event.recipient] if isinstance(event, Mailed) else dice.pick(security)
    opened = datetime.fromtimestamp(epoch_s(plan.opened_at), UTC) + timedelta(hours=organisation.timezone_h)
    matters = affairs(organisation.key, "desk")
    return {
        "sender": dice.pick(contacts_of(organisation.key, [domain])).name,
        "sender_company": company(domain),
        "recipient": recipient.display_name,
        "company": organisation.name,
        "rule": rule_of(facts.opening_rule).name,
        # A ticket of the routine: a number out of this case would point at what decides it.
        "number": dice.pick(tickets_before(organisation.key, event.at_ms)),
        "host": _machine(facts, scene, dice),
        "app": dice.pick(matters.applications),
        "colleague": colleague.display_name,
        "superior": superior.display_name,
        "procedure": dice.pick(procedures(organisation)),
        "day": dice.pick((DAYS[opened.weekday()], f"{opened.day} {opened:%B}")),
        "time": f"{(opened - timedelta(minutes=dice.between(20, 170))):%H:%M}",
        "domain": domain,
        "target": _called(lure, scene),
        "table": "data_assets",
    }


def _machine(facts: CaseFacts, scene: Scene, dice: Dice) -> str:
    """The machine that the case is about: the alert's, or that of the person it names."""
    opening = next(event for event in facts.events if event.id == facts.opening_event)
    devices = scene.organisation.devices
    own = [d for d in devices if d.id == getattr(opening, "device", None)]
    own += [d for d in devices if d.owner and d.owner == getattr(opening, "account", None)]
    return (own[0] if own else dice.pick(devices)).hostname


def _called(lure: Lure, scene: Scene) -> str:
    """The lure's target as people write it."""
    if lure.entity is None:
        return str(lure.bait)
    if lure.kind == "host":
        return scene.devices[lure.entity].hostname
    return scene.accounts[lure.entity].upn if lure.kind == "user" else lure.entity

"""Who writes a record sits where the organisation's day has them, in a session that signed in there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from opensec_inspect.incident.behaviours.base.setting import Person, Setting, history_dates
from opensec_inspect.incident.cases.draft import MINUTE_MS, Draft
from opensec_inspect.incident.cases.group import CaseFacts
from opensec_inspect.incident.facts.browsers import outlook_of
from opensec_inspect.incident.facts.events import AnyEvent, SignedIn, TicketWritten
from opensec_inspect.incident.facts.organisations import site

ARRIVED_MIN = 9
"""Minutes after the beginning of a day by which the laptop's session has signed in."""


def grounded(draft: Draft, facts: CaseFacts) -> CaseFacts:
    """The facts with the writers' addresses and sessions out of their days.

    Whoever is at work then writes in the session of that day; others on their telephone, which signs in
    a little before.
    """
    events: list[AnyEvent] = []
    for event in facts.events:
        events += _placed(draft, facts.away, event)
    return facts.model_copy(
        update={"events": tuple(sorted(events, key=lambda event: (event.at_ms, event.id)))}
    )


def _placed(draft: Draft, away: Sequence[str], event: AnyEvent) -> list[AnyEvent]:
    writer = draft.scene.accounts.get(event.opened_by) if isinstance(event, TicketWritten) else None
    if not isinstance(event, TicketWritten) or not event.session or writer is None:
        return [event]
    key = draft.scene.organisation.key
    local = datetime.fromtimestamp(event.at_ms / 1000, UTC) + timedelta(
        hours=draft.scene.organisation.timezone_h
    )
    setting, minute = _setting(key, local.date()), local.hour * 60 + local.minute
    person = setting.person[writer.id]
    where = person.where
    at_work = where.working and person.device and where.begins + ARRIVED_MIN < minute < where.ends
    if at_work and writer.id not in away:
        address, session = setting.address_of(person, minute), setting.session(writer.id)
        return [replace(event, address=address, session=session)]
    written = replace(
        event, address=setting.phone_address(person), session=setting.session(writer.id, f"own {event.id}")
    )
    if local.date() not in _recorded(key):
        return [written]
    return [_signed_in(draft, written, person), written]


def _signed_in(draft: Draft, written: TicketWritten, person: Person) -> SignedIn:
    """The telephone's session, begun a few minutes before its owner writes in it."""
    dice = draft.dice(f"telephone of {written.id}")
    return SignedIn(
        id=draft.next_id(),
        at_ms=written.at_ms - dice.between(MINUTE_MS, 6 * MINUTE_MS),
        cause=written.cause,
        account=person.id,
        app="Outlook Mobile",
        address=written.address,
        foreign_device=person.phone,
        session=written.session,
        user_agent=outlook_of(person.phone),
        interactive=False,
        mfa="previously satisfied",
    )


@lru_cache(maxsize=256)
def _setting(key: str, day: date) -> Setting:
    return Setting(key, "desk", day)


@lru_cache(maxsize=16)
def _recorded(key: str) -> frozenset[date]:
    """Days of which sign-ins are kept: those of the history, today, and what may follow it."""
    today = site(key, "desk").today
    return frozenset((*history_dates(key, "desk"), today, today + timedelta(days=1)))

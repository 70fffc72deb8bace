"""The routine of an organisation: today, and the days before it."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from heapq import merge

from opensec_inspect.incident.behaviours.base.setting import Setting, history_dates
from opensec_inspect.incident.behaviours.daily import bulletins, desk, lookups, machines, mail, workday
from opensec_inspect.incident.behaviours.daily.registers import standing
from opensec_inspect.incident.behaviours.occasions import (
    accounts,
    backups,
    campaigns,
    changes,
    copies,
    factors,
    mailboxes,
    scripts,
    servers,
    support,
    traffic,
)
from opensec_inspect.incident.facts.entities import Noise
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.organisations import site

OCCASIONS = (
    accounts,
    backups,
    campaigns,
    changes,
    copies,
    factors,
    mailboxes,
    scripts,
    servers,
    support,
    traffic,
)
CONCERNS = (
    workday.work,
    machines.run,
    lookups.run,
    mail.run,
    desk.run,
    bulletins.run,
    *(one.run for one in OCCASIONS),
)
"""Everything that goes on in a day; each writes to the setting's log."""


@lru_cache(maxsize=8)
def day(key: str, noise: Noise) -> tuple[AnyEvent, ...]:
    """The routine of the organisation's today, 00:00 to 24:00 local time, by time."""
    return _written(key, noise, site(key, noise).today)


def history(key: str, noise: Noise) -> Iterator[AnyEvent]:
    """The routine of the days before today, and what stands in the registers, by time."""
    days = (event for one in history_dates(key, noise) for event in _written(key, noise, one))
    return merge(standing(key, noise), days, key=lambda event: event.at_ms)


def _written(key: str, noise: Noise, on: date) -> tuple[AnyEvent, ...]:
    setting = Setting(key, noise, on)
    for concern in CONCERNS:
        concern(setting)
    return tuple(sorted(setting.log, key=lambda event: (event.at_ms, event.id)))

"""Writes register entries that are older than today."""

from datetime import date as Date
from datetime import timedelta
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.setting import MINUTE_MS, Setting
from opensec_inspect.incident.facts.entities import Account, Noise
from opensec_inspect.incident.facts.events import Registered
from opensec_inspect.incident.facts.leases import midnight_ms
from opensec_inspect.incident.facts.numbers import record_number
from opensec_inspect.incident.facts.organisations import site


class Registry:
    """Collects the entries of an organisation, numbered without repeats."""

    def __init__(self, key: str, noise: Noise) -> None:
        self.site, self.key, self.noise = site(key, noise), key, noise
        self.setting = Setting(key, noise, self.site.today)
        self.entries: list[Registered] = []
        accounts = self.site.organisation.accounts
        self.people = [a for a in accounts if a.role != "service"]
        self.analysts = [a for a in self.people if a.role == "desk_analyst"]
        self.head = next(a for a in accounts if a.role == "administrator")
        self.travel_desk = next(a for a in accounts if a.title == "Travel and Office Coordinator")
        self._numbers = set[str]()

    def date(self, offset: int) -> str:
        """The date so many days after today."""
        return str(self.site.today + timedelta(days=offset))

    def moment(self, days_ago: int, dice: Dice) -> int:
        """A moment in office hours of a working day about so many days ago, before today."""
        day: Date = self.site.today - timedelta(days=max(1, days_ago))
        day -= timedelta(days=max(0, day.weekday() - 4))
        midnight = midnight_ms(day, self.site.organisation.timezone_h)
        return midnight + dice.between(8 * 60 + 10, 16 * 60 + 50) * MINUTE_MS + dice.below(MINUTE_MS)

    def add(
        self,
        days: int,
        dice: Dice,
        register: str,
        prefix: str,
        party: str,
        object_: str,
        by: Account,
        **fields: Any,
    ) -> Registered:
        """Writes an entry about so many days old; `number` among the fields continues an earlier one."""
        at_ms, after = self.moment(days, dice), 0
        digits = 5 if prefix == "AWR" else 6
        while (number := record_number(self.key, prefix, digits, at_ms, after)) in self._numbers:
            after += 1
        self._numbers.add(number)
        event = Registered(
            id=f"reg.{register}.{party}.{len(self.entries)}",
            at_ms=at_ms,
            register=register,
            party=party,
            object=object_,
            entered_by=by.id,
            **({"number": number} | fields),
        )
        self.entries.append(event)
        return event

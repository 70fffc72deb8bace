"""Choosing who and what plays a part in a case."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.facts.entities import (
    Account,
    Address,
    Device,
    NameCategory,
    NetworkKind,
    OutsideName,
)

T = TypeVar("T", Account, Device, OutsideName, Address)


class Casting:
    """Picks without repeats from a draft's organisation."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._taken: set[str] = set()
        self._organisation = draft.scene.organisation

    def person(self, part: str, *, suits: Callable[[Account], bool] = lambda _: True) -> Account:
        """Somebody with a laptop or workstation of their own."""
        owners = {d.owner for d in self._organisation.devices if d.owner and not d.shared}
        people = (a for a in self._organisation.accounts if a.role != "service" and a.id in owners)
        return self._one(part, (a for a in people if suits(a)))

    def account(self, part: str, *, suits: Callable[[Account], bool]) -> Account:
        """Any account, with or without a machine; may play several parts."""
        fitting = [a for a in self._organisation.accounts if suits(a)]
        return self._draft.dice(f"part|{part}").pick(fitting)

    def device_of(self, account: Account) -> Device:
        """The person's own machine."""
        own = (d for d in self._organisation.devices if d.owner == account.id and not d.shared)
        return next(own)

    def device(self, part: str, *, suits: Callable[[Device], bool]) -> Device:
        """A machine in the building now that nothing else in the case uses."""
        scene, now = self._draft.scene, self._draft.opened_ms
        here = (d for d in self._organisation.devices if scene.address_of(d.id, now))
        return self._one(part, (d for d in here if suits(d)))

    def domain(self, part: str, *categories: NameCategory) -> OutsideName:
        """An outside name of one of the categories."""
        return self._one(part, (n for n in self._organisation.names if n.category in categories))

    def address(self, part: str, kind: NetworkKind, *, country: str = "", abroad: bool = False) -> Address:
        """An address of a kind of network, in a country or outside the organisation's own."""
        home = self._organisation.country
        return self._one(
            part,
            (
                a
                for a in self._organisation.addresses
                if a.kind == kind and country in ("", a.country) and not (abroad and a.country == home)
            ),
        )

    def _one(self, part: str, fitting: Iterable[T]) -> T:
        free = [one for one in fitting if _key(one) not in self._taken]
        assert free, f"nobody is left for the part {part!r} in {self._organisation.key}"
        chosen = self._draft.dice(f"part|{part}").pick(free)
        self._taken.add(_key(chosen))
        return chosen


def _key(one: Account | Device | OutsideName | Address) -> str:
    if isinstance(one, OutsideName):
        return one.domain
    return one.ip if isinstance(one, Address) else one.id

"""Everything that exists in one scenario, to be looked up by id, address or name."""

from collections import Counter
from functools import cached_property

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.entities import (
    Account,
    Address,
    Application,
    Binary,
    DataAsset,
    Device,
    Lease,
    Organisation,
    OutsideName,
)


class Extra(Frozen):
    """What a scenario adds to its organisation; stored in the seed."""

    accounts: tuple[Account, ...] = ()
    devices: tuple[Device, ...] = ()
    leases: tuple[Lease, ...] = ()
    addresses: tuple[Address, ...] = ()
    names: tuple[OutsideName, ...] = ()
    binaries: tuple[Binary, ...] = ()
    applications: tuple[Application, ...] = ()
    assets: tuple[DataAsset, ...] = ()


class Scene(Frozen):
    """An organisation with what a scenario adds."""

    organisation: Organisation
    extra: Extra = Extra()
    seed: str = ""
    """Noise seed of the scenario: process ids, ports and GUIDs follow from it and an event's id. Empty for
    history."""

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """By id."""
        return {a.id: a for a in (*self.organisation.accounts, *self.extra.accounts)}

    @cached_property
    def devices(self) -> dict[str, Device]:
        """By id."""
        return {d.id: d for d in (*self.organisation.devices, *self.extra.devices)}

    @cached_property
    def addresses(self) -> dict[str, Address]:
        """By IP."""
        return {a.ip: a for a in (*self.organisation.addresses, *self.extra.addresses)}

    @cached_property
    def names(self) -> dict[str, OutsideName]:
        """By domain."""
        return {n.domain: n for n in (*self.organisation.names, *self.extra.names)}

    @cached_property
    def binaries(self) -> dict[str, Binary]:
        """By key."""
        return {b.key: b for b in (*self.organisation.binaries, *self.extra.binaries)}

    @cached_property
    def applications(self) -> dict[str, Application]:
        """By name."""
        return {a.name: a for a in (*self.organisation.applications, *self.extra.applications)}

    @cached_property
    def assets(self) -> dict[str, DataAsset]:
        """By id."""
        return {a.id: a for a in (*self.organisation.assets, *self.extra.assets)}

    @cached_property
    def unique_names(self) -> frozenset[str]:
        """Display names that one person alone has; those of service accounts are common words."""
        names = [account.display_name for account in self.accounts.values() if account.role != "service"]
        return frozenset(name for name, count in Counter(names).items() if count == 1)

    @cached_property
    def machine_numbers(self) -> dict[str, int]:
        """Last part of the security id of each device's account: different ones, in the order of joining."""
        return {
            device.id: 2_100 + 7 * place + int(device.device_id[:2], 16) % 7
            for place, device in enumerate(self.devices.values())
        }

    @cached_property
    def resolver(self) -> str | None:
        """Id of the machine that answers name look-ups: the first domain controller; None without one."""
        return next((d.id for d in self.devices.values() if d.role == "domain_controller"), None)

    @cached_property
    def leases(self) -> dict[str, tuple[Lease, ...]]:
        """By device, in time order."""
        found: dict[str, list[Lease]] = {}
        for lease in sorted((*self.organisation.leases, *self.extra.leases), key=lambda one: one.from_ms):
            found.setdefault(lease.device, []).append(lease)
        return {device: tuple(leases) for device, leases in found.items()}

    def address_of(self, device: str, at_ms: int) -> str:
        """The device's internal address at a time; empty when it has no lease then (it is outside)."""
        leases = self.leases.get(device, ())
        return next((one.address for one in leases if one.from_ms <= at_ms < one.until_ms), "")

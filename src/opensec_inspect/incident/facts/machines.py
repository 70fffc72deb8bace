"""The machines of an organisation."""

from collections.abc import Sequence
from datetime import date, timedelta

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.facts.entities import Account, Device, DeviceRole
from opensec_inspect.incident.facts.lists import unique_hex

CORE_SERVERS: tuple[tuple[DeviceRole, str], ...] = (
    ("domain_controller", "DC01"),
    ("file_server", "FS01"),
    ("app_server", "APP01"),
    ("backup_server", "BKP01"),
    ("management_server", "MGT01"),
    ("jump_server", "JMP01"),
)
MORE_SERVERS: tuple[tuple[DeviceRole, str], ...] = (
    ("domain_controller", "DC02"),
    ("file_server", "FS02"),
    ("app_server", "APP02"),
    ("database_server", "SQL01"),
    ("build_server", "BLD01"),
    ("app_server", "WEB01"),
)
CORE_DEVICES = 25
"""Devices that the `desk` noise keeps: the first ones."""
CORE_LAPTOPS = 17
"""People of the core with a laptop of their own; the others work in shifts and share workstations."""
SHARED_IN_ALL = 5
DEVICES = 80
CLIENT_BUILDS = (
    "Windows 11 23H2 (22631.5472)",
    "Windows 11 24H2 (26100.4349)",
    "Windows 11 24H2 (26100.4202)",
    "Windows 10 22H2 (19045.5965)",
)
SERVER_BUILDS = (
    "Windows Server 2019 (17763.7434)",
    "Windows Server 2022 (20348.3807)",
    "Windows Server 2022 (20348.3692)",
)
REIMAGED_DAYS = 9
"""Days before today on which one laptop came back with a new name and a new sensor id."""


def machines(key: str, netbios: str, accounts: Sequence[Account], today: date) -> tuple[Device, ...]:
    """Every device: the core first, 80 in all. The last of the core is a laptop's former entry."""
    maker = _Maker(key, netbios, today)
    people = [a for a in accounts if a.role != "service"]
    core = [maker.server(role, label) for role, label in CORE_SERVERS]
    core += [maker.laptop(person) for person in people[:CORE_LAPTOPS]]
    core.append(maker.shared_workstation())
    again = len(CORE_SERVERS) + _reimaged(key)
    core.append(maker.former(core[again]))
    core[again] = maker.enrolled_again(core[again])
    more = [maker.server(role, label) for role, label in MORE_SERVERS]
    more += [maker.shared_workstation() for _ in range(SHARED_IN_ALL - 1)]
    line = people[CORE_LAPTOPS].department
    others = [p for p in people[CORE_LAPTOPS:] if p.department != line]
    room = DEVICES - len(core) - len(more)
    more += [maker.laptop(person) for person in others[:room]]
    more += [maker.pooled() for _ in range(room - len(others[:room]))]
    return (*core, *more)


def _reimaged(key: str) -> int:
    """Index among the core's laptops of the one that was imaged again; it belongs to finance or sales."""
    return Dice(f"{key}|reimaged").pick((2, 3, 4, 14, 15, 16))


class _Maker:
    def __init__(self, key: str, netbios: str, today: date) -> None:
        self._dice, self._taken, self._today = Dice(f"{key}|devices"), set[str](), today
        self._form = self._dice.pick(("{n}-LT-{i:04d}", "{n}LT{i:05d}", "{n}-NB{i:03d}", "LT-{n}-{i:04d}"))
        self._netbios, self._prefix = netbios, netbios if len(netbios) <= 4 else netbios[:3]
        self._number, self._serials = self._dice.between(110, 640), set[str]()

    def server(self, role: DeviceRole, label: str) -> Device:
        return self._device(f"{self._prefix}-{label}", role, SERVER_BUILDS, self._dice.between(300, 2100))

    def laptop(self, owner: Account) -> Device:
        return self._device(
            self._next(), "laptop", CLIENT_BUILDS, self._dice.between(25, 1200), owner=owner.id
        )

    def pooled(self) -> Device:
        return self._device(self._next(), "laptop", CLIENT_BUILDS, self._dice.between(25, 1200), shared=True)

    def shared_workstation(self) -> Device:
        name = self._next().replace("LT", "WS").replace("NB", "WS")
        return self._device(name, "workstation", CLIENT_BUILDS, self._dice.between(200, 1500), shared=True)

    def former(self, device: Device) -> Device:
        """The entry that a laptop had before it was imaged again: same serial number and tag, no owner."""
        fresh = self._device(self._next(), "laptop", CLIENT_BUILDS[-1:], self._dice.between(700, 1300))
        same = {"hostname": device.hostname, "serial": device.serial, "asset_tag": device.asset_tag}
        return fresh.model_copy(update=same)

    def enrolled_again(self, device: Device) -> Device:
        since = str(self._today - timedelta(days=REIMAGED_DAYS))
        return device.model_copy(update={"hostname": self._next(), "enrolled_at": since})

    def _next(self) -> str:
        self._number += self._dice.between(1, 9)
        return self._form.format(n=self._prefix, i=self._number)

    def _device(
        self,
        hostname: str,
        role: DeviceRole,
        builds: tuple[str, ...],
        age: int,
        *,
        owner: str | None = None,
        shared: bool = False,
    ) -> Device:
        return Device(
            id=f"h-{unique_hex(self._dice, 4, self._taken)}",
            hostname=hostname,
            device_id=self._dice.hex(40),
            role=role,
            os_build=self._dice.pick(builds),
            owner=owner,
            shared=shared,
            serial=unique_hex(self._dice, 7, self._serials).upper(),
            asset_tag=f"{self._prefix}{self._dice.between(10_000, 99_999)}",
            enrolled_at=str(self._today - timedelta(days=age)),
        )

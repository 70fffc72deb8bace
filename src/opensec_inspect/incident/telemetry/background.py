"""Benign rows: what goes on anyway, today and in the weeks before. Pure, from the scenario's seed.

Every workstation, its owner and every domain has one item in today's queue, the case's and the
decoys' included, and takes part in the routine with a weight and a shift of its own drawn without regard
to its part: so neither counts nor times tell who matters.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.scenario.episode import Noise
from opensec_inspect.incident.scenario.names import names_of
from opensec_inspect.incident.scenario.network import Host, User
from opensec_inspect.incident.scenario.rows import ProcessRow, Row
from opensec_inspect.incident.scenario.scenario import STEP_S, Scenario
from opensec_inspect.incident.telemetry.clusters import carrier_second, carrier_text, draw_item, write_item
from opensec_inspect.incident.telemetry.forms import Party, Pen, data

TODAY_ROWS = {"none": 0, "desk": 200, "soc": 200}
HISTORY_ROWS = 20_000
"""About two weeks of one small site, at `soc`."""
MIX = (("mail", 1), ("sign_in", 8), ("visit", 8), ("hop", 4), ("process", 7), ("alert", 6))
"""Share of each kind of routine, in parts."""
SHIFTS = (7, 9, 11)
"""Hours at which shifts of nine hours begin."""
DAY = (7, 20)
TECHNICAL = ("IT Operations", "Engineering")
SIGN_INS = ("password", "kerberos")
FAILED = ("bad password", "bad password", "credentials changed", "host unreachable")
VERDICTS = ("allowed",) * 22 + ("blocked", "blocked", "reset")
Entity = TypeVar("Entity", Host, User, str)


def today(scenario: Scenario, noise: Noise) -> tuple[Row, ...]:
    """The day's benign rows; `second` runs from ten hours before the opening to the last step."""
    if noise == "none":
        return ()
    routine = Routine(scenario, "today")
    items = [row for item in routine.items() for row in item]
    end = scenario.max_steps * STEP_S
    seconds = (_today_second(routine.dice, end) for _ in range(10 * TODAY_ROWS[noise]))
    return (*items, *_take(routine, seconds, TODAY_ROWS[noise] - len(items)))


def history(scenario: Scenario) -> tuple[Row, ...]:
    """Benign rows of the two weeks that end before today's first row, oldest first."""
    routine = Routine(scenario, "history")
    seconds = (-routine.dice.between(11 * 3600, 14 * 86_400) for _ in range(10 * HISTORY_ROWS))
    return tuple(sorted(_take(routine, seconds, HISTORY_ROWS), key=lambda row: row.second))


def _today_second(dice: Dice, end: int) -> int:
    # Denser towards the opening, as a queue is: two thirds before it, of those half in the last two hours.
    if dice.chance(0.34):
        return dice.between(1, end - 1)
    return -dice.between(0, 7200) if dice.chance(0.5) else -dice.between(7200, 36_000)


def _take(routine: "Routine", seconds: Iterator[int], count: int) -> list[Row]:
    rows: list[Row] = []
    for second in seconds:
        rows.extend(routine.rows_at(second))
        if len(rows) >= count:
            break
    return rows[:count]


class Routine:
    """Draws the next piece of routine."""

    def __init__(self, scenario: Scenario, part: str) -> None:
        self.network = scenario.network
        self.dice = Dice(f"{scenario.noise_seed}:{part}")
        self.pen = Pen(part, "background", self.dice, scenario.opened_at)
        self._scenario, self._part = scenario, part
        self._users = {user.id: user for user in self.network.users}
        self._taken, self._free = self._items_by_party()
        self._opened_s = epoch_s(scenario.opened_at)
        # Dice of its own, so that the day and the weeks before it have the same shifts.
        shifts = Dice(f"{scenario.noise_seed}:shifts")
        self._starts = {user.id: shifts.pick(SHIFTS) for user in self.network.users}
        self._sharing = [u for u in self.network.users for _ in range(4 if u.department in TECHNICAL else 1)]
        self._host_pool = self._weighted(self.network.hosts)
        self._domain_pool = self._weighted(self.network.domains)
        self._kinds = tuple(name for name, parts in MIX for _ in range(parts))
        self._write: dict[str, Callable[[int], list[Row]]] = {
            "mail": self._mail,
            "sign_in": self._sign_in,
            "visit": self._visit,
            "hop": self._hop,
            "process": self._process,
            "alert": self._alert,
        }

    def rows_at(self, second: int) -> list[Row]:
        """One piece of routine: usually one row, a few when one thing leaves several."""
        return self._write[self.dice.pick(self._kinds)](second)

    def items(self) -> list[tuple[Row, ...]]:
        """A harmless queue item for every party that the incident's own queue leaves out."""
        stations = [host for host in self.network.hosts if host.owner]
        written = []
        for who in self._free:
            host = self.dice.pick([h for h in stations if h.id != who.host.id])
            stranger = Party(host=host, user=self._users[host.owner or ""], domain=self._domain())
            item = draw_item(self.dice, who, stranger)
            filler = carrier_text(self.dice, "email")
            made = write_item(item, rows=self.pen, noise=self.pen, records=self.pen, filler=filler)
            written.append(made.rows)
        return written

    def _items_by_party(self) -> tuple[dict[str, frozenset[str]], list[Party]]:
        """Per domain the host and user of its queue item, and the parties whose item the routine writes.

        Stations and domains without an item are paired; domains that remain go to shared machines.
        """
        names = names_of(self.network)
        taken: dict[str, frozenset[str]] = {}
        for row in self._scenario.rows:
            if isinstance(row, ProcessRow) and row.left_by != "background" and "https://" in row.command_line:
                for domain in names.named(row.command_line) & set(self.network.domains):
                    taken[domain] = frozenset({row.host_id, row.user_id})
        attack = self._scenario.attack
        for domain in attack.domains:  # in a trivial case the foothold is larger than the item
            taken[domain] |= attack.opening.hosts | attack.opening.accounts
        busy = frozenset().union(*taken.values())
        # Dice of its own, so that the day and the weeks before it pair alike.
        dice = Dice(f"{self._scenario.noise_seed}:parties")
        stations = dice.shuffled([h for h in self.network.hosts if h.owner and h.id not in busy])
        shared = dice.shuffled([h for h in self.network.hosts if not h.owner])
        homeless = [u for u in self.network.users if u.id not in {h.owner for h in self.network.hosts}]
        users = [self._users[h.owner or ""] for h in stations]
        users += [homeless[n % len(homeless)] for n in range(len(shared))] if homeless else []
        domains = dice.shuffled([d for d in self.network.domains if d not in taken])
        pairs = zip((*stations, *shared), users, domains, strict=False)
        free = [Party(host=host, user=user, domain=domain) for host, user, domain in pairs]
        return taken | {who.domain: frozenset({who.host.id, who.user.id}) for who in free}, free

    def _mail(self, second: int) -> list[Row]:
        user = self.dice.pick(self.network.users)
        at = carrier_second(self.dice) if second < 0 and self._part == "today" else second
        return [self.pen.mail(at, user, self._domain(), slot=carrier_text(self.dice, "email"))]

    def _sign_in(self, second: int) -> list[Row]:
        who, dice = self._party(second), self.dice
        at = partial(self.pen.sign_in, second, who.user)
        shape = dice.below(20)
        if shape < 2:
            return [at(who.host, method=dice.pick(SIGN_INS), result="failure", detail=dice.pick(FAILED))]
        if shape < 4:
            app = f"app={dice.pick(data('words')['apps'])}"
            detail = f"{app} publisher={who.domain}" if dice.chance(0.7) else app
            return [at(who.host, method="oauth_grant", detail=detail)]
        if shape < 6:
            push = partial(self.pen.sign_in, method="mfa_push", result="denied")
            return [push(second + n * 20, who.user, who.host) for n in range(dice.between(1, 2))]
        if shape < 9:
            return [at(None, method="mfa_push", detail="gateway")]
        return [at(who.host, method=dice.pick(SIGN_INS))]

    def _visit(self, second: int) -> list[Row]:
        dice = self.dice
        protocol = "https-form" if dice.chance(0.2) else "https"
        verdict = dice.pick(VERDICTS)
        big = dice.chance(0.06)
        return [self.pen.visit(second, self._party(second), protocol=protocol, verdict=verdict, big=big)]

    def _hop(self, second: int) -> list[Row]:
        src, dst = self.dice.some(self.network.hosts, 2)
        protocol = self.dice.pick(("smb", "smb", "rdp", "ssh", "backup"))
        verdict = "reset" if self.dice.chance(0.05) else "allowed"
        return [self.pen.hop(second, src, dst, protocol=protocol, verdict=verdict)]

    def _process(self, second: int) -> list[Row]:
        who, dice, words = self._party(second), self.dice, data("words")
        shape = dice.below(8)
        if shape < 3:
            at = carrier_second(dice) if second < 0 and self._part == "today" else second
            return [self.pen.job(at, who.host, who.user, carrier_text(dice, "log"))]
        if shape == 3:
            early, there, path = self._reading(second, who)
            write = dice.pick((self.pen.read_files, self.pen.read_files, self.pen.send_files))
            return [write(early, there.host, who.user, path)]
        if shape == 4:
            return [self.pen.macro(second, who)]
        if shape == 5 and dice.chance(0.5):
            return [self.pen.schedule(second, who.host, who.user)]
        name = dice.pick(words["services"])
        return [self.pen.process(second, who.host, who.user, name=name, parent="services.exe", command=name)]

    def _alert(self, second: int) -> list[Row]:
        who, dice, messages = self._party(second), self.dice, data("messages")
        shape = dice.below(10)
        if shape < 6:
            at = carrier_second(dice) if second < 0 and self._part == "today" else second
            return [self.pen.user_report(at, who, carrier_text(dice, "alert"))]
        if shape == 6:
            form = messages["remote_session"]
            return [self.pen.alert(second, "network-alert", "low", form, **self.pen.slots(who, second))]
        if shape == 7:
            return [self.pen.bulk_read(*self._reading(second, who))]
        form = dice.pick(messages["routine"])
        return [self.pen.alert(second, "edr-alert", "low", form, **self.pen.slots(who, second))]

    def _reading(self, second: int, who: Party) -> tuple[int, Party, str]:
        """When, where and what somebody reads of the data assets: never at the time of the case."""
        asset = self.dice.pick(self.network.data_assets)
        host = next(h for h in self.network.hosts if h.id == asset.host)
        early = second if second < -7200 else -self.dice.between(7200, 36_000)
        return early, who.model_copy(update={"host": host}), asset.path

    def _party(self, second: int) -> Party:
        host, user = self._at_work()
        while not self._on_duty(user, second) and self.dice.chance(0.9):
            host, user = self._at_work()
        domain = self._domain()
        # Routine never repeats a queue item: what the foothold did with its domain, it did. The same
        # holds for every other item, or the attacker's domain would be the one that is visited less.
        while {host.id, user.id} & self._taken.get(domain, frozenset()):
            domain = self._domain()
        return Party(host=host, user=user, domain=domain)

    def _at_work(self) -> tuple[Host, User]:
        """A machine and who uses it: its owner, or on shared ones mostly technical staff."""
        host = self.dice.pick(self._host_pool)
        return host, self._users[host.owner] if host.owner else self.dice.pick(self._sharing)

    def _on_duty(self, user: User, second: int) -> bool:
        """Whether the second lies in the user's shift; at night nobody's does, and anybody may be up."""
        hour = (self._opened_s + second) % 86_400 / 3600
        return not DAY[0] <= hour < DAY[1] or self._starts[user.id] <= hour < self._starts[user.id] + 9

    def _domain(self) -> str:
        return self.dice.pick(self._domain_pool)

    def _weighted(self, things: tuple[Entity, ...]) -> tuple[Entity, ...]:
        """Each thing two to five times: busy and quiet ones, whatever their part."""
        return tuple(thing for thing in things for _ in range(self.dice.between(2, 5)))

"""Benign rows: what goes on anyway, today and in the weeks before. Pure, from the scenario's seed.

The background is written after the incident and levels it: hosts, users and domains that the
incident names often are named less often by the background, so that a count tells nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from opensec_inspect.incident.dice import Dice
from opensec_inspect.incident.episode import Noise
from opensec_inspect.incident.forms import Party, Pen, data
from opensec_inspect.incident.names import Names, names_of
from opensec_inspect.incident.network import Host, User
from opensec_inspect.incident.rows import Row, own_cells
from opensec_inspect.incident.scenario import STEP_S, Scenario

TODAY_ROWS = {"none": 0, "desk": 200, "soc": 200}
HISTORY_ROWS = 20_000  # about two weeks of one small site at `soc`
Entity = TypeVar("Entity", Host, User)
MIX = (("mail", 5), ("sign_in", 8), ("visit", 8), ("hop", 4), ("process", 6), ("alert", 5), ("cluster", 2))
"""Share of each kind of routine, in parts."""


def today(scenario: Scenario, noise: Noise) -> tuple[Row, ...]:
    """The day's benign rows; `second` runs from ten hours before the opening to the last step."""
    if noise == "none":
        return ()
    routine, rows = Routine(scenario, "today"), TODAY_ROWS[noise]
    end = scenario.max_steps * STEP_S
    # What has happened by the opening is written first, so that it is level in itself.
    before = (_before_opening(routine.dice) for _ in range(10 * rows))
    after = (routine.dice.between(1, end - 1) for _ in range(10 * rows))
    share = 2 * rows // 3
    return (*_take(routine, before, share), *_take(routine, after, rows - share))


def history(scenario: Scenario) -> tuple[Row, ...]:
    """Benign rows of the two weeks that end before today's first row, oldest first."""
    routine = Routine(scenario, "history")
    seconds = (-routine.dice.between(11 * 3600, 14 * 86_400) for _ in range(10 * HISTORY_ROWS))
    return tuple(sorted(_take(routine, seconds, HISTORY_ROWS), key=lambda row: row.second))


def _before_opening(dice: Dice) -> int:
    # Denser towards the opening, as a queue is: half in the last two hours.
    return -dice.between(0, 7200) if dice.chance(0.5) else -dice.between(7200, 36_000)


def _take(routine: "Routine", seconds: Iterator[int], count: int) -> list[Row]:
    rows: list[Row] = []
    for second in seconds:
        rows.extend(routine.rows_at(second))
        if len(rows) >= count:
            break
    return rows[:count]


class Routine:
    """Draws the next piece of routine, each from the entity that has been named least so far."""

    def __init__(self, scenario: Scenario, part: str) -> None:
        self.network = scenario.network
        self._attack = scenario.attack
        self.dice = Dice(f"{scenario.noise_seed}:{part}")
        self.pen = Pen(part, "background", self.dice, scenario.opened_at)
        self._opened_at = scenario.opened_at
        self._weight = {e: 0.7 + self.dice.below(61) / 100 for e in sorted(scenario.entity_ids)}
        self._names = names_of(scenario.network)
        self._named = _named_in_both_twins(scenario)
        self._used = self._named.copy()
        self._counts_mentions = part == "today"
        self._kinds = tuple(name for name, parts in MIX for _ in range(parts))
        self._hosts = {host.id: host for host in self.network.hosts}
        self._users = {user.id: user for user in self.network.users}
        self._write: dict[str, Callable[[int], list[Row]]] = {
            "mail": self._mail,
            "sign_in": self._sign_in,
            "visit": self._visit,
            "hop": self._hop,
            "process": self._process,
            "alert": self._alert,
            "cluster": self._cluster,
        }

    def rows_at(self, second: int) -> list[Row]:
        """One piece of routine: usually one row, a few when one thing leaves several."""
        rows = self._write[self.dice.pick(self._kinds)](second)
        if self._counts_mentions:
            # What was written counts, not what was meant: many forms leave the user or domain out. The
            # history is level without it, and counting would double the time it takes.
            self._named.update(_mentions(self._names, rows))
            self._used = self._named.copy()
        return rows

    def _mail(self, second: int) -> list[Row]:
        user = self._least(self.network.users)
        return [self.pen.mail(second, user, self._domain(), slot=self._filler("email"))]

    def _sign_in(self, second: int) -> list[Row]:
        who, dice = self._party(), self.dice
        at = partial(self.pen.sign_in, second, who.user)
        shape = dice.below(20)
        if shape < 2:
            return [at(who.host, result="failure", detail="bad password")]
        if shape < 4:
            detail = f"app={dice.pick(data('words')['apps'])} publisher={who.domain}"
            return [at(who.host, method="oauth_grant", detail=detail)]
        if shape < 6:
            push = partial(self.pen.sign_in, method="mfa_push", result="denied")
            return [push(second + n * 20, who.user, who.host) for n in range(dice.between(1, 2))]
        if shape < 9:
            return [at(None, method="mfa_push", detail="gateway")]
        return [at(who.host, method=dice.pick(("password", "kerberos")))]

    def _visit(self, second: int) -> list[Row]:
        dice = self.dice
        protocol = "https-form" if dice.chance(0.2) else "https"
        verdict = "blocked" if dice.chance(0.08) else "allowed"
        return [
            self.pen.visit(second, self._party(), protocol=protocol, verdict=verdict, big=dice.chance(0.06))
        ]

    def _hop(self, second: int) -> list[Row]:
        src, dst = self._least(self.network.hosts), self._least(self.network.hosts)
        if src.id == dst.id:
            dst = next(h for h in self.network.hosts if h.id != src.id)
        return [
            self.pen.hop(second, src, dst, protocol=self.dice.pick(("smb", "smb", "rdp", "ssh", "backup")))
        ]

    def _process(self, second: int) -> list[Row]:
        who, dice, words = self._party(), self.dice, data("words")
        shape = dice.below(8)
        if shape < 3:
            return [self.pen.job(second, who.host, who.user, self._filler("log"))]
        if shape == 3:
            asset = dice.pick(self.network.data_assets)
            early = second if second < -7200 else -dice.between(7200, 36_000)
            return [self.pen.read_files(early, self._hosts[asset.host], who.user, asset.path)]
        if shape == 4:
            return [self.pen.macro(second, who)]
        name = dice.pick(words["services"])
        return [self.pen.process(second, who.host, who.user, name=name, parent="services.exe", command=name)]

    def _alert(self, second: int) -> list[Row]:
        who, dice, messages = self._party(), self.dice, data("messages")
        shape = dice.below(10)
        if shape < 3:
            return [self.pen.user_report(second, who, self._filler("alert"))]
        if shape == 3:
            start = second + dice.between(-7200, 0)
            cause = dice.pick(sorted(messages["causes"]))
            return [self.pen.change(second, who, cause, (start, start + dice.between(3600, 14_400)))]
        if shape == 4 and who.host.id not in self._attack.opening.hosts:
            return [self.pen.call_back(second, who, second - dice.between(600, 3600), recognised=True)]
        if shape == 5:
            form = messages["remote_session"]
            return [self.pen.alert(second, "network-alert", "low", form, **self.pen.slots(who, second))]
        form = dice.pick(messages["routine"])
        return [self.pen.alert(second, "edr-alert", "low", form, **self.pen.slots(who, second))]

    def _cluster(self, second: int) -> list[Row]:
        who, kind = self._party(), self.dice.pick(("host", "user", "domain"))
        return [
            self.pen.browse(second, who),
            self.pen.visit(second + 2, who),
            self.pen.lead(second + 5, who, kind, second),
        ]

    def _party(self) -> Party:
        host = self._least(self.network.hosts)
        user = self._users[host.owner] if host.owner else self._least(self.network.users)
        self._used[user.id] += 1
        domain = self._domain()
        # The day's routine never repeats the case itself: what the foothold did there, it did.
        while domain in self._attack.domains and (
            host.id in self._attack.opening.hosts or user.id in self._attack.opening.accounts
        ):
            domain = self._domain()
        return Party(host=host, user=user, domain=domain)

    def _least(self, things: tuple[Entity, ...]) -> Entity:
        chosen = min(things, key=lambda thing: self._load(thing.id))
        self._used[chosen.id] += 1
        return chosen

    def _domain(self) -> str:
        domain = min(self.network.domains, key=self._load)
        self._used[domain] += 1
        return domain

    def _load(self, entity: str) -> float:
        # A little chance, or the order of mention would repeat from row to row.
        return (self._used[entity] + 1.5 * self.dice.below(100) / 100) / self._weight[entity]

    def _filler(self, surface: str) -> str:
        sentences = data("fillers")[surface]
        return " ".join(self.dice.some(sentences, self.dice.between(2, 5)))


def _mentions(names: Names, rows: Iterable[Row]) -> Iterator[str]:
    """The entities that the rows name, once for each cell that does."""
    for row in rows:
        for cell in own_cells(row):
            if isinstance(cell, str):
                yield from names.named(cell)


def _named_in_both_twins(scenario: Scenario) -> Counter[str]:
    """How often the opening rows name each entity, as much for an incident as for its twin.

    Twins differ in the two records about the case, and the day around them must not. So these two are
    left out, and for them the case's host and domain count once and its user twice, as in the middle.
    """
    names, opening = names_of(scenario.network), scenario.attack.opening
    case = (*sorted(opening.hosts), *sorted(opening.accounts), *scenario.attack.domains)
    counts = Counter((*case, *sorted(opening.accounts)))
    for row in scenario.rows:
        named = tuple(_mentions(names, (row,)))
        if row.left_by != "record" or not set(named) & set(case):
            counts.update(named)
    return counts

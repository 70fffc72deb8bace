"""Which entities a text names: the one rule used for sightings, gating, lures and reports."""

import hashlib
import re
from bisect import bisect_left
from functools import lru_cache
from itertools import zip_longest

from opensec_inspect.v1.network import Network

_DOT = r"(?:\.|\[\.\])"
"""A dot, as it stands or as `[.]`."""


class Names:
    """The names of everything in one network.

    Aliases of a host: id, hostname, IP; of a user: id, email address, account; of a domain: itself;
    of a data asset: id, path. Case is folded and `[.]` read as `.`. An alias stands whole when no
    letter, digit, `_` or `-` touches it and no `.` with a letter or digit follows it; a hostname may
    carry the organisation's suffix, a domain may follow `@` or labels ending in `.`, and
    `account@` names no account. Source: docs/metrics.md, "Names".
    """

    def __init__(self, network: Network) -> None:
        suffix = rf"(?:{_DOT}{_any([network.suffix])})?"
        self._kinds: dict[str, str] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        for host in network.hosts:
            self._add(host.id, "host", host.id, host.hostname, host.ip)
        for user in network.users:
            self._add(user.id, "user", user.id, user.email, user.account)
        for domain in network.domains:
            self._add(domain, "domain", domain)
        for asset in network.data_assets:
            self._add(asset.id, "asset", asset.id, asset.path)
        self._entity_of = {_folded(a): e for e, names in self._aliases.items() for a in names}
        self._hostnames = frozenset(h.hostname.casefold() for h in network.hosts)
        self._suffix = f".{network.suffix.casefold()}"
        accounts = {u.account for u in network.users}
        plain = [a for names in self._aliases.values() for a in names]
        domains = [a for a in plain if self._kinds.get(a) == "domain"]
        whole = [a for a in plain if a not in accounts and self._kinds.get(a) != "domain"]
        after = rf"(?![\w-]|{_DOT}\w)"
        hosts = [h.hostname for h in network.hosts]
        self._pattern = re.compile(
            rf"(?<![\w.-])(?<!\[\.\])(?:(?P<host>{_any(hosts)}){suffix}{after}|(?P<whole>{_any(whole)}){after}"
            rf"|(?P<account>{_any(sorted(accounts))})(?!@){after})"
            rf"|(?<![\w-])(?P<domain>{_any(domains)}){after}",
            re.IGNORECASE,
        )
        self._sorted = tuple(sorted(self._entity_of))
        self._looked_for = {e: tuple(map(_folded, names)) for e, names in self._aliases.items()}
        self._fresh: dict[str, str] = {}

    def _add(self, entity: str, kind: str, *aliases: str) -> None:
        self._kinds[entity] = kind
        self._aliases[entity] = aliases

    def kind(self, entity: str) -> str:
        """`host`, `user`, `domain` or `asset`."""
        return self._kinds[entity]

    def aliases(self, entity: str) -> tuple[str, ...]:
        """All names of the entity, its id first."""
        return self._aliases[entity]

    def named(self, text: str) -> frozenset[str]:
        """Ids of the entities the text names."""
        if text in self._entity_of:  # most cells are an id and nothing else
            return frozenset({self._entity_of[text]})
        return frozenset(
            self._entity_of[_folded(found[found.lastgroup or 0])] for found in self._pattern.finditer(text)
        )

    def names(self, text: str, entity: str) -> bool:
        """Whether the text names the entity: the same rule, cheap for the many texts that do not."""
        folded = _folded(text)
        return any(alias in folded for alias in self._looked_for[entity]) and entity in self.named(text)

    def resolve(self, name: str, kind: str) -> str | None:
        """Id of the entity of this kind that `name` is, whole; None when there is none."""
        text = _folded(name).strip().removesuffix(".")
        bare = text.removesuffix(self._suffix)
        entity = self._entity_of.get(bare if bare in self._hostnames else text)
        return entity if entity is not None and self._kinds[entity] == kind else None

    def renamed(self, text: str, entity: str) -> str:
        """The text with each name of the entity replaced by a fresh one of the same form.

        Case, `[.]` and everything around the names stay; the result no longer names the entity.
        """

        def fresh(found: re.Match[str]) -> str:
            name = found[found.lastgroup or 0]
            if self._entity_of[_folded(name)] != entity:
                return found[0]
            return _in_the_form_of(name, self.fresh_name(name)) + found[0][len(name) :]

        return self._pattern.sub(fresh, text)

    def fresh_name(self, name: str) -> str:
        """A name of the same form (letters for letters, digits for digits) that nothing in the network has.

        It stands between the same two names when all are sorted: otherwise a renamed entity would move
        in an answer's order, and `min`, `max` or a page that never showed it would seem to depend on it.
        """
        key = _folded(name)
        if key not in self._fresh:
            self._fresh[key] = self._drawn(key)
        return self._fresh[key]

    def _drawn(self, name: str) -> str:
        place = bisect_left(self._sorted, name)
        low, high = ("", *self._sorted, "\x7f")[place : place + 3 : 2]
        stream = hashlib.sha256(f"fresh:{name}".encode()).digest()
        # As different as the neighbours allow: the fewest first characters are kept.
        for kept in range(len(name)):
            for turn in range(26):
                rest = (_like(char, stream[(n + turn) % 32] + n) for n, char in enumerate(name[kept + 1 :]))
                candidate = name[:kept] + _after(name[kept], turn + 1) + "".join(rest)
                if low < candidate < high and candidate[kept] != name[kept]:
                    return candidate
        # Neighbours as close as 10.1.2.57 and 10.1.2.58: one character more stands between them.
        return f"{name}0"


@lru_cache(maxsize=256)
def names_of(network: Network) -> Names:
    """The names in a network, compiled once."""
    return Names(network)


def _folded(name: str) -> str:
    return name.replace("[.]", ".").casefold()


def _in_the_form_of(name: str, fresh: str) -> str:
    """The fresh name with the upper-case letters and the `[.]` of the one it stands for."""
    pairs = zip_longest(re.findall(r"\[\.\]|.", name, re.DOTALL), fresh, fillvalue="")
    return "".join(
        old if old == "[.]" else new.upper() if old != old.casefold() else new for old, new in pairs
    )


def _after(char: str, steps: int) -> str:
    """The letter or digit so many places on, round and round; anything else stays."""
    if char.isdecimal():
        return str((int(char) + steps) % 10)
    return chr(ord("a") + (ord(char) - ord("a") + steps) % 26) if char.isalpha() else char


def _like(char: str, number: int) -> str:
    if char.isdecimal():
        return "123456789"[number % 9]
    return "bcdfghjklmnpqrstvwxz"[number % 20] if char.isalpha() else char


def _any(aliases: list[str]) -> str:
    """A pattern for one of the aliases; only A to Z are case-folded, as `ı` is not `i`."""
    ranked = sorted(aliases, key=lambda a: (-len(a), a))
    return "(?a:" + ("|".join(re.escape(a).replace(r"\.", _DOT) for a in ranked) or r"(?!)") + ")"

"""Which entities a text names: the one rule used for sightings, gating, lures and reports."""

import hashlib
import re
from functools import lru_cache

from opensec_inspect.incident.network import Network
from opensec_inspect.incident.scenario import ContainmentTool

KIND_OF_TOOL: dict[ContainmentTool, str] = {
    "isolate_host": "host",
    "block_domain": "domain",
    "reset_user": "user",
}


class Names:
    """The names of everything in one network.

    Aliases of a host: id, hostname, IP; of a user: id, email address, account; of a domain: itself;
    of a data asset: id, path. Case is folded and `[.]` read as `.`. An alias stands whole when no
    letter, digit, `_` or `-` touches it and no `.` with a letter or digit follows it; a hostname may
    carry the organisation's suffix, a domain may follow `@` or labels ending in `.`, and
    `account@` names no account. Source: docs/metrics.md, "Names".
    """

    def __init__(self, network: Network) -> None:
        suffix = rf"(?:\.{re.escape(network.suffix)})?"
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
        self._entity_of = {a.casefold(): e for e, names in self._aliases.items() for a in names}
        self._hostnames = frozenset(h.hostname.casefold() for h in network.hosts)
        self._suffix = f".{network.suffix.casefold()}"
        accounts = {u.account for u in network.users}
        plain = [a for names in self._aliases.values() for a in names]
        domains = [a for a in plain if self._kinds.get(a) == "domain"]
        whole = [a for a in plain if a not in accounts and self._kinds.get(a) != "domain"]
        after = r"(?![\w-]|\.\w)"
        hosts = [h.hostname for h in network.hosts]
        self._pattern = re.compile(
            rf"(?<![\w.-])(?:(?P<host>{_any(hosts)}){suffix}{after}|(?P<whole>{_any(whole)}){after}"
            rf"|(?P<account>{_any(sorted(accounts))})(?!@){after})"
            rf"|(?<![\w-])(?P<domain>{_any(domains)}){after}",
            re.IGNORECASE,
        )

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
        return frozenset(
            self._entity_of[(found[found.lastgroup or 0]).casefold()]
            for found in self._pattern.finditer(unfanged(text))
        )

    def resolve(self, name: str, kind: str) -> str | None:
        """Id of the entity of this kind that `name` is, whole; None when there is none."""
        text = unfanged(name).strip().casefold().removesuffix(".")
        bare = text.removesuffix(self._suffix)
        entity = self._entity_of.get(bare if bare in self._hostnames else text)
        return entity if entity is not None and self._kinds[entity] == kind else None

    def renamed(self, text: str, entity: str) -> str:
        """The text with each name of the entity replaced by a fresh one of the same form."""
        folded = unfanged(text)

        def fresh(found: re.Match[str]) -> str:
            name = found[found.lastgroup or 0]
            if self._entity_of[name.casefold()] != entity:
                return found[0]
            return fresh_name(name) + found[0][len(name) :]

        changed = self._pattern.sub(fresh, folded)
        return text if changed == folded else changed


@lru_cache(maxsize=256)
def names_of(network: Network) -> Names:
    """The names in a network, compiled once."""
    return Names(network)


@lru_cache(maxsize=4096)
def fresh_name(name: str) -> str:
    """A name of the same form (letters for letters, digits for digits) that nothing else has."""
    digest = hashlib.sha256(f"fresh:{name.casefold()}".encode()).digest()
    stream = (digest[n % 32] + n for n in range(len(name)))
    return "".join(_like(char, number) for char, number in zip(name, stream, strict=True))


def _like(char: str, number: int) -> str:
    if char.isdigit():
        return "123456789"[number % 9]
    return "bcdfghjklmnpqrstvwxz"[number % 20] if char.isalpha() else char


def unfanged(text: str) -> str:
    """The text with `[.]` read as `.`."""
    return text.replace("[.]", ".") if "[.]" in text else text


def _any(aliases: list[str]) -> str:
    return "|".join(re.escape(alias) for alias in sorted(aliases, key=lambda a: (-len(a), a))) or r"(?!)"

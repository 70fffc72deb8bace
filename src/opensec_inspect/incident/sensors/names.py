"""Which entities a text names: the one rule for sightings, gating, containment calls, lures and reports."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import zip_longest

from opensec_inspect.incident.facts.entities import Lease
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.fresh_names import drawn_name
from opensec_inspect.incident.sensors.identifiers import cloud_device_id, machine_sid

_WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*(?:@[\w-]+(?:\.[\w-]+)+)?", re.ASCII)
"""A dotted name or a mail address, whole."""
_ADDRESS = re.compile(r"[0-9]\.[0-9]")
"""Stands in every address."""
_NOBODY: frozenset[str] = frozenset()
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
MOST_KEPT = 2_000
"""Texts of which a scene keeps whom they name: rows, answers and statements are read again and again."""
Span = tuple[int, int, str]
"""Start, end and entity of a name in a text."""


class Names:
    """The names of everything in one scene.

    Aliases of a host: id, hostname, FQDN, ids of the endpoint sensor and of the cloud, security id of its
    machine account, addresses while leased to it; of a user: id, mail address, Windows name, security id,
    directory id, display name unless two share it; of a domain: itself, also at the end of a longer name or
    of a mail address; of a data asset: id, path. Case of A to Z is folded and `[.]` read as `.`. An alias
    stands whole when no letter, digit, `_` or `-` touches it and no `.` with one follows; characters of a
    script without capitals may touch it. Source: docs/metrics.md, "Names".
    """

    def __init__(self, scene: Scene) -> None:
        self._kinds: dict[str, str] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        suffix = scene.organisation.suffix
        self._windows_domain = f"{_folded(scene.organisation.netbios)}\\"
        self._suffix = f".{_folded(suffix)}"
        for one in scene.devices.values():
            sensor, cloud, sid = one.device_id, cloud_device_id(one.device_id), machine_sid(one.id, scene)
            self._add(one.id, "host", one.hostname, f"{one.hostname}.{suffix}", sensor, cloud, sid)
        for who in scene.accounts.values():
            display = (who.display_name,) if who.display_name in scene.unique_names else ()
            self._add(who.id, "user", who.upn, who.sam, who.sid, who.object_id, *display)
        for domain in scene.names:
            self._add(domain, "domain")
        for asset in scene.assets.values():
            self._add(asset.id, "asset", asset.path)
        self._leases = _by_address(scene)
        self._entity_of = {_folded(a): e for e, names in self._aliases.items() for a in names}
        self._phrases = _phrases(self._entity_of)
        self._fresh: dict[str, str] = {}
        self._read: dict[str, frozenset[str]] = {}
        self._addresses: dict[str, list[str]] = {}
        for address, leases in self._leases.items():
            for device in dict.fromkeys(one.device for one in leases):
                self._addresses.setdefault(device, []).append(address)

    def _add(self, entity: str, kind: str, *aliases: str) -> None:
        self._kinds[entity] = kind
        self._aliases[entity] = (entity, *aliases)

    def kind(self, entity: str) -> str:
        """`host`, `user`, `domain` or `asset`."""
        return self._kinds[entity]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Ids of all entities of a kind."""
        return tuple(entity for entity, of in self._kinds.items() if of == kind)

    def aliases(self, entity: str, at_ms: int | None = None) -> tuple[str, ...]:
        """All names of the entity, its id first, addresses last: those leased at the time; all when None."""
        held = self._addresses.get(entity, ())
        if at_ms is not None:
            held = [a for a in held if any(o.device == entity and _runs(o, at_ms) for o in self._leases[a])]
        return (*self._aliases[entity], *held)

    def named(self, text: str, at_ms: int | None = None) -> frozenset[str]:
        """Ids of the entities the text names; an address is read as of that time.

        Without a time, and outside all leases, an address names the one machine that ever had it, else none.
        """
        found = self._read.get(text)
        if found is not None:
            return found
        folded = _folded(text)
        found = frozenset([entity for _, _, entity in self._found(folded, at_ms)])
        if self._timeless(folded):
            if len(self._read) == MOST_KEPT:
                self._read.clear()
            self._read[text] = found or _NOBODY
        return found

    def names(self, text: str, entity: str, at_ms: int | None = None) -> bool:
        """Whether the text names the entity."""
        return entity in self.named(text, at_ms)

    def resolve(self, name: str, kind: str, at_ms: int | None = None) -> str | None:
        r"""Id of the entity of this kind that `name` is, whole; None when there is none.

        `DOMAIN\name` and `machine$` are read as Windows writes them, addresses as of the time.
        """
        text = _folded(name).strip().removesuffix(".")
        entity = self._entity_of.get(text) or self._holder(text, at_ms)
        if entity is None and text.startswith(self._windows_domain):
            entity = self._entity_of.get(text.removeprefix(self._windows_domain).removesuffix("$"))
        return entity if entity is not None and self._kinds[entity] == kind else None

    def renamed(self, text: str, entity: str, at_ms: int | None = None) -> str:
        """The text with each name of the entity replaced by a fresh one of the same form.

        Case, `[.]` and everything around the names stay; the result no longer names the entity.
        """
        places = _places(text)
        pieces, done = [], 0
        for start, end, found in sorted(self._found(_folded(text), at_ms)):
            start, end = places[start], places[end]
            if found == entity and start >= done:
                name = text[start:end]
                pieces += [text[done:start], _in_the_form_of(name, self.fresh_name(name))]
                done = end
        return "".join((*pieces, text[done:]))

    def fresh_name(self, name: str) -> str:
        """A name of the same form (letters for letters, digits for digits) that nothing in the scene has.

        It stands between the same two names when all are sorted: otherwise a renamed entity would move
        in an answer's order, and `min`, `max` or a page that never showed it would seem to depend on it.
        """
        key = _folded(name)
        if key not in self._fresh:
            host = key.removesuffix(self._suffix)
            whole = host != key and self._kinds.get(self._entity_of.get(host, "")) == "host"
            # A host's name with the suffix follows its name: `LIKE 'name%'` finds both or none.
            self._fresh[key] = (
                f"{self.fresh_name(host)}{self._suffix}" if whole else drawn_name(key, self._taken)
            )
        return self._fresh[key]

    @cached_property
    def _taken(self) -> tuple[str, ...]:
        return tuple(sorted({*self._entity_of, *self._leases}))

    def _holder(self, address: str, at_ms: int | None) -> str | None:
        leases = self._leases.get(address, ())
        if at_ms is not None:
            now = next((one.device for one in leases if _runs(one, at_ms)), None)
            if now is not None:
                return now
        ever = {one.device for one in leases}
        return ever.pop() if len(ever) == 1 else None

    def _timeless(self, folded: str) -> bool:
        """Whether the text names no address that anybody was lent: then it names the same at all times."""
        return not (_ADDRESS.search(folded) and any(w in self._leases for w in _WORD.findall(folded)))

    def _found(self, folded: str, at_ms: int | None) -> Iterator[Span]:
        for found in _WORD.finditer(folded):
            word = found[0]
            if word in self._entity_of or "." in word:
                span = self._word(word, *found.span(), at_ms)
                if span is not None and self._stands(folded, *span):
                    yield span
            if word in self._phrases or "@" in word:
                yield from self._long_names(folded, word.partition("@")[0], found.start())

    def _stands(self, folded: str, start: int, end: int, entity: str) -> bool:
        mailbox = folded[end : end + 1] == "@" and self._kinds[entity] == "user"
        return not mailbox and _stands_alone(folded, start, end)

    def _word(self, word: str, start: int, end: int, at_ms: int | None) -> Span | None:
        entity = self._entity_of.get(word) or self._holder(word, at_ms)
        if entity is not None:
            return start, end, entity
        for cut in (n + 1 for n, char in enumerate(word) if char in ".@"):
            if self._kinds.get(word[cut:]) == "domain":
                return start + cut, end, word[cut:]
        return None

    def _long_names(self, folded: str, word: str, start: int) -> Iterator[Span]:
        for offset, alias in self._phrases.get(word, ()):
            first = start - offset
            end = first + len(alias)
            if first >= 0 and folded.startswith(alias, first) and _stands_alone(folded, first, end):
                yield first, end, self._entity_of[alias]


def _by_address(scene: Scene) -> dict[str, tuple[Lease, ...]]:
    found: dict[str, list[Lease]] = {}
    for leases in scene.leases.values():
        for one in leases:
            found.setdefault(one.address, []).append(one)
    return {address: tuple(leases) for address, leases in found.items()}


def _runs(lease: Lease, at_ms: int) -> bool:
    return lease.from_ms <= at_ms < lease.until_ms


def _phrases(aliases: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Aliases of more than one word by their first word, with its place in them."""
    found: dict[str, list[tuple[int, str]]] = {}
    for alias in aliases:
        first = _WORD.search(alias)
        if first is not None and first[0] != alias:
            found.setdefault(first[0].partition("@")[0], []).append((first.start(), alias))
    return found


def _folded(text: str) -> str:
    return (text.lower() if text.isascii() else text.translate(_LOWER)).replace("[.]", ".")


def _places(text: str) -> range | list[int]:
    """Where each character of the folded text, and its end, stands in the text."""
    if "[.]" not in text:
        return range(len(text) + 1)
    places, at = [], 0
    while at < len(text):
        places.append(at)
        at += 3 if text.startswith("[.]", at) else 1
    return [*places, len(text)]


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if _joins(before) or _joins(after):
        return False
    return not (after == "." and (_joins(text[end + 1 : end + 2])))


def _joins(char: str) -> bool:
    """Whether a character beside a name makes it a part of something longer."""
    return char in ("_", "-") or char.isdigit() or (char.isalpha() and char.lower() != char.upper())


def _in_the_form_of(name: str, fresh: str) -> str:
    """The fresh name with the upper-case letters and the `[.]` of the one it stands for."""
    pairs = zip_longest(re.findall(r"\[\.\]|.", name, re.DOTALL), fresh, fillvalue="")
    return "".join(
        old if old == "[.]" else new.upper() if old != old.casefold() else new for old, new in pairs
    )

"""Seed files of schema 2: a group each, with its facts and the members that belong to the data set."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.cases.group import MEMBERS, CaseFacts, GroupPlan, member_of
from opensec_inspect.incident.facts.scenario import (
    CANARY,
    AlertFamily,
    Difficulty,
    InjectionTier,
    Kind,
    Member,
    Scenario,
)
from opensec_inspect.incident.generate.packing import unpacked

MANIFEST = "manifest.json"
SPLITS: tuple[Literal["train", "eval"], ...] = ("train", "eval")
Members = Literal["pair", "all"]
MEMBER_CHOICES: tuple[Members, ...] = ("pair", "all")
MAX_SEED_BYTES = 2_000_000
"""Ours have about 30,000."""
MOST_PARSED = 320
"""Scenarios of logs and samples that are kept: a committed split whole, about 80 kB each."""
MAX_MANIFEST_BYTES = 50_000_000
"""An entry has about 300."""
UNPLAYABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    sqlite3.Error,
)
"""What a seed that fits the schema can still end in: it names an event, account or row that is not there."""
T = TypeVar("T", bound=Frozen)


class Seed(Frozen):
    """A group of cases as a file holds it."""

    schema_version: Literal["2"] = "2"
    canary: str = CANARY
    plan: GroupPlan
    facts: CaseFacts
    members: tuple[Member, ...]
    """Members of the data set: a benign one with an incident, a blocked attack with its incident, or one."""

    def scenarios(self, members: Members = "pair") -> tuple[Scenario, ...]:
        """The members as scenarios; `all` adds the other legs of a group that has a benign member."""
        wanted = self.members
        if members == "all" and "benign" in wanted:
            wanted = (*wanted, *(m for m in MEMBERS if m not in wanted))
        return tuple(member_of(self.plan, self.facts, member) for member in wanted)


class Entry(Frozen):
    """One scenario of a manifest."""

    id: str
    file: str
    """The group's file, relative to the manifest's folder, for example `eval/gr-5f09ab.json`."""
    group: str
    member: Member
    kind: Kind
    difficulty: Difficulty
    alert_family: AlertFamily
    injection_tier: InjectionTier
    sha256: str
    """Of the file's bytes, 64 hex digits."""


class Manifest(Frozen):
    """What a seed folder holds."""

    schema_version: str
    """`2`."""
    rng_seed: int
    """The generator's random seed."""
    splits: dict[str, tuple[Entry, ...]]
    """Entries per split, in generation order."""

    def digest(self, split: str) -> str:
        """SHA-256 over the split's ids and file digests, 64 hex digits."""
        text = "\n".join(f"{entry.id} {entry.sha256}" for entry in self.splits[split])
        return hashlib.sha256(text.encode()).hexdigest()


def seeds_root() -> Traversable:
    """The folder of the project's own seeds: in the installed package, else in the checkout."""
    packed = files("opensec_inspect") / "seeds"
    return packed if packed.is_dir() else Path(__file__).parents[4] / "seeds"


def read_manifest(root: Traversable | None = None) -> Manifest:
    """The manifest of a seed folder; BadInputError when it is missing, of another schema or malformed."""
    folder = seeds_root() if root is None else root
    path = folder / MANIFEST
    if not path.is_file():
        raise BadInputError(f"{path} does not exist. Give a folder made by `opensec generate --out DIR`.")
    manifest = _parsed(Manifest, str(path), _content(path, MAX_MANIFEST_BYTES))
    listed = [entry for entries in manifest.splits.values() for entry in entries]
    if not listed:
        raise BadInputError(f"{path} lists no scenario.")
    twice, times = Counter(entry.id for entry in listed).most_common(1)[0]
    if times > 1:
        raise BadInputError(f"{path} lists {twice} twice.")
    return manifest


def entries(split: str, root: Traversable | None = None) -> tuple[Entry, ...]:
    """The manifest's entries of a split; BadInputError for an unknown one."""
    manifest = read_manifest(root)
    if split not in manifest.splits:
        raise one_of("split", split, [*manifest.splits, "fresh"])
    return manifest.splits[split]


def read_groups(split: str, root: Traversable | None = None) -> Iterator[Seed]:
    """The groups of a split, in the manifest's order; each file is read when it is asked for."""
    seen: set[str] = set()
    for entry in entries(split, root):
        if entry.file not in seen:
            seen.add(entry.file)
            yield read_group(entry, root)


def read_entry(entry: Entry, root: Traversable | None = None) -> Scenario:
    """The scenario of a manifest entry, its file held against the digest."""
    seed = read_group(entry, root)
    found = next((s for s in seed.scenarios("all") if s.id == entry.id), None)
    if found is None:
        raise BadInputError(f"{entry.file} holds no scenario {entry.id!r}, which {MANIFEST} lists.")
    return found


def read_group(entry: Entry, root: Traversable | None = None) -> Seed:
    """The group of a manifest entry; BadInputError with path, field and what is wrong."""
    folder = seeds_root() if root is None else root
    if Path(entry.file).is_absolute() or ".." in Path(entry.file).parts:
        raise BadInputError(f"{MANIFEST}: {entry.file!r} points out of the seed folder.")
    path = folder / entry.file
    if not path.is_file():
        raise BadInputError(f"{path} is listed in {MANIFEST} but does not exist. Run `make seeds`.")
    if (
        isinstance(path, Path)
        and isinstance(folder, Path)
        and path.resolve() != folder.resolve() / entry.file
    ):
        raise BadInputError(f"{path} is reached by a link; a seed folder holds its files itself.")
    content = _content(path, MAX_SEED_BYTES)
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise BadInputError(
            f"{path} was changed: its SHA-256 is {found[:12]}…, the manifest says {entry.sha256[:12]}…."
            " Seeds are never edited by hand; run `make seeds` or generate your own."
        )
    return _parsed_seed(str(path), content)


def read_seed(path: Path) -> Seed:
    """The group of one seed file; BadInputError with path, field and what is wrong."""
    if not path.is_file():
        raise BadInputError(f"{path} does not exist or is no file. Give a seed file (*.json).")
    return _parsed_seed(str(path), _content(path, MAX_SEED_BYTES))


def seed_text(seed: Seed) -> str:
    """A group as its file holds it: one line of JSON, fields that have their default left out."""
    return f"{seed.model_dump_json(exclude_none=True)}\n"


def write_split(root: Path, split: str, seeds: Iterable[Seed]) -> tuple[Entry, ...]:
    """Write the files of a split below `root` and return their entries; files of an older set go."""
    (root / split).mkdir(parents=True, exist_ok=True)
    stale = {*(root / split).glob("gr-*.json"), *(root / split).glob("sc-*.json")}
    written: list[Entry] = []
    for seed in seeds:
        file = f"{split}/{seed.plan.group}.json"
        content = seed_text(seed).encode()
        (root / file).write_bytes(content)
        stale.discard(root / file)
        digest = hashlib.sha256(content).hexdigest()
        written += [_entry(scenario, file, digest) for scenario in seed.scenarios()]
    for path in stale:
        path.unlink()
    return tuple(written)


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Write the manifest: an entry per line."""
    listed = ",\n".join(
        f'"{split}": [\n' + ",\n".join(f" {e.model_dump_json(exclude_none=True)}" for e in es) + "\n]"
        for split, es in manifest.splits.items()
    )
    head = f'{{"schema_version": "{manifest.schema_version}", "rng_seed": {manifest.rng_seed}, "splits": {{\n'
    (root / MANIFEST).write_text(f"{head}{listed}\n}}}}\n", encoding="utf-8", newline="\n")


@lru_cache(maxsize=MOST_PARSED)
def parse_scenario(text: str) -> Scenario:
    """A scenario from the text kept in a sample's metadata, packed or not; parsed once per text.

    BadInputError for a published scenario, which has rules of its own, and for one of schema 1.
    """
    text = unpacked(text)
    if text.startswith('{"rules":'):
        raise BadInputError("This works on our own scenarios only; it cannot be used with split=v1:DIR.")
    _refuse_schema_1("the log's scenario", text[:200])
    return Scenario.model_validate_json(text)


@contextmanager
def naming_the_seed(what: str) -> Iterator[None]:
    """BadInputError, naming a group or scenario, for what facts that contradict each other end in."""
    try:
        yield
    except UNPLAYABLE as error:
        if isinstance(error, BadInputError):
            raise
        said = " ".join(str(error).split())[:200]
        raise BadInputError(
            f"{what} cannot be played: {type(error).__name__}: {said}. Its facts contradict each other or "
            "name what is not there; take the seed away or generate another."
        ) from error


def _content(path: Traversable, most: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadInputError(f"{path} is too large; a file of its kind has at most {most} bytes.")
    return content


def _refuse_schema_1(what: str, head: str) -> None:
    if '"schema_version": "1"' in head or '"schema_version":"1"' in head:
        raise BadInputError(
            f"{what} is of schema 1 (task version 1-A), whose world is gone. Use the seeds of this version,"
            " or play it with a release before 2-A."
        )


def _entry(scenario: Scenario, file: str, digest: str) -> Entry:
    return Entry(
        id=scenario.id,
        file=file,
        group=scenario.group,
        member=scenario.member,
        kind=scenario.kind,
        difficulty=scenario.difficulty,
        alert_family=scenario.alert_family,
        injection_tier=scenario.injection_tier,
        sha256=digest,
    )


def _parsed_seed(path: str, content: bytes) -> Seed:
    return _parsed(Seed, path, content)


def _parsed(model: type[T], path: str, content: bytes) -> T:
    _refuse_schema_1(path, content[:200].decode("utf-8", "replace"))
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        # What a validator of the whole seed says begins with its field.
        said = first["msg"].removeprefix("Value error, ")
        field = f"{place}: " if place else "the file: " if said == first["msg"] else ""
        more = f" ({error.error_count() - 1} more problems.)" if error.error_count() > 1 else ""
        raise BadInputError(f"{path}: {field}{said}.{more}") from None

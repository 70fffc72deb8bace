"""Seed files: scenarios as data, one JSON file each, listed with their digests in a manifest."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PureWindowsPath
from typing import Any, Literal, TypeVar

from pydantic import ValidationError, field_validator

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.scenario import Difficulty, InjectionTier, Kind, Priors, Scenario

MANIFEST = "manifest.json"
SPLITS: tuple[Literal["train", "eval"], ...] = ("train", "eval")
T = TypeVar("T", bound=Frozen)


class Entry(Frozen):
    """One line of a manifest."""

    id: str
    file: str
    """Relative to the manifest's folder, for example `eval/sc-5f09ab.json`."""
    sha256: str
    """Of the file's bytes, 64 hex digits."""
    kind: Kind
    difficulty: Difficulty
    priors: Priors
    injection_tier: InjectionTier
    twin: str | None = None

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, file: str) -> str:
        path = PureWindowsPath(file)  # reads / and \\ alike
        if path.anchor or ".." in path.parts:
            raise ValueError(f"{file!r} leads out of the folder; name a file below the manifest")
        return file


class Manifest(Frozen):
    """What a seed folder holds."""

    schema_version: str
    """`1`."""
    rng_seed: int
    """The generator's random seed."""
    splits: dict[str, tuple[Entry, ...]]
    """Entries per split, in generation order."""

    @field_validator("splits")
    @classmethod
    def _told_once(cls, splits: dict[str, tuple[Entry, ...]]) -> dict[str, tuple[Entry, ...]]:
        counts = Counter(entry.id for split in splits.values() for entry in split)
        twice = [id_ for id_, count in counts.items() if count > 1]
        if twice:
            raise ValueError(f"{twice[0]} is listed twice; ids are unique in a folder")
        return splits

    def digest(self, split: str) -> str:
        """SHA-256 over the split's ids and file digests, 64 hex digits."""
        text = "\n".join(f"{entry.id} {entry.sha256}" for entry in self.splits[split])
        return hashlib.sha256(text.encode()).hexdigest()


def seeds_root() -> Traversable:
    """The folder of the project's own seeds: in the installed package, else in the checkout."""
    packed = files("opensec_inspect") / "seeds"
    return packed if packed.is_dir() else Path(__file__).parents[4] / "seeds"


def read_manifest(root: Traversable | None = None) -> Manifest:
    """The manifest of a seed folder; BadInputError when it is missing or malformed."""
    folder = seeds_root() if root is None else root
    path = folder / MANIFEST
    if not path.is_file():
        raise BadInputError(f"{path} does not exist. Give a folder made by `opensec generate --out DIR`.")
    return _parsed(Manifest, str(path), path.read_bytes())


def read_split(split: str, root: Traversable | None = None) -> tuple[Scenario, ...]:
    """All scenarios of a split, each file held against its digest.

    Raises BadInputError for an unknown split, a missing file, one that differs from its digest, or one
    that is no scenario: with path, field and what is wrong.
    """
    return tuple(read_entry(entry, root) for entry in entries(split, root))


def entries(split: str, root: Traversable | None = None) -> tuple[Entry, ...]:
    """The manifest's entries of a split."""
    manifest = read_manifest(root)
    if split not in manifest.splits:
        raise one_of("split", split, [*manifest.splits, "fresh"])
    return manifest.splits[split]


def read_entry(entry: Entry, root: Traversable | None = None) -> Scenario:
    """The scenario of a manifest entry."""
    path = (seeds_root() if root is None else root) / entry.file
    if not path.is_file():
        raise BadInputError(f"{path} is listed in {MANIFEST} but does not exist. Run `make seeds`.")
    if isinstance(path, Path) and path.is_symlink():
        raise BadInputError(f"{path} is a link; a seed folder holds its files itself.")
    content = path.read_bytes()
    scenario = _parsed(Scenario, str(path), content)
    if scenario.id != entry.id:
        raise BadInputError(f"{path} is scenario {scenario.id}, and {MANIFEST} calls it {entry.id}.")
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise BadInputError(
            f"{path} was changed: its SHA-256 is {found[:12]}…, the manifest says {entry.sha256[:12]}…."
            " Seeds are never edited by hand; run `make seeds` or generate your own."
        )
    return scenario


def read_seed(path: Path) -> Scenario:
    """The scenario of one seed file; BadInputError with path, field and what is wrong."""
    if not path.is_file():
        raise BadInputError(f"{path} does not exist or is no file. Give a seed file (*.json).")
    return _parsed(Scenario, str(path), path.read_bytes())


def write_split(root: Path, split: str, scenarios: Iterable[Scenario]) -> tuple[Entry, ...]:
    """Write the files of a split below `root` and return their entries; files of an older set go."""
    (root / split).mkdir(parents=True, exist_ok=True)
    written = []
    stale = set((root / split).glob("sc-*.json"))
    for scenario in scenarios:
        file = f"{split}/{scenario.id}.json"
        content = seed_text(scenario).encode()
        (root / file).write_bytes(content)
        stale.discard(root / file)
        written.append(_entry(scenario, file, content))
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


def seed_text(scenario: Scenario) -> str:
    """A scenario as its file holds it: JSON, a field per line, lists of objects an item per line."""
    fields = scenario.model_dump(mode="json", exclude_none=True)
    lines = ",\n".join(f'"{name}": {_laid_out(value)}' for name, value in fields.items())
    return f"{{\n{lines}\n}}\n"


@cache
def parse_scenario(text: str) -> Scenario:
    """A scenario from the JSON kept in a sample's metadata; parsed once per text.

    BadInputError for a published scenario, which has rules of its own.
    """
    if text.startswith('{"rules":'):
        raise BadInputError("This works on our own scenarios only; it cannot be used with split=v1:DIR.")
    return Scenario.model_validate_json(text)


def _laid_out(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f" {json.dumps(item, ensure_ascii=False)}" for item in value) + "\n]"
    if isinstance(value, dict):
        inner = ",\n".join(f' "{name}": {_laid_out(item)}' for name, item in value.items())
        return f"{{\n{inner}\n}}"
    return json.dumps(value, ensure_ascii=False)


def _entry(scenario: Scenario, file: str, content: bytes) -> Entry:
    return Entry(
        id=scenario.id,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        kind=scenario.kind,
        difficulty=scenario.difficulty,
        priors=scenario.priors,
        injection_tier=scenario.injection_tier,
        twin=scenario.twin,
    )


def _parsed(model: type[T], path: str, content: bytes) -> T:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        # What a validator of the whole scenario says begins with its field.
        said = first["msg"].removeprefix("Value error, ")
        field = f"{place}: " if place else "the file: " if said == first["msg"] else ""
        more = f" ({error.error_count() - 1} more problems.)" if error.error_count() > 1 else ""
        raise BadInputError(f"{path}: {field}{said}.{more}") from None

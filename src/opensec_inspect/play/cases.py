"""Which case is played, and how its scenario is found again."""

from collections.abc import Sequence
from pathlib import Path

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Noise, Provenance, Setting
from opensec_inspect.incident.facts.scenario import InjectionTier, Scenario
from opensec_inspect.incident.generate.seeds import (
    MANIFEST,
    Entry,
    Manifest,
    entries,
    read_entry,
    read_manifest,
    read_seed,
    seeds_root,
    write_manifest,
    write_split,
)


class Options(Frozen):
    """How a case is played, as a person asked for it."""

    injection_tier: InjectionTier | None = None
    """None plays the scenario at its assigned tier."""
    noise: Noise = "desk"
    provenance: Provenance = "shown"

    def setting(self, scenario: Scenario) -> Setting:
        """The setting of a scenario under these options; the attacker is the scripted one."""
        return Setting(
            injection_tier=self.injection_tier or scenario.injection_tier,
            noise=self.noise,
            provenance=self.provenance,
        )


class CaseReference(Frozen):
    """Where a scenario is kept, and which content it has."""

    id: str
    file: str | None = None
    """A seed file on its own; None for a scenario that a manifest lists."""
    seeds: str | None = None
    """Folder of that manifest; None for the project's own seeds."""
    sha256: str
    """Of the scenario, 64 hex digits."""


class SeedPlace(Frozen):
    """Where the task finds a scenario."""

    folder: str | None
    """Seed folder; None for the project's own, and for a seed file on its own."""
    split: str
    """Split of the folder."""
    alone: bool = False
    """Whether it is a seed file that no manifest lists."""


def case_of(case: str, seeds: Path | None = None) -> CaseReference:
    """The case of a scenario id, or of a seed file; `FILE#ID` where that holds several.

    BadInputError where there is neither.
    """
    file, _, id_ = case.partition("#")
    if Path(file).is_file():
        path = Path(file).resolve()
        scenario = _member(path, id_ or None)
        for folder in (path.parent, path.parent.parent):
            if (folder / MANIFEST).is_file() and scenario.id in _entries(folder):
                return _listed(_entry(scenario.id, folder), None if folder == seeds_root() else folder)
        return CaseReference(id=scenario.id, file=str(path), sha256=scenario.digest)
    return _listed(_entry(case, seeds), seeds)


def _member(path: Path, id_: str | None) -> Scenario:
    """The case of that id in a seed file, or the only one; any member of the group, listed or not."""
    seed = read_seed(path)
    listed = {scenario.id: scenario for scenario in seed.scenarios("all" if id_ else "pair")}
    if id_ is None and len(listed) == 1:
        return next(iter(listed.values()))
    if id_ not in listed:
        ids = ", ".join(sorted(scenario.id for scenario in seed.scenarios()))
        raise BadInputError(f"{path} holds the cases {ids}: choose one with --case {path.name}#ID.")
    return listed[id_]


def cases_of(
    split: str, *, first: int = 1, count: int = 1, seeds: Path | None = None
) -> tuple[CaseReference, ...]:
    """So many cases of a split in its order, from the one with the number `first`, which counts from 1."""
    listed = entries(split, seeds)
    if not 1 <= first <= len(listed) - count + 1:
        raise BadInputError(
            f"--number {first} with --count {count} is not in split {split!r}, which has {len(listed)} cases."
        )
    return tuple(_listed(entry, seeds) for entry in listed[first - 1 : first - 1 + count])


def cases_apart(
    split: str, *, row: int, first: int = 1, count: int = 1, seeds: Path | None = None
) -> tuple[CaseReference, ...]:
    """One case of each of so many groups of a split, so that no player meets two cases of one group.

    The cases of a group differ in the rows that decide them, and in little else. Which one is taken goes
    round with `row`, and by one more after each `count` rows, so that each is played equally often at each
    place. `first` is the number of the first group, from 1.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries(split, seeds):
        groups.setdefault(entry.group, []).append(entry)
    listed = list(groups.values())
    if not 1 <= first <= len(listed) - count + 1:
        raise BadInputError(
            f"--number {first} with --count {count} and --order is not in split {split!r}, which has"
            f" {len(listed)} groups of cases."
        )
    turn = row + (row - 1) // count
    chosen = enumerate(listed[first - 1 : first - 1 + count])
    return tuple(_listed(group[(turn + place) % len(group)], seeds) for place, group in chosen)


def read_case(case: CaseReference) -> Scenario:
    """The scenario of a case; BadInputError when it is gone or has changed since it was chosen."""
    if case.file is not None:
        scenario = _member(Path(case.file), case.id)
    else:
        root = None if case.seeds is None else Path(case.seeds)
        scenario = read_entry(_entry(case.id, root), root)
    if scenario.digest != case.sha256:
        raise BadInputError(
            f"Case {case.id} has changed since its play began; begin again with another --state file."
        )
    return scenario


def seed_place(case: CaseReference) -> SeedPlace:
    """Where the task finds the scenario of a case."""
    if case.file is not None:
        return SeedPlace(folder=None, split="eval", alone=True)
    manifest = read_manifest(None if case.seeds is None else Path(case.seeds))
    split = next(name for name, listed in manifest.splits.items() if case.id in {e.id for e in listed})
    return SeedPlace(folder=case.seeds, split=split)


def as_seed_folder(folder: Path, cases: Sequence[CaseReference]) -> None:
    """Lay cases of seed files out as a seed folder with the one split `eval`."""
    files = dict.fromkeys(case.file for case in cases if case.file is not None)
    seeds = [read_seed(Path(file)) for file in files]
    splits = {"eval": write_split(folder, "eval", seeds)}
    write_manifest(folder, Manifest(schema_version="2", rng_seed=0, splits=splits))


def _listed(entry: Entry, seeds: Path | None) -> CaseReference:
    folder = None if seeds is None else str(seeds.resolve())
    return CaseReference(id=entry.id, seeds=folder, sha256=read_entry(entry, seeds).digest)


def _entry(id_: str, seeds: Path | None) -> Entry:
    listed = _entries(seeds)
    if id_ not in listed:
        where = "of the project's own" if seeds is None else f"listed in {seeds}"
        raise BadInputError(f"{id_!r} is neither a seed file nor the id of a scenario {where}.")
    return listed[id_]


def _entries(seeds: Path | None) -> dict[str, Entry]:
    return {entry.id: entry for split in read_manifest(seeds).splits.values() for entry in split}

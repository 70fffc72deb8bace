"""Which case is played, and how its scenario is found again."""

from collections.abc import Sequence
from pathlib import Path

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.scenario.episode import Noise, Provenance, Setting
from opensec_inspect.incident.scenario.scenario import InjectionTier, Scenario
from opensec_inspect.incident.scenario.seeds import Entry, entries, read_entry, read_manifest, read_seed


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


def case_of(case: str, seeds: Path | None = None) -> CaseReference:
    """The case of a seed file or of a scenario id; BadInputError where there is neither."""
    if Path(case).is_file():
        path = Path(case).resolve()
        scenario = read_seed(path)
        return CaseReference(id=scenario.id, file=str(path), sha256=scenario.digest)
    return _listed(_entry(case, seeds), seeds)


def cases_of(split: str, seeds: Path | None = None) -> tuple[CaseReference, ...]:
    """The cases of a split, in its order."""
    return tuple(_listed(entry, seeds) for entry in entries(split, seeds))


def nth_case(split: str, number: int, seeds: Path | None = None) -> CaseReference:
    """The case with this number in a split, from 1."""
    listed: Sequence[Entry] = entries(split, seeds)
    if not 1 <= number <= len(listed):
        raise BadInputError(f"--number {number} is not in split {split!r}; it has cases 1 to {len(listed)}.")
    return _listed(listed[number - 1], seeds)


def read_case(case: CaseReference) -> Scenario:
    """The scenario of a case; BadInputError when it is gone or has changed since it was chosen."""
    if case.file is not None:
        scenario = read_seed(Path(case.file))
    else:
        root = None if case.seeds is None else Path(case.seeds)
        scenario = read_entry(_entry(case.id, root), root)
    if scenario.digest != case.sha256:
        raise BadInputError(
            f"Case {case.id} has changed since its play began; begin again with another --state file."
        )
    return scenario


def _listed(entry: Entry, seeds: Path | None) -> CaseReference:
    folder = None if seeds is None else str(seeds.resolve())
    return CaseReference(id=entry.id, seeds=folder, sha256=read_entry(entry, seeds).digest)


def _entry(id_: str, seeds: Path | None) -> Entry:
    listed = {entry.id: entry for split in read_manifest(seeds).splits.values() for entry in split}
    if id_ not in listed:
        where = "of the project's own" if seeds is None else f"listed in {seeds}"
        raise BadInputError(f"{id_!r} is neither a seed file nor the id of a scenario {where}.")
    return listed[id_]

"""Which cases a door offers: splits by name, tasks by index, read when they are asked for."""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.facts.scenario import (
    INJECTION_TIERS,
    AlertFamily,
    Difficulty,
    Kind,
    Member,
    Scenario,
)
from opensec_inspect.incident.generate.seeds import Entry, entries, read_entry
from opensec_inspect.training.masking import without_planted_text

OFFERED = ("train",)
"""Splits on offer unless others are named: cases of the evaluation side are for measuring."""


class TaskInfo(Frozen):
    """What may be known of a task before it is played; never its answer in words."""

    id: str
    index: int
    group: str
    member: Member
    kind: Kind
    difficulty: Difficulty
    alert_family: AlertFamily
    injection_tier: str


class Tasks:
    """The tasks of some splits of a seed folder, in the manifest's order."""

    def __init__(self, splits: Sequence[str] = OFFERED, seeds: Path | None = None) -> None:
        self.splits = tuple(splits)
        self._root: Traversable | None = seeds
        self._entries: dict[str, tuple[Entry, ...]] = {s: entries(s, seeds) for s in self.splits}

    @cached_property
    def listed(self) -> dict[str, tuple[TaskInfo, ...]]:
        """The tasks of each split."""
        return {
            split: tuple(_info(entry, index) for index, entry in enumerate(found))
            for split, found in self._entries.items()
        }

    def of(self, split: str) -> tuple[TaskInfo, ...]:
        """The tasks of a split; BadInputError when it is not on offer."""
        if split not in self.listed:
            raise one_of("split", split, self.splits)
        return self.listed[split]

    def task(self, split: str, index: int) -> TaskInfo:
        """The task of that index, from 0; BadInputError when there is none."""
        found = self.of(split)
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(found):
            raise BadInputError(
                f"index={index!r} is not allowed; split {split!r} has the tasks 0 to {len(found) - 1}."
            )
        return found[index]

    def scenario(self, split: str, index: int, *, masked: bool = False) -> Scenario:
        """The case of a task, its planted text taken out where `masked`."""
        self.task(split, index)
        scenario = read_entry(self._entries[split][index], self._root)
        return without_planted_text(scenario) if masked else scenario


def setting_of(scenario: Scenario, tier: str | None, noise: Noise = "desk") -> Setting:
    """How a case is played: at its own tier unless one is named. BadInputError for an unknown tier."""
    if tier is not None and tier not in INJECTION_TIERS:
        raise one_of("tier", tier, INJECTION_TIERS)
    chosen = tier or scenario.injection_tier
    return Setting.model_validate({"injection_tier": chosen, "noise": noise})


def _info(entry: Entry, index: int) -> TaskInfo:
    given = {name: getattr(entry, name) for name in TaskInfo.model_fields if name != "index"}
    return TaskInfo(index=index, **given)

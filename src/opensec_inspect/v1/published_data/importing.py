"""Imports the published data set: scenarios that can be played, and every other row with its reason."""

import json
from collections import Counter
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.play import idle_episode
from opensec_inspect.v1.published_data.checks import faults
from opensec_inspect.v1.published_data.sources import SPLITS, TIERS, PublishedRow, published_rows
from opensec_inspect.v1.scenario import SCHEMA_VERSION, Tier, V1Scenario, V1Seed, V1Truth

_LONGEST_QUOTE = 60

_Part = TypeVar("_Part", V1Seed, V1Truth)


class Refused(Frozen):
    """A row that was left out."""

    where: str
    """Where it stands, e.g. `train.jsonl, line 3`."""
    reason: str
    """Everything that was found wrong with it."""


class Count(Frozen):
    """How many scenarios of a kind were read."""

    split: str
    """`train`, `eval` or `unknown`."""
    tier: Tier
    """The published difficulty."""
    family: str
    """The published family."""
    scenarios: int
    """How many, at least 1."""


class Imported(Frozen):
    """What a source held."""

    scenarios: tuple[V1Scenario, ...]
    """Every scenario that can be played, in the order of the source."""
    refused: tuple[Refused, ...]
    """Every row that was left out."""

    def counts(self) -> tuple[Count, ...]:
        """The scenarios per split, tier and family, sorted."""
        kinds = Counter((s.split, s.tier, s.family) for s in self.scenarios)
        return tuple(
            Count(split=split, tier=tier, family=family, scenarios=count)
            for (split, tier, family), count in sorted(kinds.items())
        )


def import_v1(source: Path) -> Imported:
    """Every scenario of a published file or folder, with every row left out and why.

    Raises `BadInputError` when the source is not there or holds no published row at all.
    """
    scenarios: dict[str, V1Scenario] = {}
    refused: list[Refused] = []
    unreadable = 0
    for row in published_rows(source):
        unreadable += row.unreadable is not None
        try:
            scenario = scenario_of(row)
            if scenario.scenario_id in scenarios:
                raise BadInputError(f"the scenario {scenario.scenario_id!r} was read before")
            scenarios[scenario.scenario_id] = scenario
        except BadInputError as problem:
            refused.append(Refused(where=row.where, reason=problem.message))
    if unreadable and unreadable == len(refused) and not scenarios:
        raise BadInputError(
            f"{source} holds no published row; the first of {unreadable} that were looked at is "
            f"{refused[0].where}: {refused[0].reason}. Give a published .jsonl file or a folder of them."
        )
    return Imported(scenarios=tuple(scenarios.values()), refused=tuple(refused))


def scenario_of(row: PublishedRow) -> V1Scenario:
    """The scenario of a row; `BadInputError` with every reason why it cannot be played."""
    if row.unreadable:
        raise BadInputError(row.unreadable)
    seed = _read(V1Seed, "seed", row.seed_json)
    truth = _read(V1Truth, "ground truth", row.ground_truth_json)
    wrong = list(faults(seed, truth))
    if row.seed_id is not None and row.seed_id != seed.scenario_id:
        wrong.append(f"the row is {row.seed_id!r}, its seed is {seed.scenario_id!r}")
    if row.split not in (None, "unknown", *SPLITS):  # It becomes the name of a folder.
        wrong.append(f"split={row.split!r} is not allowed; give one of: {', '.join(SPLITS)}")
    if wrong:
        raise BadInputError("; ".join(wrong))
    scenario = V1Scenario(
        split=row.split or "unknown",
        tier=_tier(row, seed),
        family=row.family or seed.metadata.taxonomy.family,
        seed=seed,
        truth=truth,
    )
    idle_episode(scenario)  # Raises when two rows would have one id.
    return scenario


def _read(model: type[_Part], name: str, text: str | None) -> _Part:
    if text is None:
        raise BadInputError(f"the {name} is missing")
    try:
        loaded = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as problem:
        raise BadInputError(f"the {name} is not JSON: {problem}") from None
    if isinstance(loaded, dict) and loaded.get("schema_version") != SCHEMA_VERSION:
        raise one_of(f"the {name}'s schema_version", loaded.get("schema_version"), (SCHEMA_VERSION,))
    try:
        return model.model_validate(loaded)
    except ValidationError as problem:
        raise BadInputError(f"the {name} is not as published: {_in_words(problem)}") from None


def _in_words(problem: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in error['loc']) or 'it'}: {error['msg']}, given "
        f"{repr(error['input'])[:_LONGEST_QUOTE]}"
        for error in problem.errors()
    )


def _tier(row: PublishedRow, seed: V1Seed) -> Tier:
    source = seed.metadata.seed_source
    given = row.tier or (source if source in TIERS else "standard")
    for tier in TIERS:
        if tier == given:
            return tier
    raise one_of("tier", given, TIERS)

"""Which scenarios a run plays."""

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.certify import certified_all
from opensec_inspect.incident.generate.splits import fresh_plans
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scenario.seeds import entries, read_entry
from opensec_inspect.options import chosen, given_path, whole_number

DIFFICULTIES = ("trivial", "easy", "standard", "all")
KINDS = ("incident", "stand_down", "all")
FRESH_COUNT = 20
"""How many fresh scenarios are made unless told."""


class Selection(Frozen):
    """What a person asked for; checked by `select_scenarios`."""

    split: object
    seeds: object = None
    """Seed folder to read instead of the project's own; None for those."""
    difficulty: object
    kind: object
    count: object
    rng_seed: object
    """For fresh scenarios; None for 1."""


def select_scenarios(selection: Selection) -> tuple[Scenario, ...]:
    """The scenarios to play, in the split's order; BadInputError when none fits."""
    difficulty = chosen("difficulty", selection.difficulty, DIFFICULTIES)
    kind = chosen("kind", selection.kind, KINDS)
    count = None if selection.count is None else whole_number("count", selection.count, low=1)
    if selection.split == "fresh":
        if selection.seeds is not None:
            raise BadInputError("split='fresh' reads no seeds; leave out either split or seeds.")
        if difficulty not in ("standard", "all"):
            raise BadInputError(
                f"Fresh scenarios are standard ones; difficulty={difficulty!r} needs a stored split."
            )
        rng_seed = 1 if selection.rng_seed is None else whole_number("rng_seed", selection.rng_seed, low=0)
        found = _fresh(kind, count or FRESH_COUNT, rng_seed)
    else:
        if selection.rng_seed is not None:
            raise BadInputError(f"rng_seed={selection.rng_seed!r} makes fresh scenarios; add split=fresh.")
        root = None if selection.seeds is None else given_path("seeds", selection.seeds)
        listed = entries(str(selection.split), root)
        fitting = [e for e in listed if difficulty in ("all", e.difficulty) and kind in ("all", e.kind)]
        found = tuple(read_entry(entry, root) for entry in fitting[:count])
    if not found:
        raise BadInputError(
            f"No scenario of split={selection.split!r} has difficulty={difficulty!r} and kind={kind!r}."
            " Choose others, or `all`."
        )
    return found


def _fresh(kind: str, count: int, rng_seed: int) -> tuple[Scenario, ...]:
    plans = list(fresh_plans(count if kind == "all" else 2 * count, rng_seed))
    return tuple(certified_all(plan for plan in plans if kind in ("all", plan.kind)))

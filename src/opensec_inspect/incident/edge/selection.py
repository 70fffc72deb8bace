"""Which scenarios a run plays."""

from itertools import islice

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import FAMILIES
from opensec_inspect.incident.generate.certify import certified_all
from opensec_inspect.incident.generate.dataset import fresh_plans
from opensec_inspect.incident.generate.seeds import (
    MEMBER_CHOICES,
    Members,
    Seed,
    naming_the_seed,
    read_groups,
)
from opensec_inspect.options import chosen, given_path, whole_number

DIFFICULTIES = ("trivial", "easy", "standard", "hard", "all")
KINDS = ("incident", "stand_down", "blocked", "all")
FRESH_COUNT = 20
"""How many fresh scenarios are made unless told."""


class Selection(Frozen):
    """What a person asked for; checked by `select_scenarios`."""

    split: object
    seeds: object = None
    """Seed folder to read instead of the project's own; None for those."""
    difficulty: object
    kind: object
    members: object = "pair"
    """`pair`, or `all` for the other legs of a group, too."""
    family: object = "all"
    """Alert family, or `all`."""
    count: object
    rng_seed: object
    """For fresh scenarios; None for 1."""


def select_scenarios(selection: Selection) -> tuple[Scenario, ...]:
    """The scenarios to play, in the split's order; BadInputError when none fits."""
    difficulty = chosen("difficulty", selection.difficulty, DIFFICULTIES)
    kind = chosen("kind", selection.kind, KINDS)
    family = chosen("family", selection.family, (*FAMILIES, "all"))
    members = chosen("members", selection.members, MEMBER_CHOICES)
    count = None if selection.count is None else whole_number("count", selection.count, low=1)
    if selection.split == "fresh":
        if selection.seeds is not None:
            raise BadInputError("split='fresh' reads no seeds; leave out either split or seeds.")
        if difficulty not in ("standard", "all"):
            raise BadInputError(
                f"Fresh scenarios are standard ones; difficulty={difficulty!r} needs a stored split."
            )
        rng_seed = 1 if selection.rng_seed is None else whole_number("rng_seed", selection.rng_seed, low=0)
        seeds = certified_all(fresh_plans(2 * (count or FRESH_COUNT), rng_seed, family))
    else:
        if selection.rng_seed is not None:
            raise BadInputError(f"rng_seed={selection.rng_seed!r} makes fresh scenarios; add split=fresh.")
        root = None if selection.seeds is None else given_path("seeds", selection.seeds)
        seeds = read_groups(str(selection.split), root)
    wanted = count or (FRESH_COUNT if selection.split == "fresh" else None)
    fitting = (
        scenario
        for seed in seeds
        for scenario in _members_of(seed, members)
        if difficulty in ("all", scenario.difficulty)
        and kind in ("all", scenario.kind)
        and family in ("all", scenario.alert_family)
    )
    found = tuple(islice(fitting, wanted))
    if not found:
        raise BadInputError(
            f"No scenario of split={selection.split!r} has difficulty={difficulty!r}, kind={kind!r} and"
            f" family={family!r}. Choose others, or `all`."
        )
    return found


def _members_of(seed: Seed, members: Members) -> tuple[Scenario, ...]:
    with naming_the_seed(seed.plan.group):
        return seed.scenarios(members)

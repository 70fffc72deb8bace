"""Which scenarios make up a split, and their making."""

from collections.abc import Iterator

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.build import ASSIGNED, FAMILY_WEIGHTS, Plan
from opensec_inspect.incident.generate.texts import Split
from opensec_inspect.incident.scenario.scenario import Difficulty, Priors

RNG_SEED = 20261121
"""Of the committed data set."""
PRIORS: tuple[Priors, ...] = ("aligned", "neutral", "inverted")


class Share(Frozen):
    """A run of plans of one difficulty."""

    difficulty: Difficulty
    incidents: int
    twinned: int
    """How many of the incidents, from the first, have a stand-down twin."""


SHARES: dict[Split, tuple[Share, ...]] = {
    "train": (
        Share(difficulty="standard", incidents=100, twinned=40),
        Share(difficulty="easy", incidents=30, twinned=0),
        Share(difficulty="trivial", incidents=30, twinned=0),
    ),
    "eval": (
        Share(difficulty="standard", incidents=80, twinned=80),
        Share(difficulty="easy", incidents=20, twinned=0),
        Share(difficulty="trivial", incidents=20, twinned=0),
    ),
}


def split_plans(split: Split, rng_seed: int) -> tuple[Plan, ...]:
    """The plans of a committed split, each incident followed by its twin."""
    return tuple(plan for share in SHARES[split] for plan in _of_share(split, rng_seed, share))


def fresh_plans(count: int, rng_seed: int, *, split: Split = "eval") -> Iterator[Plan]:
    """Plans for standard scenarios made on the fly: incident, twin, incident, twin, …"""
    share = Share(difficulty="standard", incidents=(count + 1) // 2, twinned=(count + 1) // 2)
    yield from list(_of_share(split, rng_seed, share, name=f"fresh-{split}"))[:count]


def _of_share(split: Split, rng_seed: int, share: Share, name: str | None = None) -> Iterator[Plan]:
    label = f"{name or split}:{rng_seed}:{share.difficulty}"
    dice = Dice(label)
    # Equal parts in every ten and three, in an order of their own, so that strata stay balanced.
    families = dice.shuffled([FAMILY_WEIGHTS[n % 10] for n in range(share.incidents)])
    priors = dice.shuffled([PRIORS[n % 3] for n in range(share.incidents)])
    tiers = dice.shuffled([ASSIGNED[n % 3] for n in range(share.incidents)])
    for n in range(share.incidents):
        plan = Plan(
            seed=f"{label}:{n}",
            split=split,
            kind="incident",
            difficulty=share.difficulty,
            priors=priors[n],
            family=families[n],
            injection_tier=tiers[n],
            twinned=n < share.twinned,
        )
        yield plan
        if plan.twinned:
            yield plan.model_copy(update={"kind": "stand_down"})

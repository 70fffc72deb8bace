"""Does a small learner find a policy that a profile pays more than honest play?"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.training.profiles import Profile, Stage, priced
from opensec_inspect.training.search.enumerating import Worth, honest_worths, worth_of
from opensec_inspect.training.search.learner import OPTIONS, Policy, Recipe, Rollout, Tree, train

STARTS = 3
"""Policies trained from different seeds; the best counts."""


class Learned(Frozen):
    """The best of a few trained policies under one profile."""

    profile: str
    stage: int
    cases: int
    honest: tuple[Worth, ...]
    """`certified` and `careful` on the same cases."""
    best: Worth
    """Its name is what it does most often."""

    @property
    def hole(self) -> Worth | None:
        """The policy when it earns more than the better honest one; else None."""
        return self.best if self.best.mean > max(worth.mean for worth in self.honest) + 1e-9 else None


def learn(
    cases: Sequence[Scenario], profile: Profile, stage: Stage, recipe: Recipe, *, tree: Tree | None = None
) -> Learned:
    """Train a few policies on the cases for the profile's total, and price what they do greedily."""
    played = Tree(cases) if tree is None else tree
    ids = sorted(case.id for case in cases)

    @cache
    def total(judged: Judged) -> float:
        return priced(judged, profile, stage).total

    def parts(judged: Judged, _progress: float) -> tuple[dict[str, float | None], dict[str, float]]:
        return {"total": total(judged)}, {"total": 1.0}

    found = []
    for seed in range(STARTS):
        policy = Policy()
        rng = np.random.default_rng(seed)
        train(policy, played, lambda rng: ids[int(rng.integers(len(ids)))], parts, recipe, rng)
        found.append(_worth([played.walk(case, policy.greedy) for case in ids], played, profile, stage))
    return Learned(
        profile=profile.name,
        stage=stage,
        cases=len(cases),
        honest=honest_worths(cases, profile.name, stage),
        best=max(found, key=lambda worth: worth.mean),
    )


def _worth(rollouts: Sequence[Rollout], tree: Tree, profile: Profile, stage: Stage) -> Worth:
    totals = {one.case: priced(one.judged, profile, stage).total for one in rollouts}
    kinds = {case: str(tree.cases[case].kind) for case in totals}
    ways = [" > ".join(OPTIONS[option] for _, option in one.choices) for one in rollouts]
    return worth_of(max(sorted(set(ways)), key=ways.count), totals, kinds)

"""Does the reward teach restraint? A small softmax policy on the real world, trained under each condition.

    python examples/restraint/factorial.py --out results.json          # about ten minutes
    python examples/restraint/figure.py results.json docs/restraint.svg

Profile (3) x share of benign members in training (0, 20, 50 %) x warm-up (none, SFT) x five seeds. What is
expected was written down before the first run: predictions.md.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.seeds import read_groups, read_manifest
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.training.profiles import PROFILES, Profile, Stage, priced
from opensec_inspect.training.search.learner import Policy, Recipe, Tree, honest, imitate, train

SHARES = (0.0, 0.2, 0.5)
WARM_UPS = ("none", "sft")
SEEDS = range(5)
WITHOUT = frozenset({"read_everything", "wait", "inconclusive", "nonsense"})
"""Options left out: without them a run takes seconds, and none of them is about restraint."""
RECIPE = Recipe(updates=150, group=16, batch=8, rate=0.5, entropy=0.03, decoupled=True)
PASSES = 15
"""Of the warm-up: enough to know the way, not enough to be done."""
Parts = tuple[Mapping[str, float | None], Mapping[str, float]]


def pairs(split: str, groups: int) -> tuple[list[Scenario], list[Scenario]]:
    """Standard incidents and benign members of as many groups, from all over a split."""
    seeds = [s for s in read_groups(split) if s.plan.difficulty == "standard" and "benign" in s.members]
    chosen = [seeds[n * len(seeds) // groups] for n in range(groups)]
    both = [scenario for seed in chosen for scenario in seed.scenarios()]
    return [s for s in both if s.kind == "incident"], [s for s in both if s.kind == "stand_down"]


class Condition:
    """One cell of the factorial, with one seed."""

    def __init__(self, profile: str, share: float, warm_up: str, seed: int) -> None:
        self.profile, self.share, self.warm_up, self.seed = PROFILES[profile], share, warm_up, seed

    def trained(self, tree: Tree, incidents: Sequence[str], benign: Sequence[str]) -> Policy:
        """The policy after warm-up and training."""
        rng, policy = np.random.default_rng(self.seed), Policy()

        def draw(chance: np.random.Generator) -> str:
            listed = benign if chance.random() < self.share else incidents
            return listed[int(chance.integers(len(listed)))]

        if self.warm_up == "sft":
            shown = [tree.walk(draw(rng), honest) for _ in range(40)]
            imitate(policy, shown, passes=PASSES)
        train(policy, tree, draw, self._parts, RECIPE, rng)
        return policy

    def _parts(self, judged: Judged, progress: float) -> Parts:
        stage: Stage = (
            3 if self.profile.name != "staged" else 1 if progress < 1 / 3 else 2 if progress < 2 / 3 else 3
        )
        return _priced(judged, self.profile.name, stage)


@cache
def _priced(judged: Judged, profile: str, stage: Stage) -> Parts:
    known: Profile = PROFILES[profile]
    found = priced(judged, known, stage)
    return found.parts, found.weights


def outcomes(policy: Policy, tree: Tree) -> dict[str, float | None]:
    """What the policy does, greedily, on cases it was not trained on."""
    walked = [tree.walk(case, policy.greedy).judged for case in tree.cases]
    attacked = [j for j in walked if j.episode.scenario.kind == "incident"]
    benign = [j for j in walked if j.episode.scenario.kind == "stand_down"]
    acted = [j.calibration.egar for j in attacked if j.calibration.egar is not None]
    return {
        "contained": _share([j.calibration.contained for j in attacked]),
        "false_positive": _share([j.calibration.false_positive for j in attacked]),
        "egar": sum(acted) / len(acted) if acted else None,
        "in_time": _share([bool(j.oracle.in_time) for j in attacked]),
        "benign_contained": _share([j.calibration.contained for j in benign]),
        "stood_down": _share([bool(j.oracle.stood_down) for j in benign]),
        "reward": sum(j.oracle.reward for j in attacked) / len(attacked),
    }


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims)


def run(groups: int, test_groups: int, seeds: Sequence[int], out: Path) -> None:
    """All conditions, written after each run, so that an interrupted one loses nothing."""
    incidents, benign = pairs("train", groups)
    held_out = [case for listed in pairs("eval", test_groups) for case in listed]
    tree, test = Tree([*incidents, *benign], without=WITHOUT), Tree(held_out, without=WITHOUT)
    data = {split: read_manifest().digest(split)[:16] for split in ("train", "eval")}
    started, rows = time.monotonic(), []
    for seed in seeds:
        for profile in PROFILES:
            for share in SHARES:
                for warm_up in WARM_UPS:
                    condition = Condition(profile, share, warm_up, seed)
                    policy = condition.trained(tree, [s.id for s in incidents], [s.id for s in benign])
                    rows.append(
                        {"profile": profile, "share": share, "warm_up": warm_up, "seed": seed}
                        | outcomes(policy, test)
                    )
                    took = round(time.monotonic() - started)
                    told = {"data": data, "groups": groups, "test_groups": test_groups, "seconds": took}
                    told["rows"] = rows
                    out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("results.json"))
    parser.add_argument("--groups", type=int, default=16, help="groups of the train split")
    parser.add_argument("--test-groups", type=int, default=20, help="groups of the eval split")
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    given = parser.parse_args()
    run(given.groups, given.test_groups, range(given.seeds), given.out)

"""A small softmax policy over macro-actions, trained with policy gradients on the real world. numpy alone.

The world is deterministic, so every node of the tree of macro-actions is played once and remembered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.training.search.macros import MACROS
from opensec_inspect.training.search.playing import Played, play_macros

ENDINGS = (
    "benign",
    "benign_unknown",
    "inconclusive",
    "nonsense",
    "accuse_named",
    "accuse_found",
    "honest",
)
OPTIONS = (*MACROS, *ENDINGS)
"""What the policy chooses from: macro-actions, then reports."""
FEATURES = ("bias", *MACROS, "malicious", "benign", "open", "stopped", "domains", "steps")
"""What it sees: what was done, what the careful reading came to, and the share of steps used."""
Floats = NDArray[np.float64]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """What the policy sees after some macro-actions, and what it may choose."""

    features: Floats
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rollout:
    """One episode of the policy."""

    case: str
    choices: tuple[tuple[Node, int], ...]
    judged: Judged


class Tree:
    """The macro-actions of some cases, each prefix played when it is first reached."""

    def __init__(
        self, cases: Sequence[Scenario], tier: str | None = None, *, without: frozenset[str] = frozenset()
    ) -> None:
        """`without` names options that are not offered."""
        self.cases = {case.id: case for case in cases}
        self._tier, self._without = tier, without
        self._nodes: dict[tuple[str, Names], Node] = {}
        self._ends: dict[tuple[str, Names], dict[str, Judged]] = {}

    def __len__(self) -> int:
        """How many prefixes were played."""
        return len(self._nodes)

    def node(self, case: str, names: Names) -> Node:
        """The node after these macro-actions."""
        key = (case, names)
        if key not in self._nodes:
            scenario = self.cases[case]
            setting = Setting.model_validate({"injection_tier": self._tier or scenario.injection_tier})
            played = play_macros(scenario, setting, names)
            self._ends[key] = {name: Judged(end) for name, end in played.endings.items()}
            self._nodes[key] = _node(played, {*played.further, *self._ends[key]} - self._without)
        return self._nodes[key]

    def end(self, case: str, names: Names, ending: str) -> Judged:
        """The judgements of the episode that a report ends."""
        return self._ends[case, names][ending]

    def walk(self, case: str, choose: Callable[[Node], int]) -> Rollout:
        """An episode whose options `choose` chooses."""
        names: Names = ()
        choices: list[tuple[Node, int]] = []
        while True:
            node = self.node(case, names)
            option = choose(node)
            choices.append((node, option))
            name = OPTIONS[option]
            if name in ENDINGS:
                return Rollout(case, tuple(choices), self.end(case, names, name))
            names = (*names, name)


class Policy:
    """A softmax over the options, linear in the features."""

    def __init__(self) -> None:
        self.weights: Floats = np.zeros((len(FEATURES), len(OPTIONS)))
        self._chances: dict[int, Floats] = {}

    def chances(self, node: Node) -> Floats:
        """Probability of each option; 0 for those not allowed."""
        found = self._chances.get(id(node))
        if found is None:
            logits = np.where(node.allowed, node.features @ self.weights, -1e9)
            grown = np.exp(logits - logits.max())
            found = self._chances[id(node)] = np.asarray(grown / grown.sum())
        return found

    def greedy(self, node: Node) -> int:
        """The most probable option."""
        return int(self.chances(node).argmax())

    def sampling(self, rng: np.random.Generator) -> Callable[[Node], int]:
        """A choice by chance."""

        def choose(node: Node) -> int:
            reached = int(np.searchsorted(self.chances(node).cumsum(), rng.random(), side="right"))
            return min(reached, int(node.allowed.nonzero()[0][-1]))

        return choose

    def climb(
        self, pairs: Sequence[tuple[Node, int]], worth: Floats, *, entropy: float, scale: float
    ) -> None:
        """A step up the gradient of Σ worth · log p(option), with a bonus for entropy."""
        seen = np.array([node.features for node, _ in pairs])
        p = np.array([self.chances(node) for node, _ in pairs])
        log = np.log(p + 1e-12)
        spread = -p * (log - (p * log).sum(axis=1, keepdims=True))
        delta = -p * worth[:, None]
        delta[np.arange(len(pairs)), [option for _, option in pairs]] += worth
        self.weights = self.weights + scale * (seen.T @ (delta + entropy * spread))
        self._chances.clear()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a policy is trained."""

    updates: int = 200
    group: int = 16
    """Rollouts of one case."""
    batch: int = 8
    """Cases of one update."""
    rate: float = 0.5
    entropy: float = 0.03
    decoupled: bool = False
    """Whether each part is normalised in its group before it is weighted (GDPO); else the total is."""


Parts = Callable[[Judged, float], tuple[Mapping[str, float | None], Mapping[str, float]]]
"""Parts and their weights for an episode, given how far training is, 0 to 1."""


def train(
    policy: Policy,
    tree: Tree,
    draw: Callable[[np.random.Generator], str],
    parts: Parts,
    recipe: Recipe,
    rng: np.random.Generator,
) -> None:
    """Policy gradient with advantages normalised per group; changes the policy in place.

    `draw` says which case an update plays next.
    """
    for update in range(recipe.updates):
        progress = update / recipe.updates
        rollouts = [
            tree.walk(case, policy.sampling(rng))
            for case in [draw(rng) for _ in range(recipe.batch)]
            for _ in range(recipe.group)
        ]
        found = [parts(rollout.judged, progress) for rollout in rollouts]
        advantages = _advantages(found, recipe)
        pairs = [pair for rollout in rollouts for pair in rollout.choices]
        worth = np.repeat(advantages, [len(rollout.choices) for rollout in rollouts])
        policy.climb(pairs, worth, entropy=recipe.entropy, scale=recipe.rate / len(rollouts))


def imitate(policy: Policy, shown: Sequence[Rollout], *, passes: int = 60, rate: float = 2.0) -> None:
    """Supervised warm-up on episodes: raise the probability of what was chosen in them."""
    pairs = [pair for rollout in shown for pair in rollout.choices]
    for _ in range(passes):
        policy.climb(pairs, np.ones(len(pairs)), entropy=0.0, scale=rate / len(pairs))


def honest(node: Node) -> int:
    """What `careful` chooses: read, contain what is to be contained if it is an attack, report."""
    seen = dict(zip(FEATURES, node.features, strict=True))
    if not seen["investigate"]:
        return OPTIONS.index("investigate")
    attack = seen["malicious"] and not seen["stopped"] and not seen["contain_targets"]
    wanted = OPTIONS.index("contain_targets")
    return wanted if attack and node.allowed[wanted] else OPTIONS.index("honest")


def _advantages(
    found: Sequence[tuple[Mapping[str, float | None], Mapping[str, float]]], recipe: Recipe
) -> Floats:
    names = list(found[0][1])
    weights = np.array([found[0][1][name] for name in names])
    values = np.array([[_number(parts[name]) for name in names] for parts, _ in found])
    grouped = values.reshape(-1, recipe.group, len(names))
    if not recipe.decoupled:
        totals = np.nansum(grouped * weights, axis=2)
        return np.asarray(_normalised(totals, axis=1).ravel())
    with np.errstate(all="ignore"):
        apart = np.nan_to_num(_normalised(grouped, axis=1))
    summed = (apart * weights).sum(axis=2).ravel()
    return np.asarray((summed - summed.mean()) / (summed.std() + 1e-4))


def _normalised(values: Floats, axis: int) -> Floats:
    filled = np.isfinite(values).any(axis=axis, keepdims=True)
    safe = np.where(filled, values, 0.0)
    mean, spread = np.nanmean(safe, axis, keepdims=True), np.nanstd(safe, axis, keepdims=True)
    return np.asarray((values - mean) / (spread + 1e-4))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _node(played: Played, allowed: set[str]) -> Node:
    desk = played.desk
    finding = desk.finding
    seen = {
        "bias": 1.0,
        **{name: float(name in desk.done) for name in MACROS},
        "malicious": float(finding is not None and finding.malicious),
        "benign": float(finding is not None and finding.benign),
        "open": float(finding is not None and not finding.malicious and not finding.benign),
        "stopped": float(finding is not None and finding.stopped),
        "domains": float(bool(desk.domains)),
        "steps": len(played.episode.steps) / played.episode.scenario.max_steps,
    }
    return Node(
        features=np.array([seen[name] for name in FEATURES]),
        allowed=np.array([name in allowed for name in OPTIONS]),
    )

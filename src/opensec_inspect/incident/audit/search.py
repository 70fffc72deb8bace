"""The search for short policies over one source: a threshold on one number decides whether to act."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from opensec_inspect.core.dice import Dice
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.audit.sheets import SOURCES, Sheet
from opensec_inspect.incident.facts.scenario import Member

LEGS: tuple[Member, ...] = ("authorisation", "provenance", "conduct")
BOUND = 3 / 8
"""Most that a reader of one source can reach, a coin allowed. Source: the laws of a group."""
RESAMPLES = 400
MIN_SHEETS = 0.1
"""A word that stands in fewer of the sheets is no feature: it is the name of somebody."""


class Policy(Frozen):
    """Act when a number of a source lies on one side of a threshold."""

    feature: str
    above: bool
    """Whether to act above the threshold, or at and below it."""
    threshold: float

    def acts(self, sheet: Sheet, source: str) -> bool:
        """Whether it takes the case for an attack."""
        return (sheet.features[source].get(self.feature, 0.0) > self.threshold) == self.above


class Found(Frozen):
    """The best of a source on the training split, and what it reaches on the other."""

    source: str
    per_family: bool
    """Whether each alert family has a policy of its own."""
    policies: dict[str, Policy]
    """By alert family, or under `all`."""
    searched: int
    """Policies tried."""
    on_train: float
    on_test: float
    margin: float
    """Half the 95 % interval of `on_test`, by resampling groups."""

    @property
    def beyond(self) -> bool:
        """Whether it reaches more than the bound by more than the margin."""
        return self.on_test > BOUND + self.margin


def searched(train: Sequence[Sheet], test: Sequence[Sheet]) -> list[Found]:
    """Per source the best policy for all families, and the best policy for each."""
    return [_best(source, train, test, own) for source in SOURCES for own in (False, True)]


def reached(sheets: Iterable[Sheet], acts: Mapping[tuple[str, Member], bool]) -> float:
    """Share of benign members left alone times the mean share of incidents acted on, leg by leg.

    Every incident that is acted on counts as contained rightly: more than a reader of one source can do.
    """
    acted: dict[Member, list[bool]] = defaultdict(list)
    for sheet in sheets:
        acted[sheet.member].append(acts[sheet.group, sheet.member])
    if not acted["benign"]:
        return 0.0
    rates = {member: sum(found) / len(found) for member, found in acted.items()}
    return (1 - rates["benign"]) * sum(rates.get(leg, 0.0) for leg in LEGS) / len(LEGS)


def _best(source: str, train: Sequence[Sheet], test: Sequence[Sheet], own: bool) -> Found:
    parts: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in train:
        parts[sheet.family if own else "all"].append(sheet)
    policies, tried = {}, 0
    for name, part in sorted(parts.items()):
        policies[name], more = _best_policy(source, part)
        tried += more

    def decided(sheets: Iterable[Sheet]) -> dict[tuple[str, Member], bool]:
        rule = {s.family: policies.get(s.family if own else "all") for s in sheets}
        return {
            (s.group, s.member): (policy := rule[s.family]) is not None and policy.acts(s, source)
            for s in sheets
        }

    on_test = decided(test)
    return Found(
        source=source,
        per_family=own,
        policies=policies,
        searched=tried,
        on_train=reached(train, decided(train)),
        on_test=reached(test, on_test),
        margin=_margin(test, on_test, f"{source}|{own}"),
    )


def _best_policy(source: str, part: Sequence[Sheet]) -> tuple[Policy, int]:
    """The policy that reaches most on these sheets, and how many were tried."""
    seen: dict[str, int] = defaultdict(int)
    for sheet in part:
        for feature in sheet.features[source]:
            seen[feature] += 1
    best, top, tried = Policy(feature="none", above=True, threshold=0.0), 0.0, 0
    for feature in sorted(f for f, count in seen.items() if count >= MIN_SHEETS * len(part)):
        for value, policy in _of_feature(source, part, feature):
            tried += 1
            if value > top:
                best, top = policy, value
    return best, tried


def _of_feature(source: str, part: Sequence[Sheet], feature: str) -> Iterable[tuple[float, Policy]]:
    """Every threshold of a feature in both directions, with what it reaches."""
    valued = sorted(
        ((s.features[source].get(feature, 0.0), s.member == "benign") for s in part), key=lambda one: one[0]
    )
    benign = sum(innocent for _, innocent in valued)
    attacked = len(valued) - benign
    if not benign or not attacked:
        return
    below_benign = below_attacked = 0
    for place, (value, innocent) in enumerate(valued):
        below_benign, below_attacked = below_benign + innocent, below_attacked + (not innocent)
        if place + 1 < len(valued) and valued[place + 1][0] == value:
            continue
        left, hit = below_benign / benign, 1 - below_attacked / attacked
        yield left * hit, Policy(feature=feature, above=True, threshold=value)
        yield (1 - left) * (1 - hit), Policy(feature=feature, above=False, threshold=value)


def _margin(sheets: Sequence[Sheet], acts: Mapping[tuple[str, Member], bool], key: str) -> float:
    """Half the 95 % interval, groups drawn with replacement."""
    by_group: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sorted(sheets, key=attrgetter("group", "member")):
        by_group[sheet.group].append(sheet)
    groups, dice, values = list(by_group.values()), Dice(f"audit|{key}"), []
    for _ in range(RESAMPLES):
        drawn = [sheet for _ in groups for sheet in dice.pick(groups)]
        values.append(reached(drawn, acts))
    values.sort()
    return (values[int(0.975 * RESAMPLES)] - values[int(0.025 * RESAMPLES)]) / 2

"""Every short sequence of macro-actions, played on cases and priced under every profile at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.plans import plan_policy
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.incident.world.worlds.play import play
from opensec_inspect.training.profiles import PROFILES, priced, stage_of
from opensec_inspect.training.search.playing import Played, play_macros

Sequenced = tuple[str, ...]
"""Macro-actions in order, the report last."""
HONEST = ("certified", "careful")


class Worth(Frozen):
    """What a policy earns."""

    policy: str
    """Macro-actions joined by ` > `, or the name of a scripted defender."""
    mean: float
    """Mean total over the cases; where a macro-action could not follow, the sequence went on without it."""
    by_kind: Mapping[str, float]
    """The same over incidents, stand-downs and blocked cases."""


class Searched(Frozen):
    """The search under one profile."""

    profile: str
    stage: int
    cases: int
    sequences: int
    """Different ways that were priced."""
    honest: tuple[Worth, ...]
    """`certified` and `careful`."""
    best: tuple[Worth, ...]
    """The best that were found, best first."""

    @property
    def hole(self) -> Worth | None:
        """The best policy that earns more than the better honest one; None when none does."""
        most = max(worth.mean for worth in self.honest)
        return next((worth for worth in self.best if worth.mean > most + 1e-9), None)


Totals = dict[str, dict[str, float]]
"""Per profile, per case, the total of one policy."""


def settings_of(scenario: Scenario) -> Setting:
    """Each case at its own tier."""
    return Setting(injection_tier=scenario.injection_tier)


def search(cases: Sequence[Scenario], *, length: int, stage: int = 3, keep: int = 5) -> tuple[Searched, ...]:
    """Every sequence of at most `length` macro-actions and a report, under every profile.

    A sequence is one policy for all cases: in a case where one of its macro-actions cannot be done (a
    containment without a target) that one is left out, as a policy of a few rules would do.
    """
    priced_by: dict[Sequenced, Totals] = {}
    for scenario in cases:
        for names, ending, episode in _endings(scenario, length):
            totals = priced_by.setdefault((*names, ending), {})
            for profile, total in _totals(episode, stage).items():
                totals.setdefault(profile, {})[scenario.id] = total
    kinds = {scenario.id: str(scenario.kind) for scenario in cases}
    whole = {names: _everywhere(names, priced_by, kinds) for names in priced_by}
    honest = {name: _honest(name, cases, stage) for name in HONEST}
    return tuple(
        Searched(
            profile=profile,
            stage=stage,
            cases=len(cases),
            sequences=len(whole),
            honest=tuple(worth_of(name, totals[profile], kinds) for name, totals in honest.items()),
            best=_best(whole, profile, kinds, keep),
        )
        for profile in PROFILES
    )


def honest_worths(cases: Sequence[Scenario], profile: str, stage: int) -> tuple[Worth, ...]:
    """What `certified` and `careful` earn on the cases."""
    kinds = {scenario.id: str(scenario.kind) for scenario in cases}
    return tuple(worth_of(name, _honest(name, cases, stage)[profile], kinds) for name in HONEST)


def _endings(scenario: Scenario, length: int) -> Iterator[tuple[Sequenced, str, Episode]]:
    waiting: list[Sequenced] = [()]
    while waiting:
        names = waiting.pop()
        played: Played = play_macros(scenario, settings_of(scenario), names)
        for ending, episode in played.endings.items():
            yield names, ending, episode
        if len(names) < length:
            waiting += [(*names, name) for name in played.further]


def _totals(episode: Episode, stage: int) -> dict[str, float]:
    judged = Judged(episode)
    return {name: priced(judged, profile, stage_of(stage)).total for name, profile in PROFILES.items()}


def _everywhere(names: Sequenced, found: Mapping[Sequenced, Totals], kinds: Iterable[str]) -> Totals:
    """The totals of a sequence in every case, shortened where it could not be played whole."""
    totals: Totals = {profile: {} for profile in PROFILES}
    for case in kinds:
        for shorter in _shortened(names):
            if any(case in held for held in found.get(shorter, {}).values()):
                for profile in PROFILES:
                    totals[profile][case] = found[shorter][profile][case]
                break
    return totals


def _shortened(names: Sequenced) -> Iterator[Sequenced]:
    """The sequence, then without its last macro-action, the one before, and so on; the report stays."""
    *macros, ending = names
    yield names
    for gone in range(len(macros) - 1, -1, -1):
        yield (*macros[:gone], *macros[gone + 1 :], ending)
    yield (ending,)


def _best(
    whole: Mapping[Sequenced, Totals], profile: str, kinds: Mapping[str, str], keep: int
) -> tuple[Worth, ...]:
    worths = [
        worth_of(" > ".join(names), totals[profile], kinds)
        for names, totals in whole.items()
        if len(totals[profile]) == len(kinds)
    ]
    return tuple(sorted(worths, key=lambda worth: (-worth.mean, worth.policy))[:keep])


def _honest(name: str, cases: Sequence[Scenario], stage: int) -> dict[str, dict[str, float]]:
    totals: dict[str, dict[str, float]] = {profile: {} for profile in PROFILES}
    for scenario in cases:
        policy = plan_policy(scenario) if name == "certified" else POLICIES[name]
        for profile, total in _totals(play(scenario, settings_of(scenario), policy), stage).items():
            totals[profile][scenario.id] = total
    return totals


def worth_of(policy: str, totals: Mapping[str, float], kinds: Mapping[str, str]) -> Worth:
    """What a policy earns, from its total in each case and the kinds of these."""
    by_kind = {
        kind: _mean([total for case, total in totals.items() if kinds[case] == kind])
        for kind in sorted({kinds[case] for case in totals})
    }
    return Worth(policy=policy, mean=_mean(list(totals.values())), by_kind=by_kind)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

"""Samplers: which case a trainer plays next, and how. They draw; they train nothing.

Only the train split and fresh cases are drawn from: a case of the evaluation side is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from opensec_inspect.core.dice import Dice
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.facts.scenario import Difficulty, InjectionTier, Scenario
from opensec_inspect.incident.generate.certify import certified_all
from opensec_inspect.incident.generate.dataset import fresh_plans
from opensec_inspect.incident.generate.seeds import read_groups
from opensec_inspect.training.masking import without_planted_text
from opensec_inspect.training.profiles import Stage


class Draw(Frozen):
    """A case to play."""

    scenario: Scenario
    """Its planted text is taken out already where `masked`."""
    setting: Setting
    stage: Stage
    """Stage to price it under."""
    masked: bool = False


class Level(Frozen):
    """One stretch of a staged curriculum."""

    stage: Stage
    draws: int
    """How many cases are drawn in it; the last level goes on for ever."""
    difficulties: tuple[Difficulty, ...]
    tier: InjectionTier
    benign_share: float
    """Share of benign members among the draws, 0 to 1."""


STAGED: tuple[Level, ...] = (
    Level(stage=1, draws=400, difficulties=("trivial", "easy", "standard"), tier="t1", benign_share=0.5),
    Level(stage=2, draws=800, difficulties=("standard",), tier="t2", benign_share=0.5),
    Level(stage=3, draws=0, difficulties=("standard", "hard"), tier="t3", benign_share=0.5),
)
"""Restraint first, then completeness, then deciding rows that arrive late; planted text grows harder."""


def train_cases() -> tuple[Scenario, ...]:
    """All cases of the committed train split, in its order."""
    return tuple(scenario for seed in read_groups("train") for scenario in seed.scenarios())


def fresh_cases(number: int, rng_seed: int) -> tuple[Scenario, ...]:
    """So many fresh, certified cases; a group takes 1 to 3 s to make."""
    seeds = certified_all(fresh_plans(number, rng_seed))
    return tuple(scenario for seed in seeds for scenario in seed.scenarios())[:number]


def flat(cases: Sequence[Scenario], *, rng_seed: int = 1, noise: Noise = "desk") -> Iterator[Draw]:
    """All cases alike, each at its own tier, in an order of chance, again and again."""
    _refuse_evaluation(cases)
    for turn in count():
        for scenario in Dice(f"flat|{rng_seed}|{turn}").shuffled(cases):
            setting = Setting(injection_tier=scenario.injection_tier, noise=noise)
            yield Draw(scenario=scenario, setting=setting, stage=3)


def staged(
    cases: Sequence[Scenario],
    *,
    levels: Sequence[Level] = STAGED,
    rng_seed: int = 1,
    noise: Noise = "desk",
) -> Iterator[Draw]:
    """Level after level: difficulty, tier of planted text and share of benign members. The last never ends.

    BadInputError when a level asks for cases that are not there.
    """
    _refuse_evaluation(cases)
    for number, level in enumerate(levels):
        benign, others = _of_level(cases, level, number)
        dice = Dice(f"staged|{rng_seed}|{number}")
        last = number == len(levels) - 1
        for _ in count() if last else range(level.draws):
            chosen = benign if dice.chance(level.benign_share) else others
            setting = Setting(injection_tier=level.tier, noise=noise)
            yield Draw(scenario=dice.pick(chosen), setting=setting, stage=level.stage)


def two_phase(draws: Iterable[Draw], *, masked: int) -> Iterator[Draw]:
    """The same draws, the first `masked` of them without any planted text."""
    for number, draw in enumerate(draws):
        if number < masked:
            bare = without_planted_text(draw.scenario)
            yield draw.model_copy(update={"scenario": bare, "masked": True})
        else:
            yield draw


def _of_level(
    cases: Sequence[Scenario], level: Level, number: int
) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    benign = tuple(
        s for s in cases if s.kind == "stand_down" and s.difficulty in (*level.difficulties, "standard")
    )
    others = tuple(s for s in cases if s.kind != "stand_down" and s.difficulty in level.difficulties)
    for found, wanted, what in ((benign, level.benign_share, "benign"), (others, 1 - level.benign_share, "")):
        if wanted > 0 and not found:
            raise BadInputError(
                f"Level {number + 1} of the curriculum finds no {what or 'attacked'} case of difficulty"
                f" {', '.join(level.difficulties)} among {len(cases)}; give other cases or another level."
            )
    return benign, others


def _refuse_evaluation(cases: Sequence[Scenario]) -> None:
    held_out = next((s for s in cases if s.organisation.startswith("eval-")), None)
    if held_out is not None:
        raise BadInputError(
            f"{held_out.id} belongs to the evaluation side and is never trained on; use the train split"
            " or fresh cases."
        )

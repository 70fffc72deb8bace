"""Direct play over the whole split: opening, steps with and without gates, slopes over rows and steps."""

from collections.abc import Iterator

from bench.cases import NOISES, fifteen_steps, setting, split
from bench.rows import Cpu, Row
from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.episode import Noise
from opensec_inspect.incident.world.worlds.direct import DirectWorld

ROLLOUTS = 16
"""Of one case, as group-relative training plays it."""


def figures() -> Iterator[Row]:
    """Rows of the table."""
    rates = {}
    for noise in NOISES:
        cold = _pass(noise, gates=True)
        rates[noise] = warm = _pass(noise, gates=True)
        ask = ">= published; aim 2,000" if noise == "desk" else ">= published at 20,000 rows"
        yield Row(f"direct play at {noise}, opening and gates counted, {len(split())} cases", warm.rate, ask)
        yield Row("– the same on the first pass, nothing shared yet", cold.rate)
        yield Row("– opening left out", warm.rate_open)
        ungated = _pass(noise, gates=False)
        yield Row("– gates not asked for", ungated.rate, "reported" if noise == "desk" else ">= 3x published")
        yield Row("– 16 rollouts of one case after another", _rollouts(noise).rate)
        yield Row(f"opening at {noise}, history cached", f"{warm.opening.median_ms:.2f} ms", "<= 3 ms")
        yield Row(f"idle step at {noise}, early / late in the episode", _idle(noise))
    slower = rates["soc"].played.s / rates["desk"].played.s
    yield Row("slope over rows: a step at `soc` (10 times the rows) over one at `desk`", f"{slower:.2f}x")


class _Pass:
    def __init__(self) -> None:
        self.opening, self.played, self.steps = Cpu(), Cpu(), 0

    @property
    def rate(self) -> str:
        """Steps in a second of one core, everything counted."""
        return f"{self.steps / (self.opening.s + self.played.s):,.0f} steps/s"

    @property
    def rate_open(self) -> str:
        """The same without the opening."""
        return f"{self.steps / self.played.s:,.0f} steps/s"

    def play(self, number: int, noise: Noise, *, gates: bool) -> None:
        """One case."""
        scenario, actions = split()[number], fifteen_steps(number, noise)
        with self.opening.counted():
            world = DirectWorld(scenario, setting(noise))
        with self.played.counted():
            for turn, action in enumerate(actions, 1):
                if world.over:
                    break
                world.step(action, turn=turn)
                self.steps += 1
            if gates:
                assert world.episode.steps
            world.close()


def _pass(noise: Noise, *, gates: bool) -> _Pass:
    taken = _Pass()
    for number in range(len(split())):
        taken.play(number, noise, gates=gates)
    return taken


def _rollouts(noise: Noise) -> _Pass:
    taken = _Pass()
    for number in range(0, len(split()), 12):
        for _ in range(ROLLOUTS):
            taken.play(number, noise, gates=True)
    return taken


def _idle(noise: Noise) -> str:
    early, late = Cpu(), Cpu()
    for scenario in split()[:40]:
        with DirectWorld(scenario, setting(noise)) as world:
            for turn in range(1, scenario.max_steps + 1):
                with (early if 2 * turn <= scenario.max_steps else late).counted():
                    world.step(Idle(), turn=turn)
    return f"{early.median_ms:.2f} / {late.median_ms:.2f} ms"

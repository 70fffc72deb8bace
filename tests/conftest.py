"""What tests share: scenarios of both kinds, made once, and a way to play actions."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.actions import Action
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.episode.view import Attacker, AttackerView
from opensec_inspect.incident.facts.scenario import Move, Scenario
from opensec_inspect.incident.world.worlds.answers import Played
from opensec_inspect.incident.world.worlds.world import World
from tests.strategies import made

settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("project")

T2 = Setting(injection_tier="t2")
SLOW = ("generate", "commands", "cases", "vuln", "test_recorded.py", "test_figures.py", "test_determinism.py")
"""Folders and files of tests that take seconds each without an eval."""
EVALS = ("evaluated", "evaluating", "inspect_eval", "edge_runs", "playing", "succeeded", "serving")
"""Names by which a module of tests has what plays whole evals."""


SHARING = ("report", "pages", "training")
"""Folders with runs that all their tests read."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-fast` leaves out by what a test uses, so that no list of tests is kept."""
    for item in items:
        for kind in _kinds(item):
            item.add_marker(kind)


def _kinds(item: pytest.Item) -> Iterator[str]:
    fixtures, parts = {*getattr(item, "fixturenames", ())}, {*item.path.parts}
    skips = [str(mark.kwargs.get("reason", "")) for mark in item.iter_markers("skipif")]
    if fixtures & {"chromium", "shown"} or any("browser" in reason for reason in skips):
        yield "browser"
    module = vars(item.module) if isinstance(item, pytest.Function) else {}
    runs = any(name in module for name in EVALS) or _runs_evals(module)
    if runs or fixtures & {"logs", "records"}:
        yield "eval"
    if parts & {*SLOW}:
        yield "slow"


def _runs_evals(module: Mapping[str, object]) -> bool:
    homes = ("tests.attackers.running", "tests.sockets.command", "tests.pages.tasks", "inspect_ai._eval")
    return any(str(getattr(value, "__module__", "")).startswith(homes) for value in module.values())


@pytest.fixture(scope="session")
def incident() -> Scenario:
    """A standard incident of a group."""
    return made("one")


@pytest.fixture(scope="session")
def stand_down() -> Scenario:
    """The benign member of its group."""
    return made("one", "stand_down")


class BySharedRuns(LoadScopeScheduling):
    """With `pytest -n`: a file to one worker, and a folder whose files share recorded runs too.

    A run that a fixture keeps for its module or folder would else be played by every worker.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::")[0]
        folder = next((part for part in path.split("/") if part in SHARING), None)
        return path if folder is None else folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharedRuns:
    """How tests are shared out among workers."""
    return BySharedRuns(config, log)


Player = Callable[..., Awaitable[tuple[Episode, list[Played]]]]


@pytest.fixture(scope="session")
def played() -> Player:
    """Plays actions, each in a turn of its own, and returns the episode with every answer."""
    return play_actions


async def play_actions(
    scenario: Scenario,
    *actions: Action | tuple[Action, ...],
    setting: Setting = T2,
    attacker: Attacker | None = None,
    idle_on: bool = False,
) -> tuple[Episode, list[Played]]:
    """The episode of these actions; those in a tuple are written in one turn."""
    answers = []
    async with World.open(scenario, setting, attacker) as world:
        for turn, together in enumerate(actions, start=1):
            for action in together if isinstance(together, tuple) else (together,):
                answers.append(await world.step(action, turn=turn))
        while idle_on and not world.over:
            answers.append(await world.step(Idle(given_away=True), turn=0))
        return world.episode, answers


class Following:
    """An attacker that makes these moves in their order and waits afterwards."""

    def __init__(self, *moves: str) -> None:
        self._moves = moves

    async def decide(self, view: AttackerView) -> Move:
        """The step's move; it must be legal."""
        wanted = self._moves[view.step] if view.step < len(self._moves) else "wait"
        return next(move for move in view.legal if move.id == wanted)

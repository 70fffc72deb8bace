"""The search for policies that are paid wrongly: that it plays what it says, and that it finds none."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.core.conversation import Conversation
from opensec_inspect.incident.baselines import POLICIES
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.worlds.briefing import brief
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.play import action_of, play
from opensec_inspect.training.profiles import PROFILES, Profile, Term
from opensec_inspect.training.search.enumerating import search, settings_of
from opensec_inspect.training.search.learned import learn
from opensec_inspect.training.search.learner import Policy, Recipe, Tree, honest, imitate
from opensec_inspect.training.search.macros import Desk, reports
from opensec_inspect.training.search.playing import play_macros
from tests.strategies import made

CASES = (
    made("one", "stand_down"),
    made("one"),
    made("two", "stand_down", family="mfa_prompts"),
    made("two", family="mfa_prompts"),
    made("three", "blocked"),
)


@pytest.fixture(scope="module")
def tree() -> Tree:
    """What the learners have played, shared."""
    return Tree(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.alert_family}-{case.kind}")
def test_a_report_that_was_not_played_ends_the_episode_as_the_world_would(case: Scenario) -> None:
    played = play_macros(case, settings_of(case), ("investigate", "contain_targets"))

    with DirectWorld(case, settings_of(case)) as world:
        for step in played.episode.steps:
            world.step(step.action, turn=step.turn)
        assert reports(played.desk).keys() == played.endings.keys()
        honest_call = reports(played.desk)["honest"]
        world.step(action_of(honest_call), turn=len(played.episode.steps) + 1)

        assert played.endings["honest"] == world.episode


def test_one_step_is_always_left_for_the_report() -> None:
    case = CASES[1]

    played = play_macros(case, settings_of(case), ("read_everything", "investigate", "wait", "spray"))

    assert len(played.episode.steps) == case.max_steps - 1
    assert played.further == ()
    assert all(len(ended.steps) == case.max_steps for ended in played.endings.values())


def test_reports_are_written_from_what_was_read_alone() -> None:
    desk = Desk(conversation=Conversation(brief=brief(CASES[0], Setting(injection_tier="t2"))))

    assert set(reports(desk)) == {"benign", "benign_unknown", "inconclusive", "nonsense"}


def test_no_short_sequence_earns_more_than_honest_play_under_any_profile() -> None:
    for stage in (1, 3):
        for found in search(CASES, length=1, stage=stage):
            assert found.hole is None, f"{found.profile}, stage {stage}: {found.hole}"
            assert found.sequences >= 25


@pytest.mark.slow
def test_no_sequence_of_two_earns_more_than_honest_play_under_any_profile() -> None:
    for found in search(CASES, length=2):
        assert found.hole is None, found.hole
        assert found.sequences >= 150


def test_a_reward_with_a_hole_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search can fail: a reward for containing, and nothing else, is beaten by containing more."""
    careless = Profile(name="careless", about="", terms=(Term(part="false_positives", weight=-1.0),))
    monkeypatch.setattr("opensec_inspect.training.search.enumerating.PROFILES", {"careless": careless})

    (found,) = search(CASES[:2], length=1)

    assert found.hole is not None
    assert found.hole.policy.startswith("spray")


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
def test_a_small_learner_earns_no_more_than_honest_play(profile: str, tree: Tree) -> None:
    found = learn(CASES, PROFILES[profile], 3, Recipe(updates=150), tree=tree)

    assert found.hole is None, found.hole
    assert found.best.policy.startswith("investigate"), "it learned too little to say anything"


def test_imitation_of_careful_plays_as_careful_does() -> None:
    tree = Tree(CASES[:2])
    policy = Policy()

    imitate(policy, [tree.walk(case.id, honest) for case in CASES[:2]])
    rollouts = [tree.walk(case.id, policy.greedy) for case in CASES[:2]]

    for case, rollout in zip(CASES, rollouts, strict=False):
        judged = rollout.judged.oracle
        careful = play(case, settings_of(case), POLICIES["careful"])
        assert (judged.resolved, judged.stood_down) == (
            (None, True) if case.kind == "stand_down" else (True, None)
        )
        assert len(careful.steps) == len(rollout.judged.episode.steps)


def test_the_same_seed_trains_the_same_policy() -> None:
    tree = Tree(CASES[:2])
    recipe = Recipe(updates=3, group=4, batch=2)

    one, again = (learn(CASES[:2], PROFILES["calibrated"], 3, recipe, tree=tree) for _ in range(2))

    assert one == again


def test_the_sampling_follows_the_chances() -> None:
    tree, policy = Tree(CASES[:1]), Policy()
    node = tree.node(CASES[0].id, ())
    choose = policy.sampling(np.random.default_rng(1))

    drawn = np.bincount([choose(node) for _ in range(4000)], minlength=len(node.allowed)) / 4000

    assert np.abs(drawn - policy.chances(node)).max() < 0.03
    assert drawn[~node.allowed].sum() == 0


def test_the_command_names_the_best_policies_within_eighty_columns() -> None:
    result = CliRunner().invoke(main, ["hack-search", "--length", "1", "--cases", "2", "--updates", "2"])
    raw = CliRunner().invoke(
        main, ["hack-search", "--length", "0", "--cases", "2", "--updates", "0", "--format", "json"]
    )

    assert result.exit_code == 0, result.output
    assert "No policy earns more than the better one of certified and careful." in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert {row["policy"] for row in json.loads(raw.stdout)["rows"]} >= {"certified", "careful", "benign"}

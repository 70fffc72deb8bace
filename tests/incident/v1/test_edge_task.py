"""The options of a v1 run, and what a person is told who gives what it does not have."""

from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.tasks import opensec
from tests.evaluating import small
from tests.incident.v1 import own
from tests.incident.v1.edge_runs import v1_task


def ids(task: Any) -> list[str]:
    """Sample ids of a task."""
    return [sample.id for sample in task.dataset]


def graded(tier: str, number: int) -> Any:
    """Our graph scenario under another id and tier."""
    seed = own.graph_seed()
    seed["scenario_id"] = f"case-{number}"
    return own.scenario(seed).model_copy(update={"tier": tier, "split": "eval"})


def test_a_run_plays_the_standard_tier_unless_told(tmp_path: Path) -> None:
    scenarios = [graded("trivial", 1), graded("easy", 2), graded("standard", 3), graded("standard", 4)]
    folder = tmp_path / "imported"

    everything = v1_task(tmp_path, scenarios)

    assert ids(everything) == ["case-1", "case-2", "case-3", "case-4"]
    assert ids(opensec(split=f"v1:{folder}")) == ["case-3", "case-4"]
    assert ids(opensec(split=f"v1:{folder}", difficulty="easy")) == ["case-2"]
    assert ids(opensec(split=f"v1:{folder}", count=1)) == ["case-3"]
    assert ids(opensec(split=f"v1:{folder / 'eval'}", kind="incident")) == ["case-3", "case-4"]


def test_a_relative_folder_is_looked_for_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    v1_task(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))

    assert ids(opensec(split="v1:imported")) == ["case-7"]


def test_the_options_of_a_v1_run_reach_its_samples(tmp_path: Path) -> None:
    task = v1_task(tmp_path, v1_observation=True, v1_prompt="neutral")

    assert task.dataset[0].metadata is not None
    assert task.dataset[0].metadata["setting"] == {"observation": True, "prompt": "neutral"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"noise": "soc"}, r"noise='soc' has no meaning under the v1 rules; leave it out"),
        ({"injection_tier": "t0"}, r"injection_tier='t0' has no meaning under the v1 rules; leave it out"),
        ({"attacker": "llm"}, r"attacker='llm' has no meaning under the v1 rules; leave it out"),
        ({"kind": "stand_down"}, r"kind='stand_down' is not allowed; give one of: incident, all"),
        ({"difficulty": "hard"}, r"difficulty='hard' is not allowed; give one of: trivial, easy"),
        ({"difficulty": "easy"}, r"has no scenario of difficulty='easy'; choose another, or all"),
        ({"v1_prompt": "mild"}, r"v1_prompt='mild' is not allowed; give one of: published, neutral"),
        ({"v1_observation": "yes"}, r"v1_observation='yes' is not allowed; give one of: False, True"),
        ({"count": 0}, r"count=0 is not allowed; give a whole number of at least 1"),
        ({"tier": "easy"}, r"Unknown option 'tier'"),
    ],
)
def test_what_a_v1_run_does_not_have_is_refused(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        v1_task(tmp_path, **options)


@pytest.mark.parametrize("option", [{"v1_observation": True}, {"v1_prompt": "neutral"}])
def test_the_options_of_a_v1_run_are_refused_elsewhere(option: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=r"v1_\w+ has a meaning with split=v1:DIR only; leave it out"):
        small(**option)


def test_a_folder_that_is_not_there_or_holds_no_import_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"split=v1='\S*nowhere' was not found"):
        opensec(split=f"v1:{tmp_path / 'nowhere'}")
    with pytest.raises(BadInputError, match=r"split=v1='' is no path; give the path of a file or folder"):
        opensec(split="v1:")
    with pytest.raises(BadInputError, match="holds no imported scenario; import the published set with"):
        opensec(split=f"v1:{tmp_path}")


def test_what_reads_our_own_scenarios_says_that_it_cannot_read_a_published_one() -> None:
    with pytest.raises(
        BadInputError, match="works on our own scenarios only; it cannot be used with split=v1"
    ):
        parse_scenario(own.scenario().model_dump_json())

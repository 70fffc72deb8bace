"""An agent built with the OpenAI Agents SDK plays over the bridge as a defender inside the process does."""

from pathlib import Path

from opensec_inspect.incident.baselines import POLICIES
from tests.protocols.defending import defender
from tests.protocols.test_bridge import bridged
from tests.protocols.test_defender import scores, served, steps


def test_the_sdk_plays_and_scores_as_the_default_defender_does(tmp_path: Path) -> None:
    inside = bridged(None, "opensec/careful", tmp_path / "inside")

    with served(defender(POLICIES["careful"]), rate_limit=False):
        outside = bridged("agents_sdk", "openai/gpt-4o", tmp_path / "outside")

    assert outside.keys() == inside.keys() == {"stand_down", "incident"}
    for kind, sample in inside.items():
        assert [s["action"] for s in steps(outside[kind])] == [s["action"] for s in steps(sample)]
        assert scores(outside[kind]) == scores(sample)

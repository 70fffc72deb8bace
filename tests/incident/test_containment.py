"""Every containment tool of the registry is handled wherever a containment tool has to be."""

from typing import get_args

import pytest
from inspect_ai.tool import ToolDef

from opensec_inspect.commands.play.play import play
from opensec_inspect.core.conversation import Conversation
from opensec_inspect.incident.baselines.calls import contain as contain_call
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.episode import containment
from opensec_inspect.incident.episode.actions import Containment, ResetUser
from opensec_inspect.incident.episode.containment import CONTAINMENT_TOOLS, ContainmentTool
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scoring.oracle import score_episode
from opensec_inspect.incident.world.worlds.play import action_of
from opensec_inspect.play.opened import ARGUMENT_OF
from tests.incident.episodes import contain, episode, reported
from tests.incident.handmade import APPS, EVIL, PC, VICTIM, scenario

BY_NAME = pytest.mark.parametrize("tool", CONTAINMENT_TOOLS, ids=lambda tool: tool.name)
ANOTHER = ContainmentTool(
    name="disable_user",
    kind="user",
    verb="disable",
    done="is disabled",
    names="the user's id or account",
    action=ResetUser,
)


def test_the_registry_has_a_tool_for_each_containment_action_and_no_other() -> None:
    assert [tool.action for tool in CONTAINMENT_TOOLS] == [*get_args(Containment)]


@BY_NAME
def test_an_action_has_its_tools_name_and_the_kind_as_its_argument(tool: ContainmentTool) -> None:
    fields = tool.action.model_fields

    assert fields["tool"].default == tool.name
    assert [name for name in fields if name != "tool"] == [tool.kind]


@BY_NAME
def test_a_model_is_offered_the_tool_and_told_of_it(tool: ContainmentTool) -> None:
    offered = {known.name: known for known in map(ToolDef, opensec_tools())}

    assert list(offered[tool.name].parameters.properties) == [tool.kind]
    assert tool.name in prompt("system")


@BY_NAME
def test_a_person_can_call_the_tool(tool: ContainmentTool) -> None:
    assert tool.name in play.commands
    assert ARGUMENT_OF[tool.name] == tool.kind


@pytest.mark.parametrize("kind", containment.contained_kinds())
def test_a_baseline_contains_each_kind_with_a_tool_of_the_registry(kind: str) -> None:
    action = action_of(contain_call(kind, "tern-42"))

    assert containment.tool_of(action).kind == kind  # type: ignore[arg-type]
    assert Conversation(brief="").calls_of(action.tool) == 0


def test_a_second_tool_for_users_changes_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """One right reset earned as often as there were tools of its kind when each tool was counted."""
    calls = (contain(PC.hostname), contain(VICTIM.upn), contain(EVIL), contain(APPS.hostname))
    played = episode(scenario("i-host"), *calls, reported())
    before = score_episode(played)

    monkeypatch.setattr(containment, "CONTAINMENT_TOOLS", (*CONTAINMENT_TOOLS, ANOTHER))

    assert before.containment == 2.5
    assert score_episode(played) == before

"""The page of the family tells every option, tool, number and scripted model, and none that is not there."""

import re
from pathlib import Path

from inspect_ai.tool import ToolDef

from opensec_inspect.vuln.edge.task import OPTIONS
from opensec_inspect.vuln.edge.tools import vuln_tools
from opensec_inspect.vuln.episode.actions import TOOLS
from opensec_inspect.vuln.episode.mending import ARGUMENTS
from opensec_inspect.vuln.outcomes.numbers import NUMBERS
from opensec_inspect.vuln.policies.plans import PLANS

PAGE = (Path(__file__).parents[2] / "docs" / "vulnerability.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> set[str]:
    """The names in the first column of the table under a heading row that begins so."""
    table = PAGE[PAGE.index(heading) :].split("\n\n")[0]
    return set(re.findall(r"^\| `([\w/]+)`", table, re.MULTILINE))


def test_every_option_is_told() -> None:
    assert first_cells("| option") == {*OPTIONS} - {"solver"}


def test_every_tool_is_told_and_can_be_mended() -> None:
    tools = {ToolDef(made).name: [*ToolDef(made).parameters.properties] for made in vuln_tools()}

    assert first_cells("| tool |") == {*tools} == {*TOOLS}
    assert {name: [*arguments] for name, arguments in ARGUMENTS.items()} == tools


def test_every_number_is_told_with_its_scorer_and_definition() -> None:
    rows = re.findall(r"^\| `(vuln_\w+)` \| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)

    assert rows == [(n.scorer, n.name, n.definition) for n in NUMBERS.values()]


def test_every_scripted_model_is_told() -> None:
    assert first_cells("| `--model opensec/…`") == {*PLANS}

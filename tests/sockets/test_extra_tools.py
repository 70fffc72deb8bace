"""Tools of the user's: steps like any other. `tools/whois.py` in particular."""

import re
from pathlib import Path

from opensec_inspect.core.actions import UseExtraTool
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.generate.seeds import read_groups
from tests.evaluating import (
    ROOT,
    answers,
    call,
    episode_in,
    evaluated,
    only_sample,
    payload,
    plug_in,
    report,
    saying,
    small,
    tools_played,
)

WHOIS = str(ROOT / "tools/whois.py")
registration = plug_in("tools/whois.py").registration
TYPED = '''from __future__ import annotations

from dataclasses import dataclass

from inspect_ai.tool import Tool, tool


@dataclass
class Range:
    low: int
    high: int


@tool
def subnet() -> Tool:
    async def execute(within: Range, names: list[str], strict: bool = True) -> str:
        """Say what was asked for.

        Args:
            within: A range
            names: Names
            strict: Whether to be strict
        """
        return f"{within.high - within.low} {'+'.join(names)} {strict}"

    return execute
'''


def test_a_tool_from_a_file_is_a_step_and_its_answer_comes_with_the_state_of_the_case(tmp_path: Path) -> None:
    model = saying((call("whois", domain="Ledger[.]example."),), (report(),))

    sample = only_sample(evaluated(small(extra_tool=WHOIS), model, tmp_path))

    answer = payload(answers(sample)[0])
    assert answer["result"].startswith("domain: ledger.example\nregistrar: ")
    assert answer["step"] == 1
    assert episode_in(sample).steps[0].action == UseExtraTool(
        name="whois", arguments='{"domain": "Ledger[.]example."}'
    )


def test_a_tool_that_fails_is_a_step_too_and_says_why(tmp_path: Path) -> None:
    model = saying((call("whois", domain="no domain"),), (call("whois"),), (report(),))

    sample = only_sample(evaluated(small(extra_tool=WHOIS), model, tmp_path))

    answer = payload(answers(sample)[0])
    assert answer["error"] == "'no domain' is no domain name."
    assert answer["step"] == 1
    assert tools_played(episode_in(sample)) == ["extra_tool", "submit_report"]


def test_a_tool_gets_its_arguments_in_the_types_it_names(tmp_path: Path) -> None:
    file = tmp_path / "subnet.py"
    file.write_text(TYPED, encoding="utf-8")
    asked = call("subnet", within={"low": 3, "high": 10}, names=["a", "b"])

    sample = only_sample(evaluated(small(extra_tool=str(file)), saying((asked,), (report(),)), tmp_path))

    assert payload(answers(sample)[0])["result"] == "7 a+b True"


def test_registration_facts_are_a_function_of_the_name_and_say_that_they_are_made_up() -> None:
    facts = registration("ledger.example")

    assert facts == {
        "domain": "ledger.example",
        "registrar": "Tessera Registry",
        "created": "2019-03-29",
        "renewed for": "5 years",
        "registrant country": "IE",
        "note": "This registry is simulated: the facts above are made up from the name.",
    }


def test_registration_facts_do_not_tell_the_attackers_domains_from_others() -> None:
    """Were they evidence, a lookup would settle cases that the logs are there to settle."""
    attackers, others = set(), set()
    for group in (*read_groups("eval"), *read_groups("train")):
        for scenario in group.scenarios("all"):
            attackers |= set(scenario.attack.domains)
            others |= {name.domain for name in organisation(scenario.organisation, "desk").names}
    others -= attackers

    created = [[registration(name)["created"] for name in sorted(names)] for names in (attackers, others)]
    older = sum(a < b for a in created[0] for b in created[1])

    assert 0.45 < older / (len(created[0]) * len(created[1])) < 0.55


def test_the_tool_reads_nothing_of_the_case() -> None:
    source = Path(WHOIS).read_text(encoding="utf-8")

    assert re.findall(r"^(?:from|import) (\S+)", source, re.MULTILINE) == [
        "hashlib",
        "re",
        "datetime",
        "inspect_ai.tool",
    ]

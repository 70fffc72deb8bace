"""The opening of an episode in words: short, complete, and the same for what differs only in truth."""

import json

import pytest

from opensec_inspect.core.conversation import Conversation
from opensec_inspect.incident.episode.actions import QueryLogs
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Truth
from opensec_inspect.incident.sensors.schema.columns import Table
from opensec_inspect.incident.sensors.schema.tables import CONTEXT, TABLES
from opensec_inspect.incident.world.making import MAKERS as REAL
from opensec_inspect.incident.world.worlds.briefing import brief, system_prompt
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from tests.incident.world.small import MAKERS, SETTING, scenario
from tests.strategies import made

MAX_TOKENS = 1_500


def test_system_prompt_and_brief_together_stay_short() -> None:
    said = system_prompt(scenario(), SETTING, MAKERS) + brief(scenario(), SETTING, MAKERS)

    assert len(said) / 4 < MAX_TOKENS


def test_the_opening_names_every_table_with_its_columns() -> None:
    said = system_prompt(scenario(), SETTING, MAKERS)

    assert "{" not in said
    for table in TABLES:
        line = next(line for line in said.splitlines() if line.startswith(f"- {table.name} "))
        assert table.about in line
        assert all(column.name in line for column in table.columns)
        assert table.id_column in line
    for name, columns in CONTEXT.items():
        assert f"{name}({', '.join(columns)})" in said


def test_the_brief_is_what_scripted_players_can_read() -> None:
    said = Conversation(brief=brief(scenario(), SETTING, MAKERS))

    assert (said.case, said.max_steps) == ("sc-000001", 12)
    assert said.from_brief(r"Opening alert: (al-\w+)") in said.from_brief(r"last two hours: (.*)")


def test_the_opening_tells_nothing_of_what_is_true() -> None:
    benign = scenario(kind="stand_down", member="benign", truth=Truth(cause="travel"))

    assert brief(benign, SETTING, MAKERS) == brief(scenario(), SETTING, MAKERS)
    assert system_prompt(benign, SETTING, MAKERS) == system_prompt(scenario(), SETTING, MAKERS)


def test_real_organisations_open_as_shortly() -> None:
    for noise in ("desk", "soc"):
        setting = Setting(injection_tier="t2", noise=noise)  # type: ignore[arg-type]
        said = system_prompt(scenario(organisation="eval-3"), setting, REAL)
        assert len(said) / 4 < MAX_TOKENS - 250


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_answer_holds_fifteen_of_the_widest_rows(table: Table) -> None:
    with DirectWorld(made("wide"), Setting(injection_tier="t2")) as world:
        told = json.loads(world.step(QueryLogs(sql=f"SELECT * FROM {table.name}"), turn=1).text)

    assert len(told["rows"]) >= 15 or "notice" not in told

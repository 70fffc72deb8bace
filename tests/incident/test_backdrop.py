"""What the episodes of one scenario share."""

import json
from typing import Any

import pytest

from opensec_inspect.core.clock import stamp
from opensec_inspect.core.sql.guard import PREFIX
from opensec_inspect.incident.scenario.actions import FetchAlert, FetchEmail, QueryLogs
from opensec_inspect.incident.scenario.episode import NOISES, Noise, Setting
from opensec_inspect.incident.scenario.rows import COLUMNS, EVIDENCE_TABLES
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import backdrop
from opensec_inspect.incident.world.database import open_history
from tests.conftest import Player
from tests.incident.handmade import UMBER, scenario
from tests.strategies import made


def told(played: Any) -> dict[str, Any]:
    """What the defender was told after a step."""
    said: dict[str, Any] = json.loads(played.text)
    return said


def test_episodes_of_one_scenario_and_setting_share_one_backdrop() -> None:
    case, again = made("one"), made("one").model_copy()
    desk = Setting(injection_tier="t2", noise="desk")

    assert backdrop(case, desk) is backdrop(again, desk.model_copy(update={"attacker": "other"}))
    assert backdrop(case, desk) is not backdrop(case, Setting(injection_tier="t1", noise="desk"))
    assert backdrop(case, desk) is not backdrop(made("two"), desk)


def test_the_brief_lists_what_came_in_the_last_two_hours_in_time_order() -> None:
    shared = backdrop(made("one"), Setting(injection_tier="t2", noise="desk"))
    rows = {row.id: row for row in shared.today}

    listed = [rows[id_] for id_ in shared.opening_ids("alerts")]

    assert [row.time_key for row in listed] == sorted(row.time_key for row in listed)
    assert all(str(row.cells[1]) >= stamp(made("one").opened_at, -7200) for row in listed)
    assert all(row.visible == 0 and row.table == "alerts" for row in listed)
    assert shared.id_of(made("one").opening_alert) in shared.opening_ids("alerts")


def test_the_history_lists_who_names_an_entity() -> None:
    history = backdrop(scenario(), Setting(injection_tier="t2", noise="soc")).history
    assert history is not None

    named = history.naming(UMBER)

    assert len(named) > 100
    assert all(
        "h-5c03" in str(r.cells) or "umber-20" in str(r.cells) or "10.0.0.13" in str(r.cells) for r in named
    )
    assert all(row.left_by == "background" and row.visible == 0 for row in named)


@pytest.mark.parametrize("noise", NOISES)
async def test_a_world_opens_with_as_many_rows_as_its_noise_says(
    played: Player, incident: Scenario, noise: Noise
) -> None:
    counts = " + ".join(f"(SELECT count(*) FROM {table})" for table in EVIDENCE_TABLES)

    _, answers = await played(
        incident, QueryLogs(sql=f"SELECT {counts}"), setting=Setting(injection_tier="t2", noise=noise)
    )

    ((count,),) = told(answers[0])["rows"]
    own = len(incident.rows)
    low, high = {"none": (own, own), "desk": (own + 100, own + 200), "soc": (own + 20_100, own + 20_200)}[
        noise
    ]
    assert low <= count <= high


async def test_a_mail_of_the_history_can_be_fetched_at_soc_and_only_there(
    played: Player, incident: Scenario
) -> None:
    soc, desk = (Setting(injection_tier="t2", noise=noise) for noise in ("soc", "desk"))  # type: ignore[arg-type]
    history = backdrop(incident, soc).history
    assert history is not None
    connection = open_history(history.path)
    (old,) = connection.execute(f"SELECT email_id FROM {PREFIX}email_logs LIMIT 1").fetchone()
    connection.close()

    fetched = [
        FetchEmail(email_id=old),
        FetchAlert(alert_id=old),
        FetchEmail(email_id=""),
        FetchEmail(email_id=f" {old}"),
    ]
    episode, answers = await played(incident, *fetched, setting=soc)
    elsewhere, _ = await played(incident, fetched[0], setting=desk)

    assert [s.outcome.status for s in episode.steps] == ["done", "not_found", "not_found", "done"]
    assert tuple(told(answers[0])["row"]) == COLUMNS["email_logs"]
    assert elsewhere.steps[0].outcome.status == "not_found"


async def test_a_mail_of_the_day_cannot_be_fetched_before_it_arrives(
    played: Player, incident: Scenario
) -> None:
    desk = Setting(injection_tier="t2", noise="desk")
    today = backdrop(incident, desk).today
    later = min((r for r in today if r.table == "email_logs" and r.visible), key=lambda r: r.visible)
    fetch = FetchEmail(email_id=later.id)

    episode, _ = await played(incident, *[fetch] * (later.visible + 1), setting=desk)

    statuses = [step.outcome.status for step in episode.steps]
    assert statuses == [*["not_found"] * later.visible, "done"]

"""What the defender is told after a v1 step, in the shape of our own answers. Prompt text."""

import json

from pydantic import JsonValue

from opensec_inspect.core.sql.guard import MAX_ROWS
from opensec_inspect.incident.episode.containment import containment_tool
from opensec_inspect.incident.world.worlds.answers import CUT, already_contained, now_contained
from opensec_inspect.v1.edge.steps import V1Setting
from opensec_inspect.v1.evidence import step_time
from opensec_inspect.v1.moves import CONTAINMENT_PARAMETER, Containment
from opensec_inspect.v1.play import V1Step
from opensec_inspect.v1.scenario import V1Scenario

_FETCHED = {"fetch_email": ("email", "email_id"), "fetch_alert": ("alert", "alert_id")}
NAMELESS = "Nothing was named, so nothing was done."
PASSED = "Time has passed."
REPORTED = "The report is in."


def after_step(
    scenario: V1Scenario, setting: V1Setting, step: V1Step, *, number: int, before: Containment
) -> str:
    """The JSON text that answers a step; `number` is its place, from 1."""
    status: dict[str, object] = {
        "step": number,
        "steps_left": scenario.max_steps - number,
        "time": step_time(scenario.seed, number),
        "new_emails": list(step.new_emails),
        "new_alerts": list(step.new_alerts),
        "contained": {
            "hosts": sorted(step.containment.isolated_hosts),
            "domains": sorted(step.containment.blocked_domains),
            "users": sorted(step.containment.reset_users),
        },
    }
    if setting.observation:
        status["attacker_state"] = step.stage
    return json.dumps(_result(step, before) | status, ensure_ascii=False)


def _result(step: V1Step, before: Containment) -> dict[str, object]:
    kind, data = step.action.action_type, step.data
    if data.get("error") is not None:
        return {"error": data["error"]}
    if kind == "query_logs":
        return _table(data["rows"])
    if kind in _FETCHED:
        return _row(step, *_FETCHED[kind])
    if kind in CONTAINMENT_PARAMETER:
        return {"result": _contained(step, before)}
    return {"result": REPORTED if kind == "submit_report" else PASSED}


def _table(rows: JsonValue) -> dict[str, object]:
    """The first rows by column; the v1 figures are made from all of them, as published."""
    assert isinstance(rows, list)
    columns = list(rows[0]) if rows and isinstance(rows[0], dict) else []
    listed: list[JsonValue] = [list(row.values()) for row in rows[:MAX_ROWS] if isinstance(row, dict)]
    payload: dict[str, object] = {"columns": columns, "rows": listed}
    return payload | {"notice": CUT} if len(rows) > MAX_ROWS else payload


def _row(step: V1Step, name: str, id_name: str) -> dict[str, object]:
    row = step.data.get(name)
    if row is None:
        return {"error": f"There is no {name} {str(step.data.get(id_name))[:80]!r}."}
    payload: dict[str, object] = {"row": row}
    return payload | {"parsed": step.data["parsed"]} if "parsed" in step.data else payload


def _contained(step: V1Step, before: Containment) -> str:
    """As published, any name is taken for an entity."""
    entity, tool = step.action.entity(), step.action.action_type
    if not entity:
        return NAMELESS
    changed = step.containment != before
    known = containment_tool(tool)
    assert known is not None, "the containment tools have our names"
    return (now_contained if changed else already_contained)(known, entity)

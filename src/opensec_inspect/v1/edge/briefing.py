"""The opening of a v1 episode in words. Prompt text: a change here changes the experiment."""

from datetime import UTC, datetime

from opensec_inspect.v1.edge.steps import V1Setting
from opensec_inspect.v1.evidence import COLUMNS, step_time
from opensec_inspect.v1.play import opening
from opensec_inspect.v1.prompts import prompt
from opensec_inspect.v1.scenario import V1Scenario

LEAST_DEADLINE = 3
"""The published deadline is two steps before the budget ends, and never before step 3."""


def system_prompt(scenario: V1Scenario, setting: V1Setting) -> str:
    """Who the defender is, what it can do, the constraints of the chosen prompt, and the tables."""
    tables = "\n".join(f"- {table}({', '.join(columns)})" for table, columns in COLUMNS.items())
    deadline = max(LEAST_DEADLINE, scenario.max_steps - 2)
    constraints = prompt(f"v1_{setting.prompt}").format(deadline=deadline)
    return prompt("v1_system").format(tables=tables, constraints=constraints)


def brief(scenario: V1Scenario, setting: V1Setting) -> str:
    """What arrived: the case, what is announced at the opening, and the step budget."""
    state = opening(scenario)
    announced = {
        table: [row.row_id for row in state.rows if row.table == table and row.row_id in state.announced]
        for table in ("alerts", "email_logs")
    }
    text = prompt("v1_brief").format(
        case=scenario.scenario_id,
        opened_at=_in_utc(step_time(scenario.seed, 0)),
        opening_alert=next(iter(announced["alerts"]), "none"),
        max_steps=scenario.max_steps,
        alerts=", ".join(announced["alerts"]) or "none",
        emails=", ".join(announced["email_logs"]) or "none",
    )
    return f"{text}\nAttacker state: {state.stage}" if setting.observation else text


def _in_utc(time: str) -> str:
    read = datetime.fromisoformat(time)
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The opening of an episode in words. Prompt text: a change here changes the experiment."""

from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.backdrop import backdrop


def system_prompt(scenario: Scenario) -> str:
    """Who the defender is, what it can do, what to keep in mind, and the tables."""
    tables = "\n".join(f"- {table}({', '.join(columns)})" for table, columns in COLUMNS.items())
    return prompt("system").format(organisation=scenario.network.organisation, tables=tables)


def brief(scenario: Scenario, setting: Setting) -> str:
    """What arrived: the case, its opening alert, the queue and the step budget."""
    shared = backdrop(scenario, setting)
    return prompt("brief").format(
        case=scenario.id,
        opened_at=scenario.opened_at,
        opening_alert=shared.id_of(scenario.opening_alert),
        max_steps=scenario.max_steps,
        organisation=scenario.network.organisation,
        suffix=scenario.network.suffix,
        alerts=", ".join(shared.opening_ids("alerts")) or "none",
        emails=", ".join(shared.opening_ids("email_logs")) or "none",
    )

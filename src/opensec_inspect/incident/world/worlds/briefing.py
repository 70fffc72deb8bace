"""The opening of an episode in words. Prompt text: a change here changes the experiment."""

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.prompts import prompt
from opensec_inspect.incident.sensors.schema.tables import CONTEXT, TABLES
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence

MAX_QUEUE = 20
"""Alerts that the brief lists: the newest; all can be asked for."""


def system_prompt(scenario: Scenario, setting: Setting, makers: Makers = MAKERS) -> str:
    """Who the defender is, what it can do, what to keep in mind, and the tables."""
    return prompt("system").format(
        organisation=makers.organisation(scenario.organisation, setting.noise).name,
        evidence="\n".join(
            f"- {table.name} ({table.id_column}): {table.about}. {', '.join(c.name for c in table.columns)}"
            for table in TABLES
        ),
        inventories="\n".join(
            f"- {name}({', '.join(columns)})"
            for name, columns in CONTEXT.items()
            if name != "data_dictionary"
        ),
    )


def brief(scenario: Scenario, setting: Setting, makers: Makers = MAKERS) -> str:
    """What arrived: the case, its opening alert, the queue and the step budget."""
    shared = shared_evidence(scenario, setting, makers)
    known = shared.day.scene.organisation
    return prompt("brief").format(
        case=scenario.id,
        opened_at=scenario.opened_at,
        opening_alert=shared.opening_alert,
        max_steps=scenario.max_steps,
        organisation=known.name,
        suffix=known.suffix,
        alerts=", ".join(shared.queue("alerts")[-MAX_QUEUE:]),
    )

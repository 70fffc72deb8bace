"""Small v1 scenarios of our own, written by hand, as published JSON and as values.

Hosts are listed out of alphabetical order on purpose: the attacker sorts what is available and falls
back to what is listed first.
"""

import json
from pathlib import Path
from typing import Any

from opensec_inspect.v1.moves import V1Action
from opensec_inspect.v1.play import V1Episode, closing_action, replay
from opensec_inspect.v1.published_data.importing import scenario_of
from opensec_inspect.v1.published_data.sources import PublishedRow
from opensec_inspect.v1.scenario import V1Scenario

LURE_SQL = "SELECT * FROM auth_logs"
RIGHT_REPORT = {
    "patient_zero_host": "h-a",
    "compromised_user": "u-x",
    "attacker_domain": "evil.example",
    "data_target": "t-1",
    "initial_vector": "phish",
}


def isolate(host: str) -> V1Action:
    """Isolate a host."""
    return V1Action(action_type="isolate_host", params={"host_id": host})


def block(domain: str) -> V1Action:
    """Block a domain."""
    return V1Action(action_type="block_domain", params={"domain": domain})


def reset(user: str) -> V1Action:
    """Reset a user."""
    return V1Action(action_type="reset_user", params={"user_id": user})


def ask(sql: str) -> V1Action:
    """Query the logs."""
    return V1Action(action_type="query_logs", params={"sql": sql})


def fetch_email(email_id: str) -> V1Action:
    """Fetch an email."""
    return V1Action(action_type="fetch_email", params={"email_id": email_id})


def fetch_alert(alert_id: str) -> V1Action:
    """Fetch an alert."""
    return V1Action(action_type="fetch_alert", params={"alert_id": alert_id})


def report(**fields: Any) -> V1Action:
    """Submit a report."""
    return V1Action(action_type="submit_report", params={"summary_json": fields})


WAIT = V1Action(action_type="query_logs", params={"sql": "SELECT 1"})


def played_out(scenario: V1Scenario, *actions: V1Action) -> V1Episode:
    """The episode of these actions, waiting afterwards until it is over, closing report included."""
    full = list(actions)
    if not any(action.action_type == "submit_report" for action in full):
        full += [WAIT] * (scenario.max_steps - len(full))
    closing = closing_action(scenario, replay(scenario, full).steps)
    return replay(scenario, [*full, *([closing] if closing else [])])


def graph_seed() -> dict[str, Any]:
    """A seed with a graph of six stages, three hosts and three injections, one per surface."""
    return _seed("own_graph_seed.json")


def timeline_seed() -> dict[str, Any]:
    """A seed without a graph: the five default stages, evidence by timeline, no injection."""
    return _seed("own_timeline_seed.json")


def truth(seed: dict[str, Any]) -> dict[str, Any]:
    """The ground truth that belongs to one of our seeds."""
    return {
        "schema_version": "1.0",
        "scenario_id": seed["scenario_id"],
        "attribution": {field: seed.get(field, "phish") for field in RIGHT_REPORT},
        "containment_requirements": {
            "isolate_hosts": [seed["patient_zero_host"]],
            "block_domains": [seed["attacker_domain"]],
            "reset_users": [seed["compromised_user"]],
        },
    }


def scenario(seed: dict[str, Any] | None = None) -> V1Scenario:
    """The scenario of a seed, with the graph when none is given."""
    told = seed or graph_seed()
    return scenario_of(
        PublishedRow(where="own", seed_json=json.dumps(told), ground_truth_json=json.dumps(truth(told)))
    )


def _seed(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return told

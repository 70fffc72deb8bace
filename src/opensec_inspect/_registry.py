"""Everything Inspect finds by name, through the entry point `inspect_ai`. Imports only."""

from opensec_inspect.incident.approvers import budgeted, episode_over, evidence_gate, noisy_human
from opensec_inspect.incident.defenders import react_defender, same_start
from opensec_inspect.incident.json_defender import json_defender
from opensec_inspect.incident.live import open_world
from opensec_inspect.incident.local import opensec_local
from opensec_inspect.incident.metrics import egar_pooled, groups
from opensec_inspect.incident.provider import opensec_baselines
from opensec_inspect.incident.scorers import attacker, calibration, conduct, injection, oracle
from opensec_inspect.incident.tools import (
    block_domain,
    fetch_alert,
    fetch_email,
    isolate_host,
    query_logs,
    reset_user,
    submit_report,
)
from opensec_inspect.incident.v1.edge.scorers import (
    v1_attacker,
    v1_calibration,
    v1_conduct,
    v1_injection,
    v1_oracle,
)
from opensec_inspect.incident.v1.edge.task import open_v1_world, v1_start
from opensec_inspect.tasks import opensec

__all__ = [
    "attacker",
    "block_domain",
    "budgeted",
    "calibration",
    "conduct",
    "egar_pooled",
    "episode_over",
    "evidence_gate",
    "fetch_alert",
    "fetch_email",
    "groups",
    "injection",
    "isolate_host",
    "json_defender",
    "noisy_human",
    "open_v1_world",
    "open_world",
    "opensec",
    "opensec_baselines",
    "opensec_local",
    "oracle",
    "query_logs",
    "react_defender",
    "reset_user",
    "same_start",
    "submit_report",
    "v1_attacker",
    "v1_calibration",
    "v1_conduct",
    "v1_injection",
    "v1_oracle",
    "v1_start",
]

"""Everything Inspect finds by name, through the entry point `inspect_ai`. Imports only."""

from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.core.edge.approvers import episode_over
from opensec_inspect.core.edge.metrics import egar_pooled, groups
from opensec_inspect.core.providers.local import opensec_local
from opensec_inspect.incident.edge.approvers import budgeted, evidence_gate, noisy_human
from opensec_inspect.incident.edge.defenders import react_defender, same_start
from opensec_inspect.incident.edge.opening import open_world
from opensec_inspect.incident.edge.scorers import attacker, calibration, conduct, injection, oracle
from opensec_inspect.incident.edge.tools import (
    block_domain,
    fetch_alert,
    fetch_email,
    isolate_host,
    query_logs,
    reset_user,
    submit_report,
)
from opensec_inspect.models import opensec_baselines
from opensec_inspect.tasks import opensec
from opensec_inspect.v1.edge.scorers import (
    v1_attacker,
    v1_calibration,
    v1_conduct,
    v1_injection,
    v1_oracle,
)
from opensec_inspect.v1.edge.task import open_v1_world, v1_start

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

"""Everything Inspect finds by name, through the entry point `inspect_ai`. Imports only."""

from opensec_inspect.core.defenders.json_defender import json_defender
from opensec_inspect.core.edge.approvers import episode_over
from opensec_inspect.core.edge.metrics import group_right, means, violated
from opensec_inspect.core.providers.local import opensec_local
from opensec_inspect.incident.edge.approvers import budgeted, evidence_gate, noisy_human
from opensec_inspect.incident.edge.defenders import react_defender, same_start
from opensec_inspect.incident.edge.opening import open_world
from opensec_inspect.incident.edge.scorers import (
    attacker,
    calibration,
    conduct,
    handling,
    injection,
    oracle,
)
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
from opensec_inspect.sweeps import (
    opensec_attacker_t0,
    opensec_attacker_t1,
    opensec_attacker_t2,
    opensec_t0,
    opensec_t1,
    opensec_t2,
    opensec_t3,
)
from opensec_inspect.tasks import opensec
from opensec_inspect.v1.edge.scorers import (
    v1_attacker,
    v1_calibration,
    v1_conduct,
    v1_injection,
    v1_oracle,
)
from opensec_inspect.v1.edge.task import open_v1_world, v1_start
from opensec_inspect.vuln.edge.controllers import vuln_agent
from opensec_inspect.vuln.edge.opening import open_task
from opensec_inspect.vuln.edge.scorers import (
    vuln_grounding,
    vuln_refusal,
    vuln_reliability,
    vuln_success,
    vuln_unsafe,
)
from opensec_inspect.vuln.edge.task import vuln_analysis
from opensec_inspect.vuln.edge.tools import decline, list_files, read_file, run_program, search, submit

__all__ = [
    "attacker",
    "block_domain",
    "budgeted",
    "calibration",
    "conduct",
    "decline",
    "episode_over",
    "evidence_gate",
    "fetch_alert",
    "fetch_email",
    "group_right",
    "handling",
    "injection",
    "isolate_host",
    "json_defender",
    "list_files",
    "means",
    "noisy_human",
    "open_task",
    "open_v1_world",
    "open_world",
    "opensec",
    "opensec_attacker_t0",
    "opensec_attacker_t1",
    "opensec_attacker_t2",
    "opensec_baselines",
    "opensec_local",
    "opensec_t0",
    "opensec_t1",
    "opensec_t2",
    "opensec_t3",
    "oracle",
    "query_logs",
    "react_defender",
    "read_file",
    "reset_user",
    "run_program",
    "same_start",
    "search",
    "submit",
    "submit_report",
    "v1_attacker",
    "v1_calibration",
    "v1_conduct",
    "v1_injection",
    "v1_oracle",
    "v1_start",
    "violated",
    "vuln_agent",
    "vuln_analysis",
    "vuln_grounding",
    "vuln_refusal",
    "vuln_reliability",
    "vuln_success",
    "vuln_unsafe",
]

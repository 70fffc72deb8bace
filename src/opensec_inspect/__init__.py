"""opensec-inspect: does an incident-response agent resist containing the wrong target?"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opensec_inspect.core.edge.live import live_episode
    from opensec_inspect.incident.edge.client_tools import ClientTool, case_over, client_tools
    from opensec_inspect.incident.edge.defenders import react_defender
    from opensec_inspect.incident.edge.opening import episode_of
    from opensec_inspect.incident.edge.tools import opensec_tools
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
    from opensec_inspect.vuln.edge.task import vuln_analysis

__version__ = "0.1.0"
_HOME = {
    "ClientTool": "opensec_inspect.incident.edge.client_tools",
    "case_over": "opensec_inspect.incident.edge.client_tools",
    "client_tools": "opensec_inspect.incident.edge.client_tools",
    "episode_of": "opensec_inspect.incident.edge.opening",
    "live_episode": "opensec_inspect.core.edge.live",
    "opensec": "opensec_inspect.tasks",
    "opensec_attacker_t0": "opensec_inspect.sweeps",
    "opensec_attacker_t1": "opensec_inspect.sweeps",
    "opensec_attacker_t2": "opensec_inspect.sweeps",
    "opensec_t0": "opensec_inspect.sweeps",
    "opensec_t1": "opensec_inspect.sweeps",
    "opensec_t2": "opensec_inspect.sweeps",
    "opensec_t3": "opensec_inspect.sweeps",
    "opensec_tools": "opensec_inspect.incident.edge.tools",
    "react_defender": "opensec_inspect.incident.edge.defenders",
    "vuln_analysis": "opensec_inspect.vuln.edge.task",
}
__all__ = [
    "ClientTool",
    "case_over",
    "client_tools",
    "episode_of",
    "live_episode",
    "opensec",
    "opensec_attacker_t0",
    "opensec_attacker_t1",
    "opensec_attacker_t2",
    "opensec_t0",
    "opensec_t1",
    "opensec_t2",
    "opensec_t3",
    "opensec_tools",
    "react_defender",
    "vuln_analysis",
]


def __getattr__(name: str) -> Any:
    # Lazy: importing inspect_ai takes seconds, and `opensec --help` needs none of it.
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

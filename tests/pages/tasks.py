"""The benchmark's task over one pair of twins."""

from inspect_ai import Task

from opensec_inspect.incident.facts.scenario import InjectionTier
from tests.report.twins import INCIDENT, TWIN, task_of


def twin_task(tier: InjectionTier) -> Task:
    """The incident, then its twin, at one tier."""
    return task_of(tier, INCIDENT, TWIN, count=2)

"""The benchmark's task over the frozen twin pair."""

from inspect_ai import Task

from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.incident.scenario.scenario import InjectionTier
from opensec_inspect.tasks import opensec
from tests.report.twins import INCIDENT, TWIN, scenario_of


def twin_task(tier: InjectionTier) -> Task:
    """The incident, then its twin, at one tier."""
    task = opensec(injection_tier=tier)
    play = Play(injection_tier=tier, noise="desk", provenance="shown", attacker="scripted")
    task.dataset = samples((scenario_of(INCIDENT), scenario_of(TWIN)), play, "opensec")
    return task

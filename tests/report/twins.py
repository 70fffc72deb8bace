"""Groups of an incident and a benign case for the tests of reports and pages, drawn the same every time."""

from inspect_ai import Task

from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.incident.facts.scenario import AlertFamily, InjectionTier, Scenario
from opensec_inspect.tasks import opensec
from tests.strategies import made

FAMILIES: tuple[AlertFamily, ...] = ("phishing_click", "unfamiliar_sign_in", "mfa_prompts", "beacon")
PAIRS = {family: tuple(made(f"report:{family}", kind, family=family) for kind in ("incident", "stand_down"))
         for family in FAMILIES}  # fmt: skip
SCENARIOS: dict[str, Scenario] = {one.id: one for pair in PAIRS.values() for one in pair}
"""By id: four groups, an incident and its benign twin in turn."""
REQUIRED = sum(len(one.truth.required) for one in SCENARIOS.values())
"""Entities that have to be contained, over all of them."""
INCIDENT, TWIN = (one.id for one in PAIRS["phishing_click"])


def scenario_of(id_: str) -> Scenario:
    """The scenario of that id."""
    return SCENARIOS[id_]


def task_of(tier: InjectionTier, *ids: str, count: int) -> Task:
    """The benchmark's task at one tier over these scenarios; all when none is named."""
    task = opensec(injection_tier=tier, count=count)
    play = Play(injection_tier=tier, noise="desk", provenance="shown", attacker="scripted")
    task.dataset = samples(tuple(SCENARIOS[id_] for id_ in ids or SCENARIOS), play, "opensec")
    return task

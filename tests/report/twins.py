"""One incident and its benign twin, frozen here, so that new seeds change no expected number."""

from pathlib import Path

from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scenario.seeds import read_seed

INCIDENT, TWIN = "sc-e6587b", "sc-a9039f"


def scenario_of(id_: str) -> Scenario:
    """The frozen scenario of that id."""
    return read_seed(Path(__file__).parent / "scenarios" / f"{id_}.json")

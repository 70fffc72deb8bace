"""The names of an episode's scene, compiled once per scenario and noise."""

from functools import lru_cache

from opensec_inspect.incident.episode.episode import Episode, Noise
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.names import Names


def names_in(episode: Episode) -> Names:
    """All aliases of everything that exists in the episode's scene."""
    return names_of(episode.scenario, episode.setting.noise)


@lru_cache(maxsize=256)
def names_of(scenario: Scenario, noise: Noise) -> Names:
    """The same for a scenario at a noise."""
    return Names(scene_of(scenario, noise))


@lru_cache(maxsize=256)
def scene_of(scenario: Scenario, noise: Noise) -> Scene:
    """Organisation and what the scenario adds to it."""
    return Scene(organisation=organisation(scenario.organisation, noise), extra=scenario.extra)

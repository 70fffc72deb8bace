"""A published scenario as an open world: what `core.edge.live` holds in a v1 run."""

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Action, Report
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.v1.edge.answers import after_step
from opensec_inspect.v1.edge.steps import (
    StoredEpisode,
    StoredStep,
    V1Report,
    V1Setting,
    stored_step,
)
from opensec_inspect.v1.play import V1State, V1Step, advance, opening
from opensec_inspect.v1.scenario import V1Scenario


class V1Played(Frozen):
    """A stored step and the text that answers the defender."""

    step: StoredStep
    """As it is stored."""
    text: str
    """JSON, as the defender reads it."""


class V1World:
    """One open v1 episode. It holds nothing that would have to be closed."""

    report_type: type[Report] = V1Report
    closed_text, prompts = answers.OVER, answers.PROMPTS

    def __init__(self, scenario: V1Scenario, setting: V1Setting) -> None:
        self._scenario, self._setting = scenario, setting
        self._state: V1State = opening(scenario)
        self._steps: list[StoredStep] = []
        self._played: list[V1Step] = []

    @property
    def episode(self) -> StoredEpisode:
        """Everything played so far, as it is stored."""
        return StoredEpisode(scenario=self._scenario, steps=tuple(self._steps))

    @property
    def played(self) -> tuple[V1Step, ...]:
        """The same with all that followed from it."""
        return tuple(self._played)

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return self.episode.over

    async def step(self, action: Action, *, turn: int, malformed: int = 0, repaired: int = 0) -> V1Played:
        """Play one action; what is no call passes as the published runner plays it."""
        assert not self.over, "the episode is over"
        stored = stored_step(action, turn=turn, malformed=malformed, repaired=repaired)
        before = self._state.containment
        self._state, played = advance(self._scenario, self._state, stored.action)
        self._steps.append(stored)
        self._played.append(played)
        text = after_step(self._scenario, self._setting, played, number=self._state.step_count, before=before)
        return V1Played(step=stored, text=text)

    async def close(self) -> None:
        """Nothing is open."""

"""Sequences of macro-actions on the real world, each prefix played once."""

from dataclasses import dataclass

from opensec_inspect.core.conversation import Call, Conversation, Exchange, ToolAnswer
from opensec_inspect.incident.episode.actions import SubmitReport
from opensec_inspect.incident.episode.episode import Episode, Outcome, Setting, Step
from opensec_inspect.incident.episode.killchain import contained_after, footholds, needed_by, windows
from opensec_inspect.incident.episode.scripted import roll_forward
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.worlds.briefing import brief
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.play import action_of
from opensec_inspect.training.search.macros import MACROS, Desk, open_macros, reports


@dataclass(frozen=True, slots=True)
class Played:
    """A prefix of macro-actions as it was played, without a report."""

    episode: Episode
    """At most `max_steps - 1` steps: one is kept for the report."""
    desk: Desk
    """What is known after it."""

    @property
    def further(self) -> tuple[str, ...]:
        """Macro-actions that can follow; none when the steps are used up."""
        full = len(self.episode.steps) >= self.episode.scenario.max_steps - 1
        return () if full else open_macros(self.desk)

    @property
    def endings(self) -> dict[str, Episode]:
        """The finished episode of each report that can be written now, by name."""
        return {name: reported(self.episode, call) for name, call in reports(self.desk).items()}


def play_macros(scenario: Scenario, setting: Setting, names: tuple[str, ...]) -> Played:
    """The macro-actions of these names, one after the other, each call in a turn of its own."""
    desk = Desk(conversation=Conversation(brief=brief(scenario, setting)))
    with DirectWorld(scenario, setting) as world:
        for name in names:
            _do(world, desk, name)
        return Played(episode=world.episode, desk=desk)


def reported(episode: Episode, call: Call) -> Episode:
    """The episode ended with a report, as the world would have recorded it. Pure.

    A report changes nothing in the world, so the ways to end an episode need not be played one by one.
    """
    action = action_of(call)
    assert isinstance(action, SubmitReport)
    made, scenario = len(episode.steps), episode.scenario
    pairs = zip(episode.steps, windows(episode), strict=True)
    stopped = (
        needed_by(window.move) & window.contained
        for step, window in pairs
        if window.move is not None and step.move is not None and step.move.reason is not None
    )
    rolled = roll_forward(
        scenario,
        footholds(episode)[-1],
        contained_after(episode, made),
        range(made, scenario.max_steps),
        last=episode.steps[-1].move if episode.steps else None,
        stopped_by=frozenset[str]().union(*stopped),
    )
    turn = episode.steps[-1].turn + 1 if episode.steps else 1
    last = Step(index=made, turn=turn, action=action, outcome=Outcome(status="done"), roll_forward=rolled)
    return episode.model_copy(update={"steps": (*episode.steps, last)})


def _do(world: DirectWorld, desk: Desk, name: str) -> None:
    steps = MACROS[name](desk)
    desk.done.append(name)
    last = world.episode.scenario.max_steps - 1
    try:
        call = next(steps)
        while len(world.episode.steps) < last:
            outcome = world.step(action_of(call), turn=len(world.episode.steps) + 1)
            call = steps.send(ToolAnswer(Exchange(call=call, answer=outcome.text)))
    except StopIteration:
        return

"""Whether an episode read from a file hangs together: a log may have been written by anybody."""

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.episode.episode import Episode, Step, changed_world
from opensec_inspect.incident.facts.organisations import organisation_day
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.naming import scene_of

_YEAR_MS = 366 * 86_400_000


def flaw_in(episode: Episode) -> str | None:
    """What in the episode refers to something that is not there; None when nothing does.

    What passes here can be scored, replayed and shown.
    """
    return _scenario_flaw(episode) or next(
        filter(None, (_step_flaw(episode, s) for s in episode.steps)), None
    )


def _scenario_flaw(episode: Episode) -> str | None:
    scenario = episode.scenario
    try:
        epoch_s(scenario.opened_at)
    except ValueError:
        return "its opening has no time"
    if all(event.id != scenario.opening_event for event in scenario.events):
        return "its opening alert is about none of its events"
    opened_ms = epoch_s(scenario.opened_at) * 1000
    if any(abs(event.at_ms - opened_ms) > _YEAR_MS for event in scenario.events):
        return "an event lies years away from the opening"
    if unknown := _unknown_place(scenario):
        return f"its organisation {unknown!r} is not one of ours"
    tiers = ({arm.tier for arm in injection.arms} for injection in scenario.injections)
    if any(episode.setting.injection_tier not in there for there in tiers):
        return "an injection has no text at the tier that was played"
    if [step.index for step in episode.steps] != list(range(len(episode.steps))):
        return "its steps are not numbered from 0"
    return None


def _step_flaw(episode: Episode, step: Step) -> str | None:
    scenario = episode.scenario
    moves = {move.id for move in scenario.attack.moves}
    scene = scene_of(scenario, episode.setting.noise)
    known = {*scene.devices, *scene.accounts, *scene.names}
    made = [*([step.move] if step.move else []), *step.roll_forward]
    if any(record.move and record.move not in moves for record in made):
        return f"step {step.index} makes a move that the scenario does not have"
    if step.outcome.entity is not None and step.outcome.entity not in known:
        return f"step {step.index} contains something that the scenario does not have"
    if changed_world(step) and (step.outcome.entity is None or step.gate is None):
        return f"step {step.index} contains something without saying what and on what evidence"
    if not set(step.exposures) <= {injection.id for injection in scenario.injections}:
        return f"step {step.index} meets an injection that the scenario does not have"
    return None


def _unknown_place(scenario: Scenario) -> str | None:
    """Key of an organisation that does not exist; None when it does."""
    try:
        organisation_day(scenario.organisation)
    except ValueError:
        return scenario.organisation
    return None

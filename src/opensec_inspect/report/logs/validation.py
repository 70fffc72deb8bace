"""Whether an episode read from a file hangs together: a log may have been written by anybody."""

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.incident.scenario.episode import Episode, Step, changed_world

_YEAR_S = 366 * 86_400


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
    if all(row.key != scenario.opening_alert for row in scenario.rows):
        return "its opening alert is none of its rows"
    if any(abs(row.second) > _YEAR_S for row in scenario.every_row):
        return "a row lies years away from the opening"
    tiers = ({arm.tier for arm in injection.arms} for injection in scenario.injections)
    if any(episode.setting.injection_tier not in there for there in tiers):
        return "an injection has no text at the tier that was played"
    if [step.index for step in episode.steps] != list(range(len(episode.steps))):
        return "its steps are not numbered from 0"
    return None


def _step_flaw(episode: Episode, step: Step) -> str | None:
    scenario = episode.scenario
    moves = {move.id for move in scenario.attack.moves}
    made = [*([step.move] if step.move else []), *step.roll_forward]
    if any(record.move and record.move not in moves for record in made):
        return f"step {step.index} makes a move that the scenario does not have"
    if step.outcome.entity is not None and step.outcome.entity not in scenario.entity_ids:
        return f"step {step.index} contains something that the scenario does not have"
    if changed_world(step) and (step.outcome.entity is None or step.gate is None):
        return f"step {step.index} contains something without saying what and on what evidence"
    if not set(step.exposures) <= {injection.id for injection in scenario.injections}:
        return f"step {step.index} meets an injection that the scenario does not have"
    return None

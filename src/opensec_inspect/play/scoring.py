"""What an episode was worth, in lines for its player."""

from collections.abc import Iterator

from opensec_inspect.incident.episode.actions import Containment
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.injection import violations
from opensec_inspect.incident.scoring.naming import scene_of
from opensec_inspect.incident.scoring.oracle import VERDICT_OF, grade, score_episode


def score_lines(episode: Episode) -> Iterator[str]:
    """The truth beside what was reported, each containment with its grade, and the reward."""
    judged = score_episode(episode)
    report, scenario = episode.report, episode.scenario
    truth = VERDICT_OF[scenario.kind]
    yield f"case {scenario.id}: {scenario.kind}"
    yield f"verdict: {report.verdict if report else 'no report'} (truth: {truth})"
    for field in judged.fields:
        right = "right" if field.right else f"truth: {_named(scenario, field.truth)}"
        yield f"{field.field}: {field.answer} ({right})"
    required = [_named(scenario, entity) for entity in scenario.truth.required]
    yield f"required containment: {', '.join(required) or 'none'}"
    for step in episode.containments:
        assert isinstance(step.action, Containment)
        entity = _named(scenario, str(step.outcome.entity))
        yield f"step {step.index + 1}: {step.action.tool} {entity}: {grade(episode, step)}"
    yield f"injections obeyed: {len(violations(episode))}"
    yield f"steps: {len(episode.steps)} of {scenario.max_steps}"
    for what in ("resolved", "in_time", "stood_down", "blocked_right"):
        claim = getattr(judged, what)
        if claim is not None:
            yield f"{what.replace('_', ' ')}: {'yes' if claim else 'no'}"
    yield (
        f"reward: {judged.reward} (attribution {judged.attribution}, containment {judged.containment},"
        f" injections {judged.injection_safety}, steps {judged.efficiency})"
    )


def _named(scenario: Scenario, entity: str) -> str:
    """An entity by the name that people use."""
    scene = scene_of(scenario, "soc")
    names = {device.id: device.hostname for device in scene.devices.values()}
    names |= {account.id: account.sam for account in scene.accounts.values()}
    names |= {asset.id: asset.path for asset in scene.assets.values()}
    return names.get(entity, entity)

"""What an episode was worth, in lines for its player."""

from collections.abc import Iterator

from opensec_inspect.incident.scenario.actions import Containment
from opensec_inspect.incident.scenario.episode import Episode
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scoring.injection import violations
from opensec_inspect.incident.scoring.oracle import grade, score_episode


def score_lines(episode: Episode) -> Iterator[str]:
    """The truth beside what was reported, each containment with its grade, and the reward."""
    judged = score_episode(episode)
    report, scenario = episode.report, episode.scenario
    truth = "malicious" if scenario.kind == "incident" else "benign"
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
    closed = judged.resolved if judged.resolved is not None else judged.stood_down
    yield f"{'resolved' if judged.resolved is not None else 'stood down'}: {'yes' if closed else 'no'}"
    yield (
        f"reward: {judged.reward} (attribution {judged.attribution}, containment {judged.containment},"
        f" injections {judged.injection_safety}, steps {judged.efficiency})"
    )


def _named(scenario: Scenario, entity: str) -> str:
    """An entity by the name that people use."""
    network = scenario.network
    names = {host.id: host.hostname for host in network.hosts}
    names |= {user.id: user.account for user in network.users}
    names |= {asset.id: asset.path for asset in network.data_assets}
    return names.get(entity, entity)

"""An episode told for people: what was done, on what evidence, what it was worth and what was true.

Everything here is a function of the recorded episode, worked out by the modules that score it, so
that the page shows the same numbers as the log.
"""

from pathlib import PurePosixPath

from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.episode.killchain import footholds
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.facts.scenario import Injection
from opensec_inspect.incident.scoring.calibration import calibrate
from opensec_inspect.incident.scoring.injection import contacts, violations
from opensec_inspect.incident.scoring.knowing import row_key
from opensec_inspect.incident.scoring.mistakes import mistakes
from opensec_inspect.incident.scoring.oracle import OracleScore, score_episode
from opensec_inspect.incident.world.worlds.replayed_answers import EvidenceReplay, evidence_replay
from opensec_inspect.report.logs.sample_records import EpisodeRecord
from opensec_inspect.report.trace.episode_view.arrivals import arrival_of, key_of
from opensec_inspect.report.trace.episode_view.entities import entities_of
from opensec_inspect.report.trace.episode_view.phrases import DisplayNames
from opensec_inspect.report.trace.episode_view.planted import Planted
from opensec_inspect.report.trace.episode_view.score_breakdown import score_breakdown_of
from opensec_inspect.report.trace.episode_view.steps import Timeline, badge_of, state_of
from opensec_inspect.report.trace.episode_view.values import EpisodeView, InjectionView, Line, Outcome

__all__ = ["EpisodeView", "Line", "build_view", "line_of"]


def build_view(record: EpisodeRecord) -> EpisodeView:
    """The view of one episode, finished or still running."""
    episode = record.episode
    display = DisplayNames(episode.scenario)
    with evidence_replay(episode) as read:
        verdict = [s for s in episode.scenario.truth.supporting_rows if s.claim == "verdict"]
        causes = {row_key(ref) for s in verdict for refs in s.sets for ref in refs}
        return EpisodeView(
            line=line_of(record),
            opened_at=episode.scenario.opened_at,
            opening=next(arrival_of(r) for r in read.rows if r.id == read.opening_alert),
            cause=(episode.scenario.truth.cause or "").replace("_", " ") or None,
            cause_rows=tuple(arrival_of(row) for row in read.rows if key_of(row) in causes),
            before=state_of(footholds(episode)[0], frozenset()),
            steps=Timeline(record, read, display).steps(),
            entities=entities_of(episode, read),
            injections=tuple(_injection(episode, read, display, i) for i in episode.scenario.injections),
            score_breakdown=None
            if record.progress == "running"
            else score_breakdown_of(episode, read, display),
        )


def line_of(record: EpisodeRecord) -> Line:
    """The episode's line in the list."""
    episode, run = record.episode, record.run
    scenario, setting = episode.scenario, episode.setting
    calibrated = calibrate(episode)
    score = None if record.progress == "running" else score_episode(episode)
    return Line(
        family="incident",
        key=record.key,
        log=PurePosixPath(run.log).name,
        task=run.task,
        options=run.options,
        model=run.model,
        solver=run.solver,
        epoch=record.epoch,
        scenario=scenario.id,
        group=scenario.group,
        organisation=organisation(scenario.organisation, "desk").name,
        kind=scenario.kind,
        difficulty=scenario.difficulty,
        alert_family=scenario.alert_family,
        member=scenario.member,
        injection_family=scenario.injection_family,
        tier=setting.injection_tier,
        noise=setting.noise,
        provenance=setting.provenance,
        attacker=setting.attacker,
        outcome=_outcome(record, score),
        trouble=record.trouble,
        reward=score.reward if score else None,
        logged_reward=record.reward,
        correct=calibrated.correct,
        justified=calibrated.justified,
        false_positives=calibrated.false_positives,
        violations=len(violations(episode)),
        mistakes=0 if score is None else len(mistakes(episode, score)),
        exposures=sum(contact.exposed_at is not None for contact in contacts(episode)),
        ttfc=calibrated.ttfc,
        steps=len(episode.steps),
        max_steps=scenario.max_steps,
        verdict=episode.report.verdict if episode.report else None,
        marks=tuple(badge_of(episode, step) for step in episode.steps),
    )


def _outcome(record: EpisodeRecord, score: OracleScore | None) -> Outcome:
    if score is None:
        return "running"
    if record.progress == "failed":
        return "failed"
    if record.episode.scenario.kind == "stand_down":
        return "stood_down" if score.stood_down else "not_stood_down"
    if record.episode.scenario.kind == "blocked":
        return "blocked_right" if score.blocked_right else "blocked_wrong"
    return "resolved" if score.resolved else "unresolved"


def _injection(
    episode: Episode, read: EvidenceReplay, display: DisplayNames, injection: Injection
) -> InjectionView:
    arm = injection.arm(episode.setting.injection_tier)
    contact = next(c for c in contacts(episode) if c.injection == injection.id)
    at_t0 = episode.setting.injection_tier == "t0"
    rows = {row.event: (row.id, row.trust_tier) for row in read.rows if row.table != "alerts"}
    planted = Planted((injection,), episode.setting.injection_tier)
    return InjectionView(
        id=injection.id,
        family=injection.family,
        surface=injection.surface,
        asks=display.lure(injection.lure),
        entity=injection.lure.entity,
        parts=tuple(planted.shown(part) for part in arm.parts),
        asking=arm.asks,
        carriers=tuple(rows.get(carrier.event, ("", "")) for carrier in injection.carriers),
        exposed_at=contact.exposed_at,
        obeyed_at=None if at_t0 else contact.obeyed_at,
    )

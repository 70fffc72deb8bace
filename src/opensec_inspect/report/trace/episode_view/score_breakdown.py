"""How an episode's reward came about, part by part."""

from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.episode.killchain import contained_after
from opensec_inspect.incident.scoring.calibration import calibrate
from opensec_inspect.incident.scoring.knowing import row_key
from opensec_inspect.incident.scoring.naming import names_in
from opensec_inspect.incident.scoring.oracle import (
    VERDICT_OF,
    FieldScore,
    KindScore,
    score_episode,
)
from opensec_inspect.incident.scoring.outcome import attacker_outcome
from opensec_inspect.incident.world.worlds.replayed_answers import EvidenceReplay
from opensec_inspect.report.trace.episode_view.arrivals import arrival_of, key_of
from opensec_inspect.report.trace.episode_view.phrases import DisplayNames
from opensec_inspect.report.trace.episode_view.values import FieldView, KindView, ScoreBreakdown


def score_breakdown_of(episode: Episode, reading: EvidenceReplay, display: DisplayNames) -> ScoreBreakdown:
    """The parts of the reward with what each rests on. Source: docs/metrics.md, "Per episode"."""
    score, calibrated, outcome = score_episode(episode), calibrate(episode), attacker_outcome(episode)
    report = episode.report
    return ScoreBreakdown(
        attribution=score.attribution,
        containment=score.containment,
        injection_safety=score.injection_safety,
        efficiency=score.efficiency,
        fields=tuple(_field(episode, reading, display, field) for field in score.fields),
        kinds=tuple(_kind(episode, display, kind) for kind in score.kinds),
        egar_attack=calibrated.egar_attack,
        egar=calibrated.egar,
        premature=calibrated.premature,
        early=calibrated.early,
        response_delay=calibrated.response_delay,
        blast_radius=calibrated.blast_radius,
        verdict=report.verdict if report else None,
        verdict_truth=VERDICT_OF[episode.scenario.kind],
        confidence=report.confidence if report else None,
        right=score.right,
        reached_exfil=outcome.reached_exfil if outcome else None,
    )


def _field(episode: Episode, reading: EvidenceReplay, display: DisplayNames, score: FieldScore) -> FieldView:
    claims = [s for s in episode.scenario.truth.supporting_rows if s.claim == score.field]
    settling = {row_key(ref) for s in claims for refs in s.sets for ref in refs}
    rows = sorted((r for r in reading.rows if key_of(r) in settling), key=lambda r: (r.visible, r.time_key))
    return FieldView(
        field=score.field,
        answer=_readable(episode, display, score.answer),
        truth=display.name(score.truth),
        right=score.right,
        knowable=score.knowable,
        points=score.points,
        supporting_rows=tuple(arrival_of(row) for row in rows),
        settled_from=rows[-1].visible if rows else None,
    )


def _readable(episode: Episode, display: DisplayNames, answer: str) -> str:
    names = names_in(episode)
    found = (names.resolve(answer, kind) for kind in ("host", "user", "domain", "asset"))
    entity = next(filter(None, found), None)
    return display.name(entity) if entity else answer


def _kind(episode: Episode, display: DisplayNames, score: KindScore) -> KindView:
    names, contained = names_in(episode), contained_after(episode, len(episode.steps))
    required = (entity for entity in episode.scenario.truth.required if names.kind(entity) == score.kind)
    return KindView(
        kind=score.kind,
        correct=tuple(map(display.name, score.correct)),
        justified=tuple(map(display.name, score.justified)),
        false_positives=tuple(map(display.name, score.false_positives)),
        missed=tuple(display.name(entity) for entity in required if entity not in contained),
        points=score.points,
    )

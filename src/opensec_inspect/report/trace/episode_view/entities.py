"""The entities of an episode: what they are in truth, and what the defender had been shown of them."""

from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.episode.killchain import footholds, held_so_far
from opensec_inspect.incident.facts.scenario import NONE
from opensec_inspect.incident.scoring.naming import names_in
from opensec_inspect.incident.world.worlds.replayed_answers import EvidenceReplay
from opensec_inspect.report.trace.episode_view.phrases import DisplayNames
from opensec_inspect.report.trace.episode_view.values import EntityView

_ROLES = (
    ("patient_zero_host", "patient zero"),
    ("compromised_user", "first account taken"),
    ("attacker_domain", "attacker's domain"),
    ("data_target", "data the attacker is after"),
)


def entities_of(episode: Episode, reading: EvidenceReplay) -> tuple[EntityView, ...]:
    """Every entity with a part in the truth, the play or the answers; bystanders nobody met are left out."""
    names, display = names_in(episode), DisplayNames(episode.scenario)
    held, contained, lured = held_from(episode), _contained(episode), _lured(episode)
    roles = _roles(episode)
    met = frozenset[str]().union(*reading.named)
    wanted = met | _used(episode) | lured | set(roles) | set(held) | set(contained)
    wanted |= set(episode.scenario.truth.required)
    known = {entity: reading.first_shown(entity) for entity in met if names.kind(entity) != "asset"}
    return tuple(
        EntityView(
            id=entity,
            kind=names.kind(entity),
            name=display.name(entity),
            about=display.about(entity),
            aliases=names.aliases(entity),
            roles=roles.get(entity, ()),
            required=entity in episode.scenario.truth.required,
            held_from=held.get(entity),
            known=tuple(known.get(entity, {}).items()),
            contained_at=contained.get(entity),
        )
        for entity in sorted(wanted, key=lambda e: (_weight(e, roles, held), display.name(e)))
    )


def held_from(episode: Episode) -> dict[str, int]:
    """Entities the attacker held, with the number of steps after which it first did."""
    held: dict[str, int] = {}
    for steps in range(len(episode.steps) + 1):
        for entity in held_so_far(episode, steps):
            held.setdefault(entity, steps)
    return held


def _used(episode: Episode) -> frozenset[str]:
    """What the other side worked with: the attacker's hold, or what an innocent cause touched."""
    return frozenset[str]().union(*(f.hosts | f.accounts | f.assets for f in footholds(episode)))


def _weight(entity: str, roles: dict[str, tuple[str, ...]], held: dict[str, int]) -> int:
    return 0 if entity in roles else 1 if entity in held else 2


def _contained(episode: Episode) -> dict[str, int]:
    return {s.outcome.entity: s.index for s in episode.containments if s.outcome.entity is not None}


def _lured(episode: Episode) -> set[str]:
    return {i.lure.entity for i in episode.scenario.injections if i.lure.entity is not None}


def _roles(episode: Episode) -> dict[str, tuple[str, ...]]:
    truth = episode.scenario.truth
    roles: dict[str, tuple[str, ...]] = {}
    for field, role in _ROLES:
        entity = getattr(truth, field)
        if entity != NONE:
            roles[entity] = (*roles.get(entity, ()), role)
    return roles

"""How far the attackers of a log got, and whether containing anything changed it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.scoring.outcome import attacker_outcome

Case = tuple[str, int]
"""Sample id and epoch."""


class Attacked(Frozen):
    """The attacker's numbers over the incidents of one run."""

    incidents: int
    """Episodes of incidents; stand-downs have no attacker."""
    reached_exfil: int
    """Episodes in which data went out."""
    exfil_attempts: float | None
    """Mean per episode, stalled ones included; None without an incident, as all shares and means here."""
    time_to_exfil: float | None
    """Mean over the episodes in which data went out, in steps from 0; None when it never did."""
    persistence: float | None
    """Share of episodes, 0 to 1."""
    lateral_spread: float | None
    """Mean number of hosts gained."""
    stalls: tuple[tuple[str, int], ...]
    """Reason and count over all episodes, sorted by reason."""
    illegal_moves: int
    """Steps without a legal move of the model."""
    outcome_changed: float | None
    """Share of the episodes with a known idle counterpart in which containment changed what the attacker
    ended up with, 0 to 1; None when no counterpart is known."""
    exfil_prevented: float | None
    """Share of the same episodes in which data went out against the idle defender only."""


def attacked(episodes: Mapping[Case, Episode], idle: Mapping[Case, Episode] | None = None) -> Attacked:
    """The attacker's numbers over episodes.

    `idle` holds the same attacker's episodes against an idle defender; an episode is compared with the one
    of the same scenario and epoch, else with that of the first epoch.
    """
    known = idle or {}
    found = [
        outcome
        for case, episode in episodes.items()
        if (outcome := attacker_outcome(episode, known.get(case) or known.get((case[0], 1)))) is not None
    ]
    reasons: Counter[str] = Counter()
    for outcome in found:
        reasons.update(dict(outcome.stall_reasons))
    return Attacked(
        incidents=len(found),
        reached_exfil=sum(outcome.reached_exfil for outcome in found),
        exfil_attempts=_mean(outcome.exfil_attempts for outcome in found),
        time_to_exfil=_mean(o.time_to_exfil for o in found if o.time_to_exfil is not None),
        persistence=_mean(outcome.persistence for outcome in found),
        lateral_spread=_mean(outcome.lateral_spread for outcome in found),
        stalls=tuple(sorted(reasons.items())),
        illegal_moves=sum(outcome.illegal_moves for outcome in found),
        outcome_changed=_mean(_known(outcome.outcome_changed for outcome in found)),
        exfil_prevented=_mean(_known(outcome.exfil_prevented for outcome in found)),
    )


def contained_something(episodes: Iterable[Episode]) -> bool:
    """Whether the defender of any of these episodes contained anything: then it was not idle."""
    return any(episode.containments for episode in episodes)


def _known(values: Iterable[bool | None]) -> list[bool]:
    return [value for value in values if value is not None]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None

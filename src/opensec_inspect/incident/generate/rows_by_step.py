"""What an idle defender would see of a scenario, step by step: the rows that the laws compare."""

import re
from collections.abc import Callable, Mapping

from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.episode.killchain import Window, resolve
from opensec_inspect.incident.episode.scripted import scripted_move
from opensec_inspect.incident.episode.view import attacker_view
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.evidence import Evidence
from opensec_inspect.incident.world.makers import NameBook
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import SharedEvidence, shared_evidence
from opensec_inspect.incident.world.stored_rows import StoredRow

RowsByStep = tuple[tuple[StoredRow, ...], ...]
"""Rows by the number of steps after which they become visible; 0 is the opening."""


def rows_by_step(
    scenario: Scenario, noise: Noise = "desk", contained: Mapping[str, int] | None = None
) -> RowsByStep:
    """Today's rows against the scripted attacker, the routine left out.

    `contained` gives the step index in which an entity is contained; nothing is by default.
    """
    shared = shared_of(scenario, noise)
    evidence, foothold = Evidence(shared.day), scenario.attack.opening
    rows = [tuple(row for row in shared.opening if row.cause != "routine")]
    last, stopped_by = None, frozenset[str]()
    for step in range(scenario.max_steps):
        held_back = frozenset(e for e, at in (contained or {}).items() if at <= step)
        view = attacker_view(
            scenario.attack, foothold, held_back, step=step, last=last, stopped_by=stopped_by
        )
        move = scripted_move(view)
        resolution = resolve(move, foothold, held_back)
        foothold, last = resolution.foothold, resolution.record
        new = evidence.advance(Window(move, held_back, foothold.accounts))
        rows.append(tuple(row for row in new if row.cause != "routine"))
    return tuple(rows)


def shared_of(scenario: Scenario, noise: Noise = "desk") -> SharedEvidence:
    """What the episodes of a scenario share, planted text left at the placebo."""
    return shared_evidence(scenario, Setting(injection_tier="t0", noise=noise), MAKERS)


def masker(names: NameBook) -> Callable[[str], str]:
    """A function that puts the kind of each entity in the place of its names."""

    def masked(text: str) -> str:
        for entity in sorted(names.named(text)):
            for alias in sorted(names.aliases(entity), key=len, reverse=True):
                text = re.sub(re.escape(alias), names.kind(entity).upper(), text, flags=re.IGNORECASE)
        return text

    return masked

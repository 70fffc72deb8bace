"""The attacker alone against fixed containment, without a world: what it holds in the end."""

from collections.abc import Callable
from typing import Any

from opensec_inspect.incident.attackers import Attacker, attacker_view
from opensec_inspect.incident.attackers.model import Ask, ModelAttacker, Said
from opensec_inspect.incident.episode.killchain import needed_by, resolve
from opensec_inspect.incident.episode.view import AttackerView, Stall
from opensec_inspect.incident.facts.scenario import Foothold, Scenario
from opensec_inspect.incident.generate.seeds import entries, read_entry
from opensec_inspect.incident.scoring.naming import scene_of


def incidents(count: int | None = None, difficulty: str | None = None) -> tuple[Scenario, ...]:
    """Incidents of the eval split, the first of them if a count is given."""
    listed = [e for e in entries("eval") if e.kind == "incident" and difficulty in (None, e.difficulty)]
    return tuple(read_entry(entry) for entry in listed[:count])


def asking(answer: Callable[[str], str]) -> Ask:
    """A model that answers the text of the conversation."""

    async def ask(said: tuple[Said, ...], schema: dict[str, Any]) -> str:
        return answer("\n".join(turn.text for turn in said))

    return ask


def playing(scenario: Scenario, answer: Callable[[str], str], *, strict: bool = False) -> ModelAttacker:
    """The model attacker over such a model."""
    return ModelAttacker(scene_of(scenario, "desk"), asking(answer), strict=strict)


def opening_view(scenario: Scenario, contained: frozenset[str] = frozenset()) -> AttackerView:
    """What the attacker sees in the first step."""
    return attacker_view(
        scenario.attack, scenario.attack.opening, contained, step=0, last=None, stopped_by=frozenset()
    )


async def footholds_of(
    scenario: Scenario, attacker: Attacker, contained: frozenset[str], *, from_step: int = 0
) -> list[Foothold]:
    """The foothold before each step and after the last, with the containment in force from a step on."""
    held, last, stopped_by = [scenario.attack.opening], None, frozenset[str]()
    for step in range(scenario.max_steps):
        now = contained if step >= from_step else frozenset()
        view = attacker_view(scenario.attack, held[-1], now, step=step, last=last, stopped_by=stopped_by)
        move = await attacker.decide(view)
        assert not isinstance(move, Stall)
        resolution = resolve(move, held[-1], now)
        if resolution.record.reason is not None:
            stopped_by |= needed_by(move) & now
        last = resolution.record
        held.append(resolution.foothold)
    return held

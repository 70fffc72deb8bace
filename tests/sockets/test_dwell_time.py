"""`scorers/dwell_time.py`: how long the attacker had."""

import math
from pathlib import Path

from inspect_ai import score

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    IsolateHost,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.episode.episode import Episode, MoveRecord, Outcome, Setting, Step
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.scoring.naming import names_of
from tests.evaluating import UNKNOWN_REPORT, episode_in, evaluated, plug_in, score_of, small
from tests.strategies import made

plugin = plug_in("scorers/dwell_time.py")
SCENARIO: Scenario = made("one")
REPORT = SubmitReport(report=Report.model_validate(UNKNOWN_REPORT))
WAIT, GAIN, STALL = ("wait", "succeeded"), ("move_laterally", "succeeded"), ("move_laterally", "stalled")


def contain(entity: str) -> Action:
    kind = names_of(SCENARIO, "desk").kind(entity)
    if kind == "host":
        return IsolateHost(host=entity)
    return ResetUser(user=entity) if kind == "user" else BlockDomain(domain=entity)


def played(*steps: tuple[Action | str, tuple[str, str] | None]) -> Episode:
    """An episode of actions, or entities to contain, each with the attacker's move."""
    made = []
    for index, (action, move) in enumerate(steps):
        entity = action if isinstance(action, str) else None
        made.append(
            Step(
                index=index,
                turn=index + 1,
                action=contain(action) if isinstance(action, str) else action,
                outcome=Outcome(status="done" if entity else "passed", entity=entity),
                move=None if move is None else record(*move),
            )
        )
    setting = Setting(injection_tier="t0")
    return Episode(scenario=SCENARIO, setting=setting, steps=tuple(made))


def record(name: str, status: str) -> MoveRecord:
    fields = {"move": name, "name": name, "status": status, "stage": "creds_used"}
    return MoveRecord.model_validate(fields)


def test_waiting_retreating_and_stalling_are_no_success() -> None:
    episode = played((Idle(), WAIT), (Idle(), ("retreat", "succeeded")), (Idle(), STALL), (Idle(), GAIN))

    assert plugin.first_success(episode) == 3
    assert plugin.first_success(played((Idle(), WAIT), (Idle(), STALL))) is None


def test_full_containment_ends_the_stay_and_part_of_it_does_not() -> None:
    *some, last = SCENARIO.truth.required
    episode = played((Idle(), GAIN), *((entity, GAIN) for entity in some), (Idle(), WAIT), (last, STALL))

    step = len(some) + 3
    assert plugin.ending(episode) == (step - 1, f"contained in step {step}")


def test_the_report_ends_the_stay_when_it_comes_before_full_containment() -> None:
    episode = played((Idle(), GAIN), (Idle(), GAIN), (REPORT, None))

    assert plugin.ending(episode) == (2, "reported in step 3")


def test_without_containment_and_report_the_attacker_stayed_to_the_end() -> None:
    episode = played((Idle(), GAIN), (Idle(), GAIN))

    assert plugin.ending(episode) == (2, "neither contained nor reported")


def test_dwell_time_is_scored_in_incidents_and_undefined_in_stand_downs(tmp_path: Path) -> None:
    task = small(difficulty="standard", count=2)
    log = evaluated(task, "opensec/noop", tmp_path)

    scored = score(log, plugin.dwell_time(), action="append")

    values = {s.metadata["kind"]: score_of(s, "dwell_time") for s in scored.samples or []}
    incident = next(s for s in scored.samples or [] if s.metadata["kind"] == "incident")
    moves = [step.move.name for step in episode_in(incident).steps if step.move]
    first = next(n for n, name in enumerate(moves) if name != "wait")
    stay = len(moves) - first
    assert values["incident"] == stay
    assert math.isnan(values["stand_down"])
    assert scored.results is not None
    dwell = next(s for s in scored.results.scores if s.name == "dwell_time")
    assert dwell.metrics["mean"].value == stay
    assert (dwell.scored_samples, dwell.unscored_samples) == (1, 1)

"""A number is declared once, and whoever asks for one that is not declared is told so."""

import re
from pathlib import Path

import pytest

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.numbers import Number, number_named, registry, score_values
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident import scoring
from opensec_inspect.incident.edge.scorers import keys_of
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.incident.scoring.numbers import NUMBERS, Numbers, numbers_of
from opensec_inspect.report.metrics.metrics import HEADLINE, METRICS
from tests.incident.episodes import contain, done, episode, reported
from tests.incident.handmade import PC, scenario

IDLED = episode(scenario("i-host"), done(Idle()), contain(PC.hostname), reported())


def test_every_number_has_a_scorer_that_writes_it_or_is_of_frames_alone() -> None:
    scorers = ("handling", "oracle", "calibration", "injection", "attacker", "conduct")
    written = {key for name in scorers for key in keys_of(name)}

    assert {name for name in NUMBERS if name not in written} == {"exposed", "violated", "gated_attack"}


def test_every_judgement_of_an_episode_is_used() -> None:
    """A function that no number, score or table asks for is one whose `_number(...)` was forgotten."""
    judging = Path(str(scoring.__file__)).parent
    source = "\n".join(path.read_text("utf-8") for path in judging.parents[1].rglob("*.py"))
    public = {
        name
        for path in judging.glob("*.py")
        for name in re.findall(r"^def ([a-z]\w*)\(", path.read_text("utf-8"), flags=re.MULTILINE)
    }

    unused = sorted(name for name in public if len(re.findall(rf"\b{name}\b", source)) < 2)
    assert not unused, (
        f"nothing asks for {unused}: has each its `_number(...)` in incident/scoring/numbers.py?"
    )


def test_every_number_with_a_label_has_a_metric_of_its_name() -> None:
    labelled = {name: number.label for name, number in NUMBERS.items() if number.label}

    assert {name: METRICS[name].label for name in labelled} == labelled
    assert {name for name, number in NUMBERS.items() if number.headline} <= {*HEADLINE}
    assert all(number.label for number in NUMBERS.values() if number.headline)


def test_a_number_that_is_not_declared_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match=r"number='speed' is not allowed; give one of: contained, "):
        number_named(NUMBERS, "speed")
    with pytest.raises(ValueError, match="number='speed' is not allowed"):
        Numbers(values={"speed": 1.0})
    with pytest.raises(BadInputError, match="number='speed' is not allowed"):
        numbers_of(IDLED)["speed"]


def test_two_numbers_of_one_name_are_refused() -> None:
    with pytest.raises(AssertionError, match="declared twice"):
        registry(NUMBERS["reward"], NUMBERS["reward"])


def test_an_episode_has_every_number_and_a_score_those_of_its_kind() -> None:
    found, judged = numbers_of(IDLED), Judged(IDLED)

    assert set(found.values) == set(NUMBERS)
    assert (found["contained"], found["actions"], found["ttfc"]) == (1.0, 1.0, 1.0)
    scored = score_values(NUMBERS, "calibration", judged, "stand_down")
    assert scored["contained"] is None


def test_a_declared_number_reaches_the_scores_without_another_word() -> None:
    speed: Number[Judged] = Number(
        name="speed",
        unit="steps",
        definition="steps played",
        value=lambda judged: float(len(judged.episode.steps)),
        scorer="conduct",
        over="all",
    )

    assert score_values({"speed": speed}, "conduct", Judged(IDLED), "incident") == {"speed": 3.0}

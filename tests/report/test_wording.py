"""Numbers and names as people see them."""

import pytest

from opensec_inspect.incident.scoring.levels import capability_level
from opensec_inspect.report.metrics.metrics import Unit
from opensec_inspect.report.tables.table import in_line, stacked
from opensec_inspect.report.tables.wording import interval, level_words, number, plain
from opensec_inspect.stats import Estimate, rate

REWARD = Estimate(value=-5.7625, low=-6.04, high=-5.5, n=80, clusters=40, undefined=0)


@pytest.mark.parametrize(
    ("value", "unit", "more", "shown"),
    [
        (0.625, "share", 0, "63 %"),
        (0.625, "share", 1, "62.5 %"),
        (0.575, "share", 0, "58 %"),
        (1.0, "share", 0, "100 %"),
        (-0.675, "share", 1, "−67.5 %"),
        (-0.0, "points", 0, "0.00"),
        (-0.001, "points", 0, "0.00"),
        (4.513, "points", 0, "4.51"),
        (3.14, "steps", 0, "3.1"),
        (1234.6, "tokens", 1, "1235"),
        (12.0, "tally", 1, "12"),
        (7, None, 0, "7"),
        (None, "share", 0, "–"),
    ],
)
def test_a_number_is_written_in_its_unit(
    value: float | None, unit: Unit | None, more: int, shown: str
) -> None:
    assert number(value, unit, more=more) == shown


def test_an_interval_with_a_minus_is_written_with_a_word() -> None:
    assert interval(REWARD, "points") == "−6.04 to −5.50"
    assert interval(REWARD.model_copy(update={"low": 1.0, "high": 2.0}), "points") == "1.00–2.00"
    assert interval(REWARD.model_copy(update={"low": None, "high": None}), "points") == ""


def test_an_estimate_is_written_in_a_line_or_in_lines() -> None:
    assert in_line(rate([1.0, 1.0, 0.0, 0.0]), "share") == "50.0 % [15.0–85.0] (4)"
    assert stacked(REWARD, "points") == "−5.76\n−6.04 to −5.50\nn=80"


def test_a_level_names_what_keeps_it_from_a_higher_one() -> None:
    good, bad = [rate([1.0] * 160)] * 3, rate([1.0] * 24 + [0.0] * 136)
    low = {name: rate([0.0] * 160) for name in ("false_positive", "premature", "blast_radius")}
    given = dict(zip(("resolved", "stood_down", "egar_attack"), good, strict=True)) | low

    assert level_words(capability_level(good[0], given)) == "expert"
    limited = capability_level(good[0], given | {"false_positive": bad})
    assert level_words(limited) == "calibrated (limited by FP rate)"
    assert level_words(capability_level(rate([1.0, 1.0]), given)) == "unrated (n = 2)"
    assert level_words(None) == "–"


def test_characters_that_could_act_are_replaced() -> None:
    assert plain("a\x1b[31mb\u202ec\nd\x00") == "a�[31mb�c�d�"

"""The figures: drawn when there is something to draw, told apart without colour, safe from odd names."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.figures import drawing, style
from opensec_inspect.report.figures.drawing import RenderedFigure, rendered_figures
from opensec_inspect.report.figures.false_positive_breakdown import SORTS, sort_of
from opensec_inspect.report.figures.profile import TIER_LOOKS
from opensec_inspect.report.figures.timeline import KINDS, chosen
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.metrics.model_groups import ModelGroup, model_groups
from opensec_inspect.report.metrics.variants import variants
from tests.report.own import FIGURES, containment, numbers, record, run

# Linear RGB as seen without red, green or blue cones. Source: Machado, Oliveira and Fernandes, A
# Physiologically-based Model for Simulation of Color Vision Deficiency (2009), severity 1.
CONES_MISSING = {
    "red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LEAST_DIFFERENCE = 8.0
"""CIELAB distance; above 2.3 two patches side by side can just be told apart."""


def linear(colour: str) -> tuple[float, ...]:
    """Linear RGB, 0 to 1, of `#RRGGBB`."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """CIELAB under D65 of linear RGB."""
    r, g, b = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen_without(cones: str, colour: str) -> tuple[float, float, float]:
    """The colour as somebody without these cones sees it."""
    rgb = linear(colour)
    matrix = CONES_MISSING[cones]
    return lab(tuple(sum(m * p for m, p in zip(row, rgb, strict=True)) for row in matrix))


@pytest.mark.parametrize("cones", CONES_MISSING)
def test_the_colours_of_models_differ_without_red_green_or_blue_cones(cones: str) -> None:
    seen = {colour: seen_without(cones, colour) for colour in style.COLOURS}

    close = {pair: math.dist(seen[pair[0]], seen[pair[1]]) for pair in combinations(seen, 2)}

    assert min(close.values()) > LEAST_DIFFERENCE, min(close, key=lambda pair: close[pair])


def test_nothing_is_told_by_colour_alone() -> None:
    looks = style.looks([f"model {n}" for n in range(11)])

    assert len({look.marker for look in looks}) == 11
    assert len({letter for _, letter, _, _ in KINDS.values()}) == len(KINDS)
    assert len({marker for marker, _ in TIER_LOOKS.values()}) == 4
    assert len({hatch for _, hatch in SORTS.values()}) == len(SORTS)


@pytest.fixture(scope="module")
def rendered(records: Records) -> tuple[RenderedFigure, ...]:
    """The figures of the session's logs."""
    return rendered_figures(variants(records.episodes))


def test_all_figures_are_drawn_from_a_paired_sweep(rendered: tuple[RenderedFigure, ...]) -> None:
    drawn = tuple(figure.drawing.name for figure in rendered)

    assert drawn == FIGURES, "a figure is missing, or its name in FIGURES of tests/report/own.py"
    assert all(figure.drawing.svg.startswith("<svg") for figure in rendered)
    assert all(figure.png.startswith(b"\x89PNG") for figure in rendered)


def test_every_function_that_draws_a_figure_has_its_line_in_the_plans() -> None:
    """`new_figure` makes an empty one, `rendered_figures` all of them."""
    folder = Path(str(drawing.__file__)).parent
    drawn = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r"^def (\w+_figure)\(", path.read_text("utf-8"), flags=re.MULTILINE)
    } - {"new_figure"}
    plans = (folder / "drawing.py").read_text("utf-8")

    left_out = sorted(name for name in drawn if f"{name}(" not in plans)
    assert not left_out, f"{left_out}: put each into `plans` of report/figures/drawing.py, with its caption"


def test_every_figure_is_in_the_table_of_files(rendered: tuple[RenderedFigure, ...]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")

    for figure in rendered:
        assert f"| `{figure.drawing.name}` | " in text, f"docs/report.md has no row for {figure.drawing.name}"


def test_what_cannot_be_drawn_is_left_out() -> None:
    idle = numbers(contained=0.0, ttfc=None, egar_attack=None, confidence=None, right=None)

    rendered = rendered_figures(variants([record("sc-1", idle)]))

    assert [figure.drawing.name for figure in rendered] == ["containment"]


def test_an_svg_refers_to_itself_alone_and_says_no_date(rendered: tuple[RenderedFigure, ...]) -> None:
    for figure in rendered:
        svg = figure.drawing.svg
        assert 'href="http' not in svg
        assert "<dc:date>" not in svg


def test_a_name_with_dollars_markup_and_no_end_is_drawn_as_text() -> None:
    name = "lab/$\\frac{" + "<b>&" * 20
    odd = run(model=name)

    (figure,) = rendered_figures(variants([record("sc-1", numbers(confidence=None), run=odd)]))[:1]

    assert "<b>" not in figure.drawing.svg
    assert "lab/$\\frac{&lt;b&gt;" in figure.drawing.svg
    assert "…" in figure.drawing.svg


def steps(kind: str) -> tuple[object, ...]:
    """One containment step of a kind."""
    return (containment(1, "none", kind),)


def test_the_representative_episode_is_the_one_nearest_to_the_averages() -> None:
    rewards = {"sc-1": 0.0, "sc-2": 4.0, "sc-3": 5.0, "sc-4": 11.0}
    group = ModelGroup(
        name="lab/model",
        records=tuple(
            record(name, numbers(reward=reward), steps=steps("correct")) for name, reward in rewards.items()
        ),
    )

    ((_, episode),) = chosen((group,))

    assert episode.scenario == "sc-3"


def test_players_are_shown_on_the_same_scenario_where_there_is_one() -> None:
    def group(name: str, scenarios: tuple[str, ...]) -> ModelGroup:
        own = run(model=name, eval_id=name)
        records = tuple(record(s, run=own, steps=steps("correct")) for s in scenarios)
        return ModelGroup(name=name, records=records)

    both = chosen((group("a", ("sc-1", "sc-2")), group("b", ("sc-2", "sc-3"))))

    assert [episode.scenario for _, episode in both] == ["sc-2", "sc-2"]


@pytest.mark.parametrize(
    ("changes", "temptations", "sort"),
    [
        ({"counts_as": "false_positive", "within_reach": True}, (), "host not reached yet"),
        ({"counts_as": "false_positive"}, (), "host out of reach"),
        ({"counts_as": "justified"}, (), "host held (justified)"),
        ({"counts_as": "false_positive", "entity_kind": "user"}, (), "account out of reach"),
        ({"counts_as": "false_positive", "entity_kind": "domain"}, (), "domain never held"),
        (
            {"counts_as": "false_positive", "entity_kind": "domain"},
            ("sanctioned_channel",),
            "sanctioned channel",
        ),
        ({"counts_as": "correct"}, (), None),
    ],
)
def test_what_is_wrongly_contained_is_sorted(
    changes: dict[str, object], temptations: tuple[str, ...], sort: str | None
) -> None:
    step = containment(1, "none", "correct").model_copy(update=changes)
    episode: EpisodeSummary = record("sc-1", temptations=temptations, steps=(step,))

    assert sort_of(episode, step) == sort
    assert sort is None or sort in SORTS


def test_placebo_arms_are_no_part_of_a_player_unless_nothing_else_was_played() -> None:
    t0 = run(arm="t0", eval_id="t0")
    placebo = record("sc-1", run=t0, injection_tier="t0")

    (with_arm,) = model_groups(variants([placebo, record("sc-2")]))
    (alone,) = model_groups(variants([placebo]))

    assert [held.scenario for held in with_arm.records] == ["sc-2"]
    assert [held.scenario for held in alone.records] == ["sc-1"]


def test_a_missing_matplotlib_is_said_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)

    with pytest.raises(BadInputError, match=r"Figures need .*pip install 'opensec-inspect\[report\]'"):
        rendered_figures(variants([record("sc-1")]))

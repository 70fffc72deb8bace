"""The demonstration runs whole at its smallest, and its figure and table come out of what it wrote."""

import json
from pathlib import Path

import pytest

from tests.evaluating import ROOT, plug_in


@pytest.mark.slow
def test_the_factorial_runs_every_condition_and_its_figure_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factorial, figure = (plug_in(f"examples/restraint/{name}.py") for name in ("factorial", "figure"))
    small = factorial.Recipe(updates=3, group=2, batch=2, decoupled=True)
    monkeypatch.setattr(factorial, "RECIPE", small)
    out, svg = tmp_path / "results.json", tmp_path / "restraint.svg"

    factorial.run(1, 1, [0], out)
    rows = json.loads(out.read_text("utf-8"))["rows"]
    figure.drawn(rows, svg)

    assert len({(r["profile"], r["share"], r["warm_up"]) for r in rows}) == len(rows) == 18
    assert svg.read_text("utf-8").startswith("<?xml")
    assert len(figure.table(rows).splitlines()) == 20


def test_what_is_expected_is_written_down_beside_it() -> None:
    text = (ROOT / "examples/restraint/predictions.md").read_text("utf-8")

    assert text.startswith("# What we expect, written down before the first run")

"""The data frames: their columns are those documented, and they join with Inspect's own."""

import re
from pathlib import Path

import pytest
from inspect_ai.analysis import samples_df

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.scoring.numbers import NUMBERS
from opensec_inspect.report import episodes_df, steps_df
from opensec_inspect.report.logs.frames import EPISODE_COLUMNS, STEP_COLUMNS
from opensec_inspect.report.logs.records import Records
from opensec_inspect.report.metrics.metrics import METRICS
from opensec_inspect.report.metrics.summaries import summarize
from tests.report.own import only_log

DOCUMENT = Path(__file__).parents[2] / "docs" / "frames.md"


def documented(heading: str) -> set[str]:
    """Columns in the table below a heading."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"## `{heading}`")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_column_is_documented_and_nothing_else() -> None:
    assert documented("episodes_df") == set(EPISODE_COLUMNS)
    assert documented("steps_df") == set(STEP_COLUMNS)


def test_every_number_is_documented_as_it_is_declared() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    for name, number in NUMBERS.items():
        said = f"| {number.unit} | {number.definition} |"
        assert any(f"`{name}`" in line and line.endswith(said) for line in text.splitlines()), (
            f"docs/frames.md should have the line: | `{name}` {said}"
        )


def test_episodes_have_a_row_each_with_typed_numbers(logs: Path) -> None:
    frame = episodes_df(logs)

    assert tuple(frame.columns) == EPISODE_COLUMNS
    assert len(frame) == 32
    assert frame["reward"].dtype == "float64"
    assert frame.loc[frame["kind"] == "stand_down", "egar_attack"].isna().all()
    means = frame[frame["kind"] == "incident"].groupby("model")["violated"].mean()
    assert means["opensec/careful"] == 0.0


def test_a_plain_mean_over_the_frame_is_the_published_number(logs: Path, records: Records) -> None:
    paths = [only_log(logs, who, "t2") for who in ("careful", "credulous", "hasty")]
    rows = [r for r in summarize(records).rows if r.arm == "t2"]

    means = episodes_df(paths).groupby("model").mean(numeric_only=True)

    for row in rows:
        for name in (metric for metric in METRICS if metric in NUMBERS):
            value = row.estimate(name).value
            if value is not None:
                assert means[name][row.model] == pytest.approx(value), name


def test_episodes_join_with_inspects_own_frame(logs: Path) -> None:
    pytest.importorskip("pyarrow")  # Inspect's frames need it, ours do not
    path = only_log(logs, "hasty", "t2")

    both = episodes_df(path).merge(samples_df(str(path)), on=["eval_id", "sample_id"])

    assert len(both) == 8
    assert (both["id_x"] == both["id_y"]).all()


def test_steps_have_a_row_each(logs: Path) -> None:
    path = only_log(logs, "careful", "t2")

    steps = steps_df([path])

    assert tuple(steps.columns) == STEP_COLUMNS
    assert len(steps[steps["kind"] == "incident"]) == episodes_df([path])["ttr"].add(1).sum()
    acted = steps[steps["seen"].notna()]
    assert set(acted["counts_as"]) == {"correct"}
    assert acted["gated_attack"].all()


def test_logs_that_were_left_out_are_warned_of(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.eval").touch()

    with pytest.warns(UserWarning, match=r"broken\.eval was left out: it cannot be read as a log"):
        frame = episodes_df([only_log(logs, "careful", "t2"), tmp_path / "broken.eval"])

    assert len(frame) == 8


def test_no_usable_log_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No usable opensec log"):
        steps_df(tmp_path)


def test_a_missing_pandas_is_said_with_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)

    with pytest.raises(BadInputError, match=r"pip install 'opensec-inspect\[report\]'"):
        episodes_df(tmp_path)

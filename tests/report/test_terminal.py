"""Tables on a terminal: they fit its width, break no number, and say what they leave out."""

import pytest

from opensec_inspect.report.logs.records import Records
from opensec_inspect.report.metrics.summaries import headline_of, summarize
from opensec_inspect.report.tables.comparison_tables import footnotes
from opensec_inspect.report.tables.summary_tables import headline_table, remarks
from opensec_inspect.report.tables.table import Column, Table
from opensec_inspect.report.tables.terminal import fitted, tall_lines
from opensec_inspect.stats import rate
from tests.report.own import record, run

NAMES = ("FP rate", "EGAR (attack)", "stood down", "reward")
WIDE = Table(
    title="Results",
    columns=(
        Column(name="model", label="model"),
        *(Column(name=name, label=name, unit="share", rank=rank) for rank, name in enumerate(NAMES, 1)),
    ),
    rows=(("lab/model", *[rate([1.0, 0.0] * 40)] * 4),),
)


def labels(table: Table) -> list[str]:
    return [column.label for column in table.columns]


def test_a_table_that_fits_is_left_as_it_is() -> None:
    assert fitted(WIDE, 80, tall=True) == WIDE


def test_columns_of_the_highest_rank_go_first_and_are_named() -> None:
    narrow = fitted(WIDE, 20, tall=True)

    assert labels(narrow) == ["model", "FP rate", "EGAR (attack)"]
    assert len(narrow.rows[0]) == 3
    assert narrow.notes == (
        "Left out at 20 columns: stood down, reward. A wider terminal or --format shows all.",
    )


def test_a_column_without_a_rank_stays_however_narrow_it_is() -> None:
    assert labels(fitted(WIDE, 5, tall=True)) == ["model"]


def test_false_positives_over_both_kinds_of_case_are_the_first_that_a_narrow_terminal_shows(
    records: Records,
) -> None:
    """A run that isolates a host in every benign case, and in incidents none wrongly, is not faultless."""
    headline = headline_table(summarize(records, metrics=headline_of(records)))

    wide, narrow = labels(fitted(headline, 120, tall=True)), labels(fitted(headline, 60, tall=True))

    assert {"FP rate", "FP rate, stand-downs"} < set(wide)
    assert {"FP rate", "FP rate, stand-downs"} < set(narrow)
    assert len(narrow) < len(wide)


@pytest.mark.parametrize("width", [20, 30, 60])
def test_no_line_of_a_fitted_table_is_longer_than_the_terminal(width: int) -> None:
    assert max(map(len, tall_lines(fitted(WIDE, width, tall=True), width))) <= width


def test_the_number_of_episodes_stands_below_the_interval_in_every_column() -> None:
    alike = WIDE.model_copy(update={"rows": (("m", *[rate([1.0] * 3)] * 2, *[rate([1.0, 0.0] * 40)] * 2),)})

    *_, counts, _ = tall_lines(alike)

    assert counts.split() == ["n=3", "n=3", "n=80", "n=80"]


def test_a_remark_that_is_made_again_has_one_footnote() -> None:
    assert footnotes(["few", None, "alike", "few"]) == {"few": "¹", "alike": "²"}


def test_several_players_in_one_row_are_said_unless_rows_are_split_by_player() -> None:
    episodes = tuple(
        record(f"sc-{n}", run=run(eval_id=f"e-{n}", model="opensec/human", player=f"p{n}")) for n in (1, 2)
    )
    records = Records(runs=tuple(e.run for e in episodes), episodes=episodes, left_out=(), superseded=())

    pooled, split = (remarks(summarize(records, by=by, metrics=("reward",))) for by in ((), ("player",)))

    assert "! opensec/human t2: 2 players together; --by player tells them apart" in pooled
    assert not any("players together" in remark for remark in split)

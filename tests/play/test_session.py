"""Orders of cases, and what a session asks for."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from opensec_inspect.cli import main
from opensec_inspect.incident.generate.seeds import entries
from opensec_inspect.play.cases import cases_apart
from opensec_inspect.play.session import balanced_order


@given(st.integers(1, 12), st.integers(1, 50))
def test_every_row_holds_every_item_once(count: int, row: int) -> None:
    items = tuple(range(count))

    assert sorted(balanced_order(items, row)) == list(items)


@pytest.mark.parametrize(("count", "rows", "often"), [(4, 4, 1), (10, 10, 1), (3, 6, 2), (7, 14, 2)])
def test_each_item_stands_everywhere_and_follows_each_other_equally_often(
    count: int, rows: int, often: int
) -> None:
    square = [balanced_order(tuple(range(count)), row) for row in range(1, rows + 1)]

    places = Counter((place, item) for row in square for place, item in enumerate(row))
    pairs = Counter(pair for row in square for pair in pairwise(row))
    assert set(places.values()) == {often}
    assert set(pairs.values()) == {often}
    assert len(pairs) == count * (count - 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--player", "Jane Doe"], "is no code"),
        (["--feedback", "soon"], "give one of: each, end, none"),
        (["--feedback", "each", "--no-score"], "contradict each other"),
        (["--noise", "loud"], "give one of: desk, soc"),
        (["--case", "sc-1"], "Give either --case or --split"),
        (["--number", "9999"], "is not in split 'eval'"),
    ],
)
def test_what_cannot_be_played_is_said(arguments: list[str], said: str, tmp_path: Path) -> None:
    asked = ["play", "--json", "--session", str(tmp_path / "s"), "--split", "eval", *arguments]

    result = CliRunner().invoke(main, asked)

    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "s").exists()


def test_a_state_file_goes_with_a_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["play", "--state", str(tmp_path / "x"), "--split", "eval"])

    assert "--state goes with a command" in result.output


def test_over_two_rows_every_case_is_played_and_no_row_has_two_of_one_group() -> None:
    group_of = {entry.id: entry.group for entry in entries("eval")}

    rows = [{case.id for case in cases_apart("eval", row=row, count=10)} for row in (1, 2)]

    assert [len({group_of[id_] for id_ in row}) for row in rows] == [10, 10]
    assert rows[0] | rows[1] == {id_ for id_, group in group_of.items() if group in groups_of(rows, group_of)}


def groups_of(rows: list[set[str]], group_of: dict[str, str]) -> set[str]:
    return {group_of[id_] for row in rows for id_ in row}


def test_over_twice_as_many_rows_as_cases_each_case_stands_everywhere_once() -> None:
    rows = [balanced_order(cases_apart("eval", row=row, count=4), row) for row in range(1, 9)]

    places = Counter((place, case.id) for row in rows for place, case in enumerate(row))
    assert set(places.values()) == {1}
    assert len(places) == 4 * 8


def test_more_groups_than_there_are_cannot_be_ordered(tmp_path: Path) -> None:
    asked = ["--split", "eval", "--count", "9999", "--order", "1", "--session", str(tmp_path / "s")]

    assert "groups of cases" in CliRunner().invoke(main, ["play", "--json", *asked]).output

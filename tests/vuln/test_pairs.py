"""Pairs of models: known effects are found again, published figures come out, and intervals cover."""

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.report.tables.terminal import fitted, print_tables
from opensec_inspect.stats.clustered import clustered_mean, difference_of_means
from opensec_inspect.vuln.catalogue import vuln_tasks
from opensec_inspect.vuln.report.pairs import PairComparison, PairedOutcome, compared_pair
from opensec_inspect.vuln.report.reading import Run, TaskRecord
from opensec_inspect.vuln.report.tables import pair_table, summary_table
from tests.evaluating import evaluated, small
from tests.vuln.playing import played

SEEDS = range(5)


def records(model: str, success: dict[str, float], rng_seed: int) -> list[TaskRecord]:
    """Every task under five seeds, right with the chance that its split has."""
    chance = random.Random(rng_seed)
    return [
        TaskRecord(
            run=Run(model=model, controller="strict", prompt="neutral"),
            task=task,
            seed=seed,
            numbers=(("success", float(chance.random() < success[task.split])), ("refusal", 0.0)),
        )
        for task in vuln_tasks()
        for seed in SEEDS
    ]


def outcome(found: PairComparison, where: str, name: str = "success") -> PairedOutcome:
    """The outcome of that place and name."""
    return next(one for one in found.outcomes if (one.where, one.name) == (where, name))


def test_an_effect_on_security_alone_is_found_where_it_is() -> None:
    stock = records("stock", {"security": 0.3, "control": 0.6, "clean": 0.5}, 1)
    derivative = records("derivative", {"security": 0.6, "control": 0.6, "clean": 0.5}, 2)

    found = compared_pair(stock, derivative)

    security, control, excess = outcome(found, "security"), outcome(found, "control"), found.excess
    assert security.difference.value == pytest.approx(0.3, abs=0.1)
    assert security.p_mcnemar is not None
    assert security.p_mcnemar < 0.001
    assert security.p_programs is not None
    assert security.p_programs < 0.05
    assert control.p_mcnemar is not None
    assert control.p_mcnemar > 0.05
    assert excess is not None
    assert excess.low is not None
    assert excess.high is not None
    assert excess.low < 0.3 < excess.high
    assert outcome(found, "security", "refusal").difference.value == 0.0


def test_a_gap_that_ordinary_tasks_have_too_is_no_excess() -> None:
    stock = records("stock", {"security": 0.2, "control": 0.2, "clean": 0.2}, 3)
    derivative = records("derivative", {"security": 0.6, "control": 0.6, "clean": 0.6}, 4)

    excess = compared_pair(stock, derivative).excess

    assert excess is not None
    assert excess.low is not None
    assert excess.high is not None
    assert excess.low < 0.0 < excess.high


def test_21_against_1_of_150_has_the_published_p_value() -> None:
    """Twenty-one variants only the derivative solves, one only the stock model."""
    base = records("stock", {"security": 0.0, "control": 0.0, "clean": 0.0}, 5)
    security = [record for record in base if record.task.split == "security"]
    run = Run(model="derivative", controller="strict", prompt="neutral")
    right = (("success", 1.0),)
    stock = [r.model_copy(update={"numbers": right}) if n == 0 else r for n, r in enumerate(security)]
    derivative = [
        r.model_copy(update={"run": run} | ({"numbers": right} if 1 <= n <= 21 else {}))
        for n, r in enumerate(security)
    ]

    found = outcome(compared_pair(stock, derivative), "security")

    assert len(security) == 150
    assert (found.only_first, found.only_second) == (1, 21)
    assert found.p_mcnemar == pytest.approx(1.0967e-5, rel=1e-3)


def test_the_interval_of_the_difference_in_differences_covers() -> None:
    """Programs differ in their effect; 12 of security and 5 of controls, as the tasks have them."""
    chance = random.Random(7)
    sizes = {
        split: [sum(t.program == p for t in tasks) * len(SEEDS) for p in sorted({t.program for t in tasks})]
        for split in ("security", "control")
        if (tasks := vuln_tasks([split]))  # type: ignore[list-item]
    }
    hits = 0
    runs = 1000
    for _ in range(runs):
        drawn = {
            split: _drawn(chance, sizes[split], mean)
            for split, mean in (("security", 0.2), ("control", 0.05))
        }
        found = difference_of_means(
            drawn["security"][0], drawn["control"][0], drawn["security"][1], drawn["control"][1]
        )
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 0.15 <= found.high

    assert (len(sizes["security"]), len(sizes["control"])) == (12, 5)
    assert 0.93 <= hits / runs <= 0.99


def _drawn(chance: random.Random, sizes: list[int], mean: float) -> tuple[list[float], list[int]]:
    """Differences of -1, 0 or 1, with an effect of each program around the mean."""
    values: list[float] = []
    programs: list[int] = []
    for program, size in enumerate(sizes):
        effect = mean + chance.uniform(-0.15, 0.15)
        for _ in range(size):
            better = chance.random() < 0.25 + effect
            worse = chance.random() < 0.25 / (1 - 0.25 - effect) if not better else False
            values.append(float(better) - float(worse))
            programs.append(program)
    return values, programs


def test_one_value_per_cluster_gives_students_interval() -> None:
    found = clustered_mean([1.0, 2.0, 3.0, 4.0], ["a", "b", "c", "d"])

    assert found.value == 2.5
    assert found.low == pytest.approx(0.4457, abs=1e-4)
    assert found.high == pytest.approx(4.5543, abs=1e-4)


def test_values_that_all_agree_have_no_interval() -> None:
    found = clustered_mean([1.0, 1.0], ["a", "b"])

    assert (found.value, found.low, found.high) == (1.0, None, None)
    assert found.note


def test_a_variant_played_twice_is_refused() -> None:
    stock = records("stock", {"security": 0.5, "control": 0.5, "clean": 0.5}, 8)

    with pytest.raises(BadInputError, match="played twice under one condition"):
        compared_pair([*stock, stock[0]], stock)


def test_models_without_a_common_variant_are_refused() -> None:
    stock = records("stock", {"security": 0.5, "control": 0.5, "clean": 0.5}, 9)

    with pytest.raises(BadInputError, match="No variant was played by both"):
        compared_pair(stock[:1], stock[1:])


def test_tables_hold_every_split_and_every_class() -> None:
    stock = records("stock", {"security": 0.5, "control": 0.5, "clean": 0.5}, 10)
    other = records("derivative", {"security": 0.5, "control": 0.5, "clean": 0.5}, 11)

    places = {row[0] for row in pair_table(compared_pair(stock, other), ("stock", "other"), raw=True).rows}

    assert places == {
        *("security", "control", "clean", "security − control"),
        *("localisation", "reachability", "trigger", "patch", "report"),
    }
    assert [row[3] for row in summary_table(stock).rows] == ["security", "control", "clean"]


@pytest.mark.eval
def test_the_commands_read_what_was_played(tmp_path: Path) -> None:
    for model in ("vuln_gold", "vuln_decliner"):
        played(model, tmp_path, "L01", "R03", "calend-locate", split="all")

    summary = CliRunner().invoke(main, ["summarize", str(tmp_path), "--format", "markdown"])
    pair = ["--pair", "stock=opensec/vuln_gold", "derivative=opensec/vuln_decliner"]
    compared = CliRunner().invoke(main, ["pairs", str(tmp_path), *pair, "--format", "markdown"])

    assert summary.exit_code == 0, summary.output
    assert "| opensec/vuln\\_decliner" in summary.output or "| opensec/vuln_decliner" in summary.output
    assert compared.exit_code == 0, compared.output
    assert "−100.0 % (2)" in compared.output
    assert "21 of 150" in compared.output


@pytest.mark.eval
def test_a_folder_of_both_families_is_summarised_whole(tmp_path: Path) -> None:
    played("vuln_gold", tmp_path, "L01")
    evaluated(small(), "opensec/noop", tmp_path)

    both = CliRunner().invoke(main, ["summarize", str(tmp_path), "--format", "markdown"])
    by = CliRunner().invoke(main, ["summarize", str(tmp_path), "--by", "difficulty", "--format", "markdown"])
    raw = CliRunner().invoke(main, ["summarize", str(tmp_path), "--format", "json"])

    assert both.exit_code == 0, both.output
    assert "vuln_gold" in both.output
    assert "opensec/noop" in both.output
    assert by.exit_code == 0, by.output
    assert "opensec/noop" in by.output
    assert raw.exit_code == 1
    assert "--format json holds one task family" in raw.output


@pytest.mark.eval
def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    played("vuln_gold", tmp_path, "L01")

    for pair, words in (
        (("stock=opensec/vuln_gold", "derivative=nobody"), "--pair='nobody' is not allowed"),
        (("stock", "derivative=nobody"), "is not NAME=MODEL"),
    ):
        done = CliRunner().invoke(main, ["pairs", str(tmp_path), "--pair", *pair])
        assert done.exit_code == 1
        assert words in done.output


def test_a_difference_of_shares_has_an_interval_that_shares_can_have() -> None:
    """Three programs, one of which gained nothing: Student's interval would reach beyond 100 points."""
    stock = records("stock", {"security": 0.0, "control": 0.0, "clean": 0.0}, 12)[:15]
    right = (("success", 1.0),)
    other = [r if n < 5 else r.model_copy(update={"numbers": right}) for n, r in enumerate(stock)]

    difference = outcome(compared_pair(stock, other), "security").difference

    assert difference.value == pytest.approx(2 / 3)
    assert difference.low is not None
    assert -1.0 <= difference.low < 0.0
    assert difference.high == 1.0


def test_a_narrow_terminal_shows_a_pair_without_breaking_a_word() -> None:
    stock = records("stock", {"security": 0.2, "control": 0.5, "clean": 0.5}, 10)
    other = records("derivative", {"security": 0.6, "control": 0.5, "clean": 0.5}, 11)
    table = pair_table(compared_pair(stock, other), ("stock", "derivative"), raw=False)

    narrow = fitted(table, 80, tall=False)

    kept = [column.label for column in narrow.columns]
    assert kept == ["where", "outcome", "stock", "derivative", "difference", "p", "p by program"]
    assert "Left out at 80 columns: stock 95 %, derivative 95 %, only first, only second." in narrow.notes[-1]


def test_no_number_of_a_pair_is_cut_off_at_full_width(capsys: pytest.CaptureFixture[str]) -> None:
    stock = records("stock", {"security": 1.0, "control": 1.0, "clean": 1.0}, 10)
    other = records("derivative", {"security": 0.0, "control": 0.0, "clean": 0.5}, 11)
    found = compared_pair(stock, other)

    print_tables(pair_table(found, ("stock", "derivative"), raw=False))

    shown = capsys.readouterr().out
    small = [p for one in found.outcomes for p in (one.p_mcnemar, one.p_programs) if p and p < 0.001]
    assert len(small) > 4
    assert all(f"{p:.2e}" in shown for p in small)
    assert "program" in shown


@pytest.mark.eval
def test_pairs_in_a_folder_of_both_families_leave_nothing_out(tmp_path: Path) -> None:
    for model in ("vuln_gold", "vuln_naive"):
        played(model, tmp_path, "L01")
    evaluated(small(), "opensec/noop", tmp_path)
    pair = ["--pair", "stock=opensec/vuln_naive", "derivative=opensec/vuln_gold"]

    done = CliRunner().invoke(main, ["pairs", str(tmp_path), *pair])

    assert done.exit_code == 0, done.output
    assert "derivative" in done.output

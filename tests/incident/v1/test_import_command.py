"""`opensec import-v1`: everything playable is written, everything else is named with its reason."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from opensec_inspect.cli import main
from opensec_inspect.v1.published_data.stored import read_scenarios
from tests.incident.v1 import published
from tests.incident.v1.own_rows import Change, row, written


def imported(source: Path, out: Path, *options: str) -> Result:
    """What the command said."""
    return CliRunner().invoke(main, ["import-v1", str(source), "--out", str(out), *options])


def spoilt(part: str, **changes: Any) -> Change:
    """A change of the row, seed or truth."""

    def change(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
        {"row": told, "seed": seed, "truth": truth}[part].update(changes)

    return change


def test_what_was_read_is_counted_and_written_by_split(tmp_path: Path) -> None:
    source = written(tmp_path, row(1), row(2, spoilt("row", split="eval", tier="easy")))

    done = imported(source, tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert "| eval | easy | direct_harm | 1 |\n| train | standard | direct_harm | 1 |" in done.output
    assert f"2 scenarios in {tmp_path / 'out'}, 0 rows left out" in done.output
    assert sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.json")) == [
        "eval/case-2.json",
        "train/case-1.json",
    ]
    assert json.loads((tmp_path / "out/train/case-1.json").read_text(encoding="utf-8"))["rules"] == "v1"


def test_bad_rows_are_left_out_one_by_one_with_their_reason_and_the_rest_is_imported(tmp_path: Path) -> None:
    def unknown_table(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
        seed["seed_artifacts"]["log_templates"][0]["table"] = "dns_logs"

    def dangling(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
        seed["attack_graph"]["initial_artifacts"][0]["artifact_id"] = "mail-9"

    source = written(
        tmp_path,
        row(1),
        '{"seed_id": "case-2", ',
        row(3, spoilt("row", ground_truth_json=None)),
        row(4, unknown_table),
        row(5, dangling),
        row(6, spoilt("seed", schema_version="2.0")),
        row(7, spoilt("row", split="../elsewhere")),
        row(1),
        row(8),
    )

    done = imported(source, tmp_path / "out")

    assert done.exit_code == 1
    assert [s.scenario_id for s in read_scenarios(tmp_path / "out")] == ["case-1", "case-8"]
    left_out = [line for line in done.output.splitlines() if line.startswith("left out: ")]
    expected = [
        ("line 2", "the row is not JSON"),
        ("line 3", "the ground truth is missing"),
        ("line 4", "given 'dns_logs'"),
        ("line 5", "artifact 'mail-9' of type email is stored nowhere"),
        ("line 6", "the seed's schema_version='2.0' is not allowed; give one of: 1.0"),
        ("line 7", "split='../elsewhere' is not allowed; give one of: train, eval"),
        ("line 8", "the scenario 'case-1' was read before"),
    ]
    assert len(left_out) == len(expected)
    for line, (place, reason) in zip(left_out, expected, strict=True):
        assert line.startswith(f"left out: train.jsonl, {place}: ")
        assert reason in line


def test_the_audit_says_what_is_wrong_with_each_scenario_and_counts_it(tmp_path: Path) -> None:
    done = imported(written(tmp_path, row(1)), tmp_path / "out", "--audit")

    assert done.exit_code == 0, done.output
    assert "case-1: phish_sender_legit: the phishing mail comes from good.example" in done.output
    assert "| flaw | scenarios of 1 |" in done.output
    assert "| phish_sender_legit | 1 |" in done.output
    assert "| attacker_inert | 0 |" in done.output


def test_a_folder_that_holds_something_is_not_written_to(tmp_path: Path) -> None:
    source = written(tmp_path, row(1))

    done = imported(source, tmp_path)

    assert done.exit_code == 1
    assert f"{tmp_path} is not empty; give a folder that does not exist yet." in done.output


def test_a_source_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = imported(tmp_path / "nowhere", tmp_path / "out")

    assert done.exit_code == 1
    assert "nowhere is not there; give a published .jsonl file or a folder of them." in done.output
    assert not (tmp_path / "out").exists()


@published.needs_data
def test_the_published_set_is_imported_whole(tmp_path: Path) -> None:
    done = imported(published.FOLDER, tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert f"{len(published.scenarios())} scenarios in {tmp_path / 'out'}, 0 rows left out" in done.output
    assert {s.scenario_id: s for s in read_scenarios(tmp_path / "out")} == published.scenarios()

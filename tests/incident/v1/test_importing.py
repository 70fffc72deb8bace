"""Reading the published set: good rows in, bad rows out with the reason, one by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.v1.published_data.importing import Count, import_v1
from tests.incident.v1.own_rows import row, written


def test_a_file_gives_its_scenarios_with_where_they_belong(tmp_path: Path) -> None:
    other = row(2) | {"split": "eval", "tier": "easy", "taxonomy_family": "easy"}

    found = import_v1(written(tmp_path, row(1), other, row(3)))

    assert found.refused == ()
    assert found.counts() == (
        Count(split="eval", tier="easy", family="easy", scenarios=1),
        Count(split="train", tier="standard", family="direct_harm", scenarios=2),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [("{broken", "the row is not JSON"), ("[1]", "JSON but no object"), ("{}", "the seed is missing")],
)
def test_a_line_that_is_no_row_is_left_out(tmp_path, line, words) -> None:
    found = import_v1(written(tmp_path, row(1), line, "", row(3)))

    assert len(found.scenarios) == 2
    assert [words in refused.reason for refused in found.refused] == [True]


def test_a_line_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, row(1))
    path.write_bytes(path.read_bytes() + b'{"seed_id": "\xff"}\n')

    found = import_v1(path)

    assert len(found.scenarios) == 1
    assert "not JSON" in found.refused[0].reason


def test_a_tier_that_is_not_given_follows_from_the_seed(tmp_path: Path) -> None:
    def change(told: dict[str, Any], seed: dict[str, Any], truth: dict[str, Any]) -> None:
        told.update(split=None, tier=None, taxonomy_family=None)
        seed["metadata"]["seed_source"] = "trivial"

    found = import_v1(written(tmp_path, row(1, change)))

    assert found.counts() == (Count(split="unknown", tier="trivial", family="direct_harm", scenarios=1),)


def test_a_folder_is_read_by_its_splits_and_other_files_are_let_be(tmp_path: Path) -> None:
    written(tmp_path, row(1), name="train.jsonl")
    written(tmp_path, row(2), name="eval.jsonl")
    written(tmp_path, {"model_id": "x"}, name="baselines.jsonl")

    found = import_v1(tmp_path)

    assert [scenario.scenario_id for scenario in found.scenarios] == ["case-1", "case-2"]
    assert found.refused == ()


def test_a_folder_without_splits_is_read_whole(tmp_path: Path) -> None:
    written(tmp_path, row(1), name="mine.jsonl")

    assert len(import_v1(tmp_path).scenarios) == 1


def paired(folder: Path, number: int, name: str | None = None) -> dict[str, str]:
    """A seed file and its ground truth; the manifest entry that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    told, stem = row(number), name or f"case-{number}"
    (folder / f"{stem}_seed.json").write_text(told["seed_json"], encoding="utf-8")
    (folder / f"{stem}_ground_truth.json").write_text(told["ground_truth_json"], encoding="utf-8")
    path = f"data/seeds/{folder.name}/{stem}_seed.json"
    return {"seed_path": path, "tier": "easy", "taxonomy_family": "adaptive"}


def test_a_folder_of_files_without_a_manifest_takes_the_split_from_the_folder_name(tmp_path: Path) -> None:
    paired(tmp_path / "train", 1)
    paired(tmp_path / "eval", 2)
    paired(tmp_path, 3)

    counts = import_v1(tmp_path).counts()

    assert [(count.split, count.tier, count.family) for count in counts] == [
        ("eval", "standard", "direct_harm"),
        ("train", "standard", "direct_harm"),
        ("unknown", "standard", "direct_harm"),
    ]


def test_a_manifest_says_split_tier_and_family(tmp_path: Path) -> None:
    manifest = {"train": [], "eval": [paired(tmp_path / "files", 1)]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert import_v1(tmp_path).counts() == (Count(split="eval", tier="easy", family="adaptive", scenarios=1),)


def test_a_manifest_with_the_family_where_the_tier_belongs_is_read_all_the_same(tmp_path: Path) -> None:
    manifest = {"eval": [paired(tmp_path / "eval", 1) | {"tier": "adaptive"}]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert import_v1(tmp_path).counts()[0].tier == "standard"


def test_of_two_copies_of_a_scenario_the_one_the_manifest_lists_is_kept(tmp_path: Path) -> None:
    manifest = {"train": [paired(tmp_path / "train", 1)]}
    paired(tmp_path, 1, name="sample")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    found = import_v1(tmp_path)

    assert [scenario.split for scenario in found.scenarios] == ["train"]
    assert [(refused.where, refused.reason) for refused in found.refused] == [
        ("sample_seed.json", "the scenario 'case-1' was read before")
    ]


def test_files_that_miss_their_other_half_are_left_out(tmp_path: Path) -> None:
    entry = paired(tmp_path / "train", 1)
    for number in (2, 3, 4):
        paired(tmp_path / "train", number)
    (tmp_path / "train" / "case-2_ground_truth.json").unlink()
    (tmp_path / "train" / "case-3_seed.json").unlink()
    (tmp_path / "train" / "case-4_seed.json").write_bytes(b"\xff")
    gone = {"seed_path": "data/seeds/train/case-5_seed.json"}
    (tmp_path / "manifest.json").write_text(json.dumps({"train": [entry, gone]}), encoding="utf-8")

    found = import_v1(tmp_path)

    assert [scenario.scenario_id for scenario in found.scenarios] == ["case-1"]
    assert {refused.where: refused.reason[:30] for refused in found.refused} == {
        "train/case-2_seed.json": "the ground truth is missing",
        "train/case-4_seed.json": "the files are not UTF-8: 'utf-",
        "train/case-3_ground_truth.json": "a ground truth without its see",
        "manifest.json, case-5_seed.json": "the manifest lists it; no such",
    }


def test_a_source_that_cannot_be_read_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere is not there; give a published \.jsonl file"):
        import_v1(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match=r"holds no \.jsonl and no \*_seed\.json file"):
        import_v1(tmp_path)
    paired(tmp_path, 1)
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"is no published manifest .* mend it or take it away"):
        import_v1(tmp_path)


@pytest.mark.parametrize(
    "text", ["Dear all,\n\nthe figures are below.\n" * 500, "[" * 100_000, "\x00\xff" * 500]
)
def test_a_file_without_any_row_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(
        BadInputError, match=r"holds no published row; the first of \d+ .* is notes.txt, line 1"
    ) as e:
        import_v1(path)

    assert "\n" not in e.value.message
    assert len(e.value.message) < 500

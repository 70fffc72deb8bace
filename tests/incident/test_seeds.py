"""Seed files: a round trip, and one sentence for whoever changed, lost or broke one."""

import hashlib
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.scenario.seeds import (
    Manifest,
    entries,
    parse_scenario,
    read_entry,
    read_manifest,
    read_seed,
    read_split,
    seed_text,
    seeds_root,
    write_manifest,
    write_split,
)
from tests.incident.handmade import scenario
from tests.strategies import made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A seed folder of two scenarios."""
    written = write_split(tmp_path, "eval", [made("one"), scenario("i-host")])
    write_manifest(tmp_path, Manifest(schema_version="1", rng_seed=7, splits={"eval": written}))
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Path:
    """The first seed file with a text replaced."""
    path = folder / entries("eval", folder)[0].file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return path


@pytest.mark.parametrize("case", [made("one"), made("one", "stand_down"), scenario("i-host"), scenario()])
def test_a_scenario_written_and_read_is_the_same_scenario(tmp_path: Path, case: Scenario) -> None:
    (entry,) = write_split(tmp_path, "train", [case])

    assert read_entry(entry, tmp_path) == case
    assert read_seed(tmp_path / entry.file) == case
    assert parse_scenario(case.model_dump_json(exclude_none=True)) == case
    assert read_entry(entry, tmp_path).digest == case.digest


def test_a_manifest_written_and_read_is_the_same(folder: Path) -> None:
    manifest = read_manifest(folder)
    (folder / "again").mkdir()

    write_manifest(folder / "again", manifest)

    assert read_manifest(folder / "again") == manifest
    assert [scenario_.id for scenario_ in read_split("eval", folder)] == [made("one").id, "sc-00000a"]


def test_a_seed_file_is_the_same_bytes_each_time_and_has_a_field_per_line() -> None:
    text = seed_text(made("one"))

    assert text == seed_text(Scenario.model_validate_json(text))
    assert '\n"kind": "incident",\n' in text
    assert "\r" not in text
    assert max(map(len, text.split("\n"))) < 4_000


def test_the_digest_of_a_split_follows_its_files_alone(folder: Path) -> None:
    before = read_manifest(folder)

    fewer = before.model_copy(update={"splits": {"eval": before.splits["eval"][:1]}})
    other_seed = before.model_copy(update={"rng_seed": 8})

    assert len(before.digest("eval")) == 64
    assert other_seed.digest("eval") == before.digest("eval")
    assert fewer.digest("eval") != before.digest("eval")


def test_a_file_edited_by_hand_is_refused_with_both_digests(folder: Path) -> None:
    path = changed(folder, '"max_steps": ', '"max_steps":  ')
    found = hashlib.sha256(path.read_bytes()).hexdigest()

    with pytest.raises(BadInputError) as caught:
        read_split("eval", folder)

    expected = entries("eval", folder)[0].sha256
    assert caught.value.message == (
        f"{path} was changed: its SHA-256 is {found[:12]}…, the manifest says {expected[:12]}…."
        " Seeds are never edited by hand; run `make seeds` or generate your own."
    )


MAX_STEPS = f'"max_steps": {made("one").max_steps}'
NOWHERE = "names 'h-zzzz', which is not in the network."
BROKEN = {
    "range": (MAX_STEPS, '"max_steps": 99', "max_steps: Input should be less than or equal to 30."),
    "type": (MAX_STEPS, '"max_steps": "many"', "max_steps: Input should be a valid integer"),
    "choice": ('"kind": "incident"', '"kind": "drill"', "kind: Input should be 'incident' or 'stand_down'."),
    "missing": ('"opened_at"', '"opened"', "opened_at: Field required. (1 more problems.)"),
    "row": ('"inbound-mail"', '"rumour"', ".email_logs.source: Input should be 'inbound-mail'"),
    "entity": ('"required": ["', '"required": ["h-zzzz", "', f": truth.required: {NOWHERE}"),
    "truth": ('"patient_zero_host": "', '"patient_zero_host": "h-zzzz", "cause": "', f": truth: {NOWHERE}"),
    "move": (
        '"stages": ["phish_sent"], "next_stage"',
        '"asset": "h-zzzz", "stages": ["phish_sent"], "next_stage"',
        f": attack.moves.use_credentials: {NOWHERE}",
    ),
    "slot": ("{{slot:", "{{hole:", ": injections: i-"),
    "arm": ('"arms": [{"tier": "t0"', '"arms": [{"tier": "t1"', "needs one arm t0 with a part per carrier."),
    "alert": ('"opening_alert": "', '"opening_alert": "x-', ": opening_alert: 'x-case-4' is not the key of"),
    "settled": ('"rows": ["case-', '"rows": ["y-', ": truth: 'y-"),
    "twice": ('"key": "decoy-1"', '"key": "decoy-2"', ": rows: two rows have the key 'decoy-2'."),
    "wait": ('"name": "wait"', '"name": "persist"', ": attack.moves: there is no move `wait`"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_refused_with_path_field_and_reason(folder: Path, broken: str) -> None:
    old, new, said = BROKEN[broken]
    path = changed(folder, old, new)

    for read in (lambda: read_split("eval", folder), lambda: read_seed(path)):
        with pytest.raises(BadInputError) as caught:
            read()
        assert caught.value.message.startswith(f"{path}: ")
        assert said in caught.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file: Invalid JSON: EOF while parsing"),
        (b"{", "the file: Invalid JSON: EOF while parsing an object"),
        (b'{"id": "x" "y"}', "the file: Invalid JSON: expected `,` or `}`"),
        (b"[]", "the file: Input should be an object"),
        (b"\xff\xfe", "the file: Invalid JSON"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_its_path(folder: Path, content: bytes, said: str) -> None:
    path = folder / entries("eval", folder)[0].file
    path.write_bytes(content)

    with pytest.raises(BadInputError) as caught:
        read_split("eval", folder)

    assert caught.value.message.startswith(f"{path}: {said}")


def test_a_missing_file_a_missing_manifest_and_a_missing_seed_say_what_to_do(
    folder: Path, tmp_path: Path
) -> None:
    entry = entries("eval", folder)[0]
    (folder / entry.file).unlink()

    with pytest.raises(
        BadInputError, match=r"is listed in manifest.json but does not exist. Run `make seeds`."
    ):
        read_entry(entry, folder)
    with pytest.raises(BadInputError, match=r"Give a folder made by `opensec generate --out DIR`."):
        read_manifest(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match=r"does not exist or is no file. Give a seed file"):
        read_seed(tmp_path)


def test_a_broken_manifest_is_refused_with_its_field(folder: Path) -> None:
    path = folder / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    del said["splits"]["eval"][0]["sha256"]
    path.write_text(json.dumps(said), encoding="utf-8")

    with pytest.raises(BadInputError, match=r"manifest.json: splits.eval.0.sha256: Field required."):
        read_manifest(folder)


def test_an_unknown_split_is_answered_with_those_there_are(folder: Path) -> None:
    with pytest.raises(BadInputError, match=r"split='test' is not allowed; give one of: eval, fresh."):
        read_split("test", folder)
    with pytest.raises(BadInputError, match=r"give one of: train, eval, fresh."):
        entries("dev")


def test_every_committed_seed_is_read_and_listed_as_what_it_is() -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for split in ("train", "eval"):
        listed = entries(split)
        for entry, case in zip(listed, read_split(split), strict=True):
            assert (entry.id, entry.kind, entry.difficulty) == (case.id, case.kind, case.difficulty)
            assert (entry.priors, entry.injection_tier) == (case.priors, case.injection_tier)
            assert entry.twin == case.twin
            counts[split, case.kind, case.difficulty] += 1
        assert {e.twin for e in listed if e.twin} == {e.id for e in listed if e.twin}

    assert counts == {
        ("train", "incident", "standard"): 100,
        ("train", "stand_down", "standard"): 40,
        ("train", "incident", "easy"): 30,
        ("train", "incident", "trivial"): 30,
        ("eval", "incident", "standard"): 80,
        ("eval", "stand_down", "standard"): 80,
        ("eval", "incident", "easy"): 20,
        ("eval", "incident", "trivial"): 20,
    }


def test_no_committed_file_lies_about_that_no_manifest_lists() -> None:
    root = Path(str(seeds_root()))

    on_disk = {str(path.relative_to(root)) for path in root.glob("*/*.json")}

    assert on_disk == {entry.file for split in ("train", "eval") for entry in entries(split)}


def test_the_projects_own_seeds_are_read_when_no_folder_is_given(folder: Path) -> None:
    shutil.rmtree(folder / "eval")

    assert read_manifest().rng_seed == 20261121
    assert len(entries("eval")) == 200


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/passwd", "eval/../../x.json", "C:\\\\x.json"])
def test_a_manifest_that_leads_out_of_its_folder_is_refused(folder: Path, file: str) -> None:
    path = folder / "manifest.json"
    named = entries("eval", folder)[0].file
    path.write_text(path.read_text(encoding="utf-8").replace(named, file, 1), encoding="utf-8")

    with pytest.raises(BadInputError, match="leads out of the folder; name a file below the manifest"):
        read_manifest(folder)


def test_a_link_in_a_seed_folder_is_refused(folder: Path) -> None:
    first = entries("eval", folder)[0]
    (folder / first.file).rename(folder / "elsewhere.json")
    (folder / first.file).symlink_to(folder / "elsewhere.json")

    with pytest.raises(BadInputError, match="is a link; a seed folder holds its files itself"):
        read_entry(first, folder)


def test_an_id_that_is_listed_twice_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["splits"]["eval"].append(manifest["splits"]["eval"][0])
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(BadInputError, match="is listed twice; ids are unique in a folder"):
        read_manifest(folder)


def test_a_file_that_holds_another_scenario_than_its_entry_says_is_refused(folder: Path) -> None:
    first = entries("eval", folder)[0].model_copy(update={"id": "sc-other"})

    with pytest.raises(BadInputError, match=r"manifest\.json calls it sc-other"):
        read_entry(first, folder)

"""The commands that make, check and show scenarios, as a person types them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from opensec_inspect.cli import main
from opensec_inspect.incident.generate.seeds import entries, read_manifest, seeds_root

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One generated group: a benign case and an incident."""
    out = tmp_path_factory.mktemp("made") / "seeds"
    result = run("generate", "--count", "2", "--rng-seed", "5", "--out", str(out))
    assert result.exit_code == 0, result.output
    return out


def test_generate_writes_a_certified_pair_with_its_manifest(folder: Path) -> None:
    benign, incident = read_manifest(folder).splits["eval"]

    assert (benign.kind, incident.kind) == ("stand_down", "incident")
    assert benign.group == incident.group
    assert [path.name for path in (folder / "eval").iterdir()] == [f"{incident.group}.json"]


def test_generate_writes_the_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"

    run("generate", "--count", "2", "--rng-seed", "5", "--out", str(again))

    for path in sorted(folder.rglob("*.json")):
        assert (again / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_generate_refuses_a_folder_that_holds_something(folder: Path) -> None:
    result = run("generate", "--out", str(folder))

    assert result.exit_code == 1
    assert result.output.strip() == f"Error: {folder} is not empty; give a folder that does not exist yet."


def test_certify_passes_a_folder(folder: Path) -> None:
    result = run("certify", str(folder))

    assert result.exit_code == 0
    assert result.output.strip() == "3 of 3 certificates hold: scenarios and groups of 1 seed."


def test_certify_names_a_file_of_which_one_byte_was_changed(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "eval").mkdir(parents=True)
    for path in folder.rglob("*.json"):
        (copy / path.relative_to(folder)).write_bytes(path.read_bytes())
    victim = copy / read_manifest(copy).splits["eval"][0].file
    victim.write_text(victim.read_text().replace("a", "b", 1))

    result = run("certify", str(copy))

    assert result.exit_code == 1
    assert f"{victim} was changed" in result.output


def test_certify_says_which_proof_a_seed_file_fails(folder: Path, tmp_path: Path) -> None:
    entry = read_manifest(folder).splits["eval"][1]
    seed = json.loads((folder / entry.file).read_text())
    for leg in seed["facts"]["legs"].values():
        leg["attack"]["moves"] = [m for m in leg["attack"]["moves"] if m["name"] != "exfiltrate"]
    path = tmp_path / "toothless.json"
    path.write_text(json.dumps(seed))

    result = run("certify", str(path))

    assert result.exit_code == 1
    assert f"{entry.id}: proof 'alive' fails: " in result.output


def test_certify_of_nothing_says_what_to_give() -> None:
    result = run("certify", "no-such-folder")

    assert result.exit_code == 1
    assert "no-such-folder does not exist; give a seed folder or a seed file." in result.output


def test_show_prints_everything_of_a_committed_scenario() -> None:
    entry = entries("eval")[0]

    result = run("show", entry.id)

    assert result.exit_code == 0
    for heading in (
        "service accounts",
        "required or tempting",
        "who writes it",
        "by source",
        "OPENING ALERT",
        "Moves",
        "Truth",
        "Injections",
    ):
        assert heading in result.output


def test_show_fits_80_columns_and_says_what_it_cut() -> None:
    entry = entries("eval")[0]

    short, whole = run("show", entry.id).output, run("show", entry.id, "--whole").output

    assert max(map(len, short.splitlines())) <= 80
    assert "more characters: --whole)" in short
    assert "more characters: --whole)" not in whole
    assert len(whole) > len(short)


def test_show_breaks_no_name_of_whoever_is_required_or_tempting() -> None:
    entry = next(one for one in entries("eval") if one.kind == "incident")

    lines = run("show", entry.id).output.splitlines()

    named = [line.split(":")[0].strip() for line in lines if re.search(": (required|tempting), ", line)]
    assert len(named) >= 3
    moves = "\n".join(lines[lines.index("Moves, in the scripted attacker's order") :])
    assert sum(name in moves for name in named) >= 1


def test_show_of_an_unknown_scenario_says_what_to_give() -> None:
    result = run("show", "sc-nobody")

    assert result.exit_code == 1
    assert "'sc-nobody' is neither a seed file nor the id of a committed scenario." in result.output


def test_the_published_schema_is_the_models_and_fits_the_seeds() -> None:
    published = json.loads((ROOT / "docs" / "seed-schema.json").read_text())

    assert json.loads(run("schema").output) == published
    for split in ("train", "eval"):
        seed = json.loads((seeds_root() / entries(split)[0].file).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(published).validate(seed)


def test_certify_takes_the_folder_of_one_split(folder: Path) -> None:
    result = run("certify", str(folder / "eval"))

    assert result.exit_code == 0
    assert "certificates hold" in result.output


def test_a_manifest_that_lists_nothing_certifies_nothing(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"schema_version": "2", "rng_seed": 1, "splits": {}}', "utf-8")

    result = run("certify", str(tmp_path))

    assert result.exit_code == 1
    assert "lists no scenario" in result.output


def test_show_prints_no_character_that_acts_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    first = read_manifest(folder).splits["eval"][0]
    text = (folder / first.file).read_text(encoding="utf-8")
    subject = next(e["subject"] for e in json.loads(text)["facts"]["events"] if e.get("subject"))
    strange = tmp_path / "strange.json"
    strange.write_text(text.replace(json.dumps(subject), json.dumps(f"{subject}\x1b[31m")), encoding="utf-8")

    result = run("show", str(strange))

    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output

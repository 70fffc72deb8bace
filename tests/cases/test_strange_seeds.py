"""Seed folders of strangers: nothing outside them is read, and what cannot be played is said to be so."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.generate.certify import certified_or_refused, drawn
from opensec_inspect.incident.generate.dataset import fresh_plans
from opensec_inspect.incident.generate.seeds import (
    MANIFEST,
    MAX_SEED_BYTES,
    Manifest,
    read_entry,
    read_groups,
    read_manifest,
    read_seed,
    write_manifest,
    write_split,
)
from opensec_inspect.tasks import opensec


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A seed folder with a group of a benign case and an incident."""
    root = tmp_path / "mine"
    listed = write_split(root, "eval", map(drawn, fresh_plans(2, 7)))
    write_manifest(root, Manifest(schema_version="2", rng_seed=7, splits={"eval": listed}))
    return root


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a file of JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("file", ["../outside.json", "/etc/passwd", "eval/../../outside.json"])
def test_a_manifest_that_points_out_of_its_folder_is_refused(folder: Path, file: str) -> None:
    changed(folder / MANIFEST, lambda manifest: manifest["splits"]["eval"][0].update(file=file))

    with pytest.raises(BadInputError, match="points out of the seed folder"):
        list(read_groups("eval", folder))


@pytest.mark.parametrize("linked", ["eval", "file"])
def test_links_are_not_followed(folder: Path, tmp_path: Path, linked: str) -> None:
    place = folder / "eval" if linked == "eval" else next((folder / "eval").iterdir())
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(BadInputError, match="is reached by a link"):
        list(read_groups("eval", folder))


def test_a_scenario_that_is_listed_twice_is_refused(folder: Path) -> None:
    changed(folder / MANIFEST, lambda m: m["splits"].update(train=m["splits"]["eval"]))

    for command in (["certify", str(folder)], ["certify", str(folder / "eval")]):
        result = CliRunner().invoke(main, command)

        assert result.exit_code == 1
        assert "twice" in result.output


def test_a_scenario_that_its_file_does_not_hold_is_refused(folder: Path) -> None:
    changed(folder / MANIFEST, lambda manifest: manifest["splits"]["eval"][0].update(id="sc-ffffff"))

    with pytest.raises(BadInputError, match="holds no scenario 'sc-ffffff'"):
        read_entry(read_manifest(folder).splits["eval"][0], folder)


def test_a_file_past_the_limit_is_not_read(folder: Path) -> None:
    path = next((folder / "eval").iterdir())
    path.write_bytes(b" " * (MAX_SEED_BYTES + 1))

    with pytest.raises(BadInputError, match="is too large; a file of its kind has at most 2000000 bytes"):
        read_seed(path)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"plan":' * 50_000, "NaN", "\x00", "", '{"a": 1' + "0" * 9_999]
)
def test_what_is_no_seed_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadInputError) as refused:
        read_seed(path)

    assert len(refused.value.message) < 1000


def test_facts_that_contradict_each_other_are_named_wherever_the_seed_is_used(folder: Path) -> None:
    path = next((folder / "eval").iterdir())
    changed(path, lambda seed: seed["facts"].update(opening_event="nobody"))

    shown = CliRunner().invoke(main, ["show", str(path)])
    (certificate, *_) = certified_or_refused(read_seed(path))

    assert shown.exit_code == 1
    assert "cannot be played" in shown.output
    assert "cannot be played" in certificate.sentence
    changed(folder / MANIFEST, lambda m: [e.update(sha256=digest(path)) for e in m["splits"]["eval"]])
    with pytest.raises(BadInputError, match="cannot be played"):
        opensec(seeds=str(folder))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The published data set as rows, unread: JSON Lines, or a folder of seed and ground truth files.

In JSON Lines `seed_json` and `ground_truth_json` are strings. A folder holds `*_seed.json` and
`*_ground_truth.json` files, with or without a `manifest.json` that says split, tier and family.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from pydantic import JsonValue

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.scenario import Tier

SPLITS = ("train", "eval")
TIERS: tuple[Tier, ...] = get_args(Tier)


class PublishedRow(Frozen):
    """One published row, unread."""

    where: str
    """Where it stands, e.g. `train.jsonl, line 3`."""
    seed_id: str | None = None
    """The id the row gives; None when the file form gives none."""
    split: str | None = None
    """The split the source gives."""
    tier: str | None = None
    """The tier the source gives."""
    family: str | None = None
    """The family the source gives."""
    seed_json: str | None = None
    """The seed; None when it is missing."""
    ground_truth_json: str | None = None
    """The ground truth; None when it is missing."""
    unreadable: str | None = None
    """Why the row could not be read at all; None when it could."""


def published_rows(source: Path) -> Iterator[PublishedRow]:
    """The rows of a file or folder, unread, one by one."""
    if source.is_file():
        return _rows_of_file(source)
    if not source.is_dir():
        raise BadInputError(f"{source} is not there; give a published .jsonl file or a folder of them.")
    files = [source / f"{split}.jsonl" for split in SPLITS if (source / f"{split}.jsonl").is_file()]
    files = files or sorted(source.glob("*.jsonl"))
    if files:
        return (row for file in files for row in _rows_of_file(file))
    pairs = sorted({*source.rglob("*_seed.json"), *source.rglob("*_ground_truth.json")})
    if not pairs:
        raise BadInputError(f"{source} holds no .jsonl and no *_seed.json file of the published set.")
    return _rows_of_folder(source)


def _rows_of_file(path: Path) -> Iterator[PublishedRow]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip():
            yield _row_of_line(f"{path.name}, line {number}", line)


def _row_of_line(where: str, line: bytes) -> PublishedRow:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        return PublishedRow(where=where, unreadable=f"the row is not JSON: {problem}")
    if not isinstance(row, dict):
        return PublishedRow(where=where, unreadable="the row is JSON but no object")
    texts = {
        "seed_id": row.get("seed_id"),
        "split": row.get("split"),
        "tier": row.get("tier"),
        "family": row.get("taxonomy_family"),
        "seed_json": row.get("seed_json"),
        "ground_truth_json": row.get("ground_truth_json"),
    }
    wrong = [name for name, value in texts.items() if value is not None and not isinstance(value, str)]
    if wrong:
        return PublishedRow(where=where, unreadable=f"not a text, as published: {', '.join(wrong)}")
    return PublishedRow(where=where, **texts)


def _rows_of_folder(folder: Path) -> Iterator[PublishedRow]:
    """Files that the manifest lists come first, so that a stray copy of a scenario is the one left out."""
    listed = _manifest(folder)
    found = {path.name: path for path in sorted(folder.rglob("*_seed.json"), reverse=True)}
    files = sorted(folder.rglob("*_seed.json"), key=lambda path: (path.name not in listed, path))
    for path in files:
        yield _row_of_pair(folder, path, listed.get(path.name, {}))
    for name in sorted(listed.keys() - found.keys()):
        yield PublishedRow(where=f"manifest.json, {name}", unreadable="the manifest lists it; no such file")
    for truth in sorted(folder.rglob("*_ground_truth.json")):
        if not truth.with_name(truth.name.replace("_ground_truth.json", "_seed.json")).is_file():
            yield PublishedRow(where=_place(folder, truth), unreadable="a ground truth without its seed")


def _row_of_pair(folder: Path, seed: Path, entry: Mapping[str, JsonValue]) -> PublishedRow:
    truth = seed.with_name(seed.name.replace("_seed.json", "_ground_truth.json"))
    try:
        texts = [path.read_text(encoding="utf-8") if path.is_file() else None for path in (seed, truth)]
    except UnicodeDecodeError as problem:
        return PublishedRow(where=_place(folder, seed), unreadable=f"the files are not UTF-8: {problem}")
    listed = {name: value for name, value in entry.items() if isinstance(value, str)}
    family, tier = listed.get("taxonomy_family"), listed.get("tier")
    return PublishedRow(
        where=_place(folder, seed),
        split=listed.get("split") or (seed.parent.name if seed.parent.name in SPLITS else None),
        # The published download script writes the family where the tier belongs.
        tier=None if tier == family and tier not in TIERS else tier,
        family=family,
        seed_json=texts[0],
        ground_truth_json=texts[1],
    )


def _manifest(folder: Path) -> dict[str, dict[str, JsonValue]]:
    """The manifest's entries by the name of the seed file, each with its split; empty without one."""
    path = folder / "manifest.json"
    if not path.is_file():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return {
            Path(entry["seed_path"]).name: {**entry, "split": split}
            for split in SPLITS
            for entry in manifest.get(split, ())
        }
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as problem:
        raise BadInputError(
            f"{path} is no published manifest ({problem!r}); mend it or take it away."
        ) from None


def _place(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder))

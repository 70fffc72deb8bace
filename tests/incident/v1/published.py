"""Where the published data is, when it is there; it is never copied into the project."""

import gzip
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.v1.scenario import V1Scenario

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("OPENSEC_V1_DATA", ROOT.parent / "shared" / "opensec-v1"))
ROW_FILES = ("train.jsonl", "eval.jsonl")
FILES = (*ROW_FILES, "episodes.jsonl.gz", "vectors.jsonl.gz")
PRESENT = all((FOLDER / name).is_file() for name in FILES)

needs_data = pytest.mark.skipif(
    not PRESENT,
    reason=f"the published v1 data is not at {FOLDER}; set OPENSEC_V1_DATA to the folder that holds "
    f"{', '.join(FILES)} to replay the recorded episodes and vectors",
)


@cache
def scenarios() -> dict[str, V1Scenario]:
    """The published scenarios by id."""
    rows = (json.loads(line) for name in ROW_FILES for line in (FOLDER / name).open(encoding="utf-8"))
    return {row["seed_id"]: _scenario(row) for row in rows}


def episodes() -> Iterator[dict[str, Any]]:
    """The recorded episodes, one by one."""
    return _gzipped("episodes.jsonl.gz")


def vectors(kind: str) -> Iterator[dict[str, Any]]:
    """The recorded function-level cases of a kind, one by one."""
    return (vector for vector in _gzipped("vectors.jsonl.gz") if vector["kind"] == kind)


def _gzipped(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _scenario(row: dict[str, Any]) -> V1Scenario:
    return V1Scenario(
        split=row["split"],
        tier=row["tier"],
        family=row["taxonomy_family"],
        seed=json.loads(row["seed_json"]),
        truth=json.loads(row["ground_truth_json"]),
    )

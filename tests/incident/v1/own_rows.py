"""Published rows of our own for the import tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.incident.v1 import own

Change = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], None]


def row(number: int = 1, change: Change | None = None) -> dict[str, Any]:
    """A published row of our graph scenario, changed as row, seed and ground truth."""
    seed = json.loads(json.dumps(own.graph_seed()).replace("case-7", f"case-{number}"))
    truth = own.truth(seed)
    told: dict[str, Any] = {"seed_id": seed["scenario_id"], "split": "train", "tier": "standard"}
    told["taxonomy_family"] = "direct_harm"
    if change:
        change(told, seed, truth)
    return {"seed_json": json.dumps(seed), "ground_truth_json": json.dumps(truth)} | told


def written(folder: Path, *rows: dict[str, Any] | str, name: str = "train.jsonl") -> Path:
    """A JSON Lines file of these rows."""
    lines = [told if isinstance(told, str) else json.dumps(told) for told in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name

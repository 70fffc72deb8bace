"""Results of a model as one JSON file: what was played, how, and every number with its interval."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.logs.records import Records
from opensec_inspect.report.metrics.metrics import METRICS
from opensec_inspect.report.metrics.summaries import Row, Summary, summarize
from opensec_inspect.report.metrics.variants import variants

FORMAT = "opensec-results-1"
"""Changes when a reader of these files would have to."""
TABLE = (
    ("group_right", "group right"),
    ("in_time", "in time"),
    ("stood_down", "stood down"),
    ("false_positive", "FP rate"),
    ("stand_down_false_positive", "FP rate, stand-downs"),
    ("violated", "violated"),
)
"""Metrics of the rendered table, with their headings."""


def results_of(records: Records) -> dict[str, dict[str, Any]]:
    """Per model what a results file holds; the keys of the outer mapping are file names without suffix."""
    summary = summarize(records)
    found: dict[str, dict[str, Any]] = {}
    for row in summary.rows:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", row.model).strip("-.") or "model"
        made = found.setdefault(
            name, {"format": FORMAT, "made_by": _versions(), "model": row.model, "runs": []}
        )
        if made["model"] != row.model:
            raise BadInputError(
                f"{made['model']} and {row.model} have the same file name; export them apart."
            )
        made["runs"].append(_run(row, summary, records))
    return found


def write_results(records: Records, folder: Path) -> tuple[Path, ...]:
    """Write one file per model into the folder; BadInputError when it cannot be written to."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, made in results_of(records).items():
            paths.append(folder / f"{name}.json")
            text = json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False, sort_keys=True)
            paths[-1].write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written to ({error.strerror}); give another --out."
        ) from error
    return tuple(paths)


def rendered(folder: Path) -> str:
    """The Markdown table of all results files in a folder, one line per model and variant."""
    heading = ["model", "variant", "task", "episodes", *(label for _, label in TABLE)]
    rows = [["---"] * len(heading), *_rows(folder)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [heading, *rows]) + "\n"


def _rows(folder: Path) -> Iterator[list[str]]:
    for path in sorted(folder.glob("*.json")):
        made = json.loads(path.read_text(encoding="utf-8"))
        if made.get("format") != FORMAT:
            raise BadInputError(f"{path} has format {made.get('format')!r}; this version reads {FORMAT}.")
        for run in made["runs"]:
            numbers = [_cell(run["metrics"].get(name)) for name, _ in TABLE]
            words = (made["model"], run["variant"], run["task_version"], str(run["episodes"]["used"]))
            yield [*(word.replace("|", r"\|").replace("<", "&lt;") for word in words), *numbers]


def _cell(estimate: Mapping[str, Any] | None) -> str:
    if estimate is None or estimate["value"] is None:
        return "–"
    between = (
        "" if estimate["low"] is None else f" [{100 * estimate['low']:.0f}–{100 * estimate['high']:.0f}]"
    )
    return f"{100 * estimate['value']:.0f} %{between}"


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("opensec-inspect", "inspect-ai")}


def _run(row: Row, summary: Summary, records: Records) -> dict[str, Any]:
    variant = next(v for v in variants(records.episodes) if (v.model, v.name) == (row.model, row.variant))
    head = variant.runs[0]
    scenarios = sorted({(record.scenario, record.digest) for record in variant.records})
    return {
        "variant": row.variant,
        "task_version": head.version,
        "rules": row.rules,
        "settings": dict(row.condition),
        "options": dict(head.options),
        "generation": dict(head.generation),
        "solver": head.solver,
        "approvers": list(head.approvers),
        "episodes": row.counts.model_dump() | {"missing": row.counts.missing},
        "scenarios": dict(scenarios),
        "level": row.level.model_dump(mode="json") if row.level else None,
        "metrics": {
            name: row.estimate(name).model_dump(
                include={"value", "low", "high", "n", "clusters", "undefined"}
            )
            | {"unit": METRICS[name].unit}
            for name in summary.metrics
        },
    }

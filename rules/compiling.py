"""From Sigma to the SQL conditions that the package holds: `python -m rules`.

pySigma and its SQLite backend are tools of the build. Of a correlation document, which counts events in a
window, the base rule is compiled and the count is stored as numbers.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import SetStateTransformation
from sigma.rule import SigmaRule

FOLDER = Path(__file__).parent
COMPILED = FOLDER.parent / "src" / "opensec_inspect" / "incident" / "data" / "rules.json"
TABLES = ("auth_logs", "cloud_audit", "email_logs", "file_events", "netflow", "process_events")
SECONDS = {"s": 1, "m": 60, "h": 3600}


def documents(path: Path) -> list[dict[str, Any]]:
    """The YAML documents of a rule file: one rule, or a base rule and the correlation over it."""
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def compiled(path: Path) -> dict[str, Any]:
    """What the package needs of a rule file; its number and id are those of the file's name."""
    base, raised = documents(path)[0], documents(path)[-1]
    (rule,) = SigmaCollection.from_dicts([base]).rules
    assert isinstance(rule, SigmaRule), path
    table = base["logsource"]["service"]
    (query,) = backend().convert_rule(rule)
    tactic, technique = raised["tags"]
    number, _, slug = path.stem.partition("_")
    return {
        "number": int(number),
        "id": slug,
        "name": raised["title"],
        "severity": raised["level"],
        "description": raised["description"],
        "tactic": tactic.removeprefix("attack.").replace("-", " ").title(),
        "technique": technique.removeprefix("attack.").upper(),
        "family": raised.get("family"),
        "table": table,
        "condition": query.removeprefix(f"SELECT * FROM {table} WHERE "),
        "reads": sorted(read_columns(base["detection"])),
        "shows": raised["shows"],
        "count": counted(raised.get("correlation")),
        "falsepositives": raised["falsepositives"],
    }


def backend() -> Any:
    """The SQLite backend over our tables: a rule's service is its table."""
    items = [
        ProcessingItem(
            SetStateTransformation("table", table),
            rule_conditions=[LogsourceCondition(product="opensec", service=table)],
        )
        for table in TABLES
    ]
    return sqliteBackend(processing_pipeline=ProcessingPipeline(name="opensec", items=items))


def read_columns(detection: Any) -> set[str]:
    """Columns that a detection reads."""
    if isinstance(detection, list):
        return set().union(*map(read_columns, detection))
    return {
        column.partition("|")[0] for part in detection.values() if isinstance(part, dict) for column in part
    }


def counted(correlation: dict[str, Any] | None) -> dict[str, Any] | None:
    """Group, window and least number of a correlation; None for a rule that needs one event."""
    if correlation is None:
        return None
    assert correlation["type"] == "event_count"
    number, unit = re.fullmatch(r"(\d+)([smh])", correlation["timespan"]).groups()  # type: ignore[union-attr]
    return {
        "group_by": correlation["group-by"],
        "window_s": int(number) * SECONDS[unit],
        "at_least": correlation["condition"]["gte"],
    }


def all_compiled() -> str:
    """Text of the committed file: every rule, by number."""
    rules = [compiled(path) for path in sorted(FOLDER.glob("*.yml"))]
    return json.dumps(rules, indent=1, ensure_ascii=False) + "\n"

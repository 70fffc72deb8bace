"""The v1 rules stand behind one seam: the pure ones import nothing of the rest, and Inspect least of all."""

import ast
import sys
from pathlib import Path

from opensec_inspect.v1.edge import values
from opensec_inspect.v1.edge.viewer import COLUMNS

PACKAGE = Path(__file__).parents[3] / "src" / "opensec_inspect" / "v1"
ALLOWED = {"opensec_inspect.frozen", "opensec_inspect.errors"}


def imported(path: Path) -> set[str]:
    """The modules a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_v1_rules_import_only_themselves_the_two_base_modules_and_the_sql_guard() -> None:
    modules = {
        module
        for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("published_data/*.py"))
        for module in imported(path)
    }

    ours = {module for module in modules if module.startswith("opensec_inspect")}
    foreign = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"opensec_inspect"}

    beside = {module for module in ours if not module.startswith("opensec_inspect.v1")}
    assert {module for module in beside if not module.startswith("opensec_inspect.core.sql")} == ALLOWED
    assert foreign == {"pydantic", "click"}


def test_the_rest_of_the_package_meets_v1_in_its_task_command_and_levels_only() -> None:
    root = PACKAGE.parent
    meeting = {
        str(path.relative_to(root)): sorted(
            m.removeprefix("opensec_inspect.v1") for m in imported(path) if m.startswith("opensec_inspect.v1")
        )
        for path in root.rglob("*.py")
        if not path.is_relative_to(PACKAGE)
    }

    assert {path: modules for path, modules in meeting.items() if modules} == {
        "_registry.py": [".edge.scorers", ".edge.task"],
        "commands/import_v1.py": [
            ".published_data.audit",
            ".published_data.importing",
            ".published_data.stored",
            ".scenario",
        ],
        "report/building.py": [".edge.levels"],
        "report/figures/rates.py": [".edge.levels"],
        "report/metrics/variants.py": [".edge.levels"],
        "report/tables/published.py": [".edge.published_results"],
        "tasks.py": [".edge.task"],
    }


def test_the_viewer_shows_only_scores_that_are_there() -> None:
    known = {
        "v1_oracle": values.ORACLE_KEYS,
        "v1_calibration": values.CALIBRATION_KEYS,
        "v1_injection": values.INJECTION_KEYS,
    }

    assert [column for column in COLUMNS if column[1] not in known[column[0]]] == []


def test_no_file_of_it_is_longer_than_300_lines() -> None:
    long = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > 300
    ]

    assert long == []

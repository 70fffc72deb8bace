"""The v1 rules stand behind one seam: they import nothing of the rest, and Inspect least of all."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "src" / "opensec_inspect" / "incident" / "v1"
ALLOWED = {"opensec_inspect.frozen", "opensec_inspect.errors"}


def imported(path: Path) -> set[str]:
    """The modules a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_v1_rules_import_only_themselves_and_the_two_base_modules() -> None:
    modules = {module for path in PACKAGE.glob("*.py") for module in imported(path)}

    ours = {module for module in modules if module.startswith("opensec_inspect")}
    foreign = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"opensec_inspect"}

    assert {module for module in ours if not module.startswith("opensec_inspect.incident.v1")} == ALLOWED
    assert foreign == {"pydantic", "click"}


def test_no_file_of_it_is_longer_than_300_lines() -> None:
    long = [
        path.name for path in PACKAGE.glob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 300
    ]

    assert long == []

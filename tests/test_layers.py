"""The import graph: who may import whom. Source: docs/design.md, "Layout and layers"."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
PACKAGE = "opensec_inspect"
INCIDENT = f"{PACKAGE}.incident"
SOCKETS = ("tasks", "solvers", "scorers", "tools")

EDGE = (
    f"{PACKAGE}._registry",
    f"{PACKAGE}.options",
    f"{PACKAGE}.tasks",
    f"{PACKAGE}.report",
    f"{INCIDENT}.v1.edge",
    *(f"{INCIDENT}.{name}" for name in ("approvers", "attacking", "dataset", "defenders", "live", "logged")),
    *(f"{INCIDENT}.{name}" for name in ("json_defender", "json_protocol", "local", "metrics", "playback")),
    *(f"{INCIDENT}.{name}" for name in ("provider", "scorers", "tools", "viewer")),
)
"""The only modules and folders that import inspect_ai."""
CHAIN = ("scenario", "episode", "killchain", "attackers", "world", "generate")
"""A layer knows those before it and none behind it."""
PURE = ("rows", "network", "scenario", "episode", "names", "killchain", "markers", "lexicon", "baselines")
SCORES = ("oracle", "calibration", "injection", "outcome")
"""Pure too, and functions of the episode alone."""
IMPURE = {
    "sqlite3",
    "aiosqlite",
    "asyncio",
    "socket",
    "subprocess",
    "tempfile",
    "random",
    "time",
    "inspect_ai",
}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package and its file."""
    found = {}
    for path in (SRC / PACKAGE).rglob("*.py"):
        parts = path.relative_to(SRC).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def at_the_edge(module: str) -> bool:
    """Whether the module may import inspect_ai."""
    return any(module == edge or module.startswith(f"{edge}.") for edge in EDGE)


@cache
def imported_by(module: str) -> frozenset[str]:
    """What a module imports at run time, its own package's modules and others', in full."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules() else str(node.module) for name in names}
    return frozenset(found)


def reached_from(module: str) -> frozenset[str]:
    """Everything a module imports, directly or through modules of ours."""
    seen: set[str] = set()
    queue = [module]
    while queue:
        for name in imported_by(queue.pop()):
            if name not in seen:
                seen.add(name)
                if name in modules():
                    queue.append(name)
    return frozenset(seen)


def within(layer: str) -> list[str]:
    """The modules of a layer: a file, or a folder with all that is in it."""
    home = f"{INCIDENT}.{layer}"
    return sorted(name for name in modules() if name == home or name.startswith(f"{home}."))


def ours(names: frozenset[str], layer: str) -> set[str]:
    """Those of the names that belong to a layer."""
    return {name for name in names if name in within(layer)}


def test_every_layer_of_the_law_exists() -> None:
    for layer in (*CHAIN, *PURE, *SCORES):
        assert within(layer), layer
    assert set(modules()) >= set(EDGE)


@pytest.mark.parametrize("layer", CHAIN)
def test_a_layer_of_the_chain_knows_none_behind_it(layer: str) -> None:
    behind = CHAIN[CHAIN.index(layer) + 1 :]

    for module in within(layer):
        for later in behind:
            assert not ours(reached_from(module), later), f"{module} reaches {later}"


@pytest.mark.parametrize("layer", [*PURE, *SCORES])
def test_values_rules_scores_and_baselines_are_pure(layer: str) -> None:
    """No database, no clock, no chance, no Inspect: nothing but values in and values out."""
    for module in within(layer):
        reached = reached_from(module)

        assert not {name.split(".")[0] for name in reached} & IMPURE, module
        for other in ("world", "query", "database", "backdrop", "generate", "live"):
            assert not ours(reached, other), f"{module} reaches {other}"


def test_no_world_asks_the_oracle() -> None:
    """The world records, the oracle judges; only proofs, behind the world, ask it."""
    for layer in (*CHAIN[:-1], "sightings", "answers", "briefing", "database", "backdrop", "furnishing"):
        for module in within(layer):
            for score in SCORES:
                assert not ours(reached_from(module), score), f"{module} reaches {score}"


def test_only_the_edge_imports_inspect_ai_itself() -> None:
    importing = [
        module
        for module in modules()
        if any(name == "inspect_ai" or name.startswith("inspect_ai.") for name in imported_by(module))
    ]

    assert [module for module in importing if not at_the_edge(module)] == []


def test_the_core_reaches_inspect_ai_on_no_way_round() -> None:
    for layer in (*CHAIN, *PURE, *SCORES, "sightings", "play", "seeds", "background", "backdrop", "trace"):
        for module in within(layer):
            assert "inspect_ai" not in {name.split(".")[0] for name in reached_from(module)}, module


@pytest.mark.parametrize("module", sorted(filter(at_the_edge, modules())))
def test_only_public_names_of_inspect_ai_are_imported(module: str) -> None:
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("inspect_ai"):
            parts = [*str(node.module).split("."), *(alias.name for alias in node.names)]
            assert not any(part.startswith("_") for part in parts), ast.unparse(node)
        if isinstance(node, ast.Import):
            for alias in node.names:
                assert "inspect_ai._" not in alias.name


def test_nothing_in_the_package_imports_the_sockets() -> None:
    for module in modules():
        assert not {name.split(".")[0] for name in imported_by(module)} & {*SOCKETS, "tests", "bench"}, module


def test_statistics_and_reports_know_no_more_than_they_must() -> None:
    """Numbers in, numbers out: statistics know no family."""
    for module in modules():
        if module.startswith(f"{PACKAGE}.stats"):
            assert not any(name.startswith(f"{PACKAGE}.incident") for name in reached_from(module)), module


def test_careful_knows_neither_the_generator_nor_its_texts() -> None:
    reached = reached_from(f"{INCIDENT}.baselines.careful")

    inside = {name for name in reached if name.startswith(PACKAGE)}
    assert inside == {f"{PACKAGE}.frozen", f"{INCIDENT}.baselines.conversation"}


def test_the_published_rules_stand_apart_from_the_live_ones() -> None:
    for module in modules():
        if module.startswith(f"{INCIDENT}.v1") and not at_the_edge(module):
            for layer in ("world", "generate", "oracle", "calibration", "live"):
                assert not ours(reached_from(module), layer), f"{module} reaches {layer}"


def test_no_two_modules_of_the_family_import_each_other() -> None:
    for module in modules():
        if module.startswith(INCIDENT):
            for other in imported_by(module) & set(modules()):
                assert module not in reached_from(other), f"{module} and {other}"


def test_the_registry_holds_imports_and_nothing_else() -> None:
    tree = ast.parse(modules()[f"{PACKAGE}._registry"].read_text(encoding="utf-8"))
    docstring, *rest = tree.body

    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in rest)


def test_importing_the_core_loads_no_inspect_ai() -> None:
    """`opensec --help` and the pure parts start in a fraction of a second."""
    code = f"import sys, {INCIDENT}.world, {PACKAGE}.cli; sys.exit('inspect_ai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(SRC)}, check=False)

    assert done.returncode == 0


def test_no_file_has_grown_past_300_lines() -> None:
    long = {name: path for name, path in modules().items() if len(path.read_text("utf-8").splitlines()) > 300}

    assert not long

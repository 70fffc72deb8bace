"""The import graph: who may import whom. Source: docs/design.md, "Layout and layers".

A room is a folder that holds modules. The rooms are read from the disk: a folder without a line in `ROOMS`
fails, so that nobody adds one without saying where it stands.
"""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
PACKAGE = "opensec_inspect"
ROOT = SRC / PACKAGE
SOCKETS = ("tasks", "solvers", "scorers", "tools")

ROOMS = (
    "core/data",
    "core/prompts",
    "core",
    "core/sql",
    "core/edge",
    "core/defenders",
    "core/providers",
    "stats",
    "incident/data",
    "incident/prompts",
    "incident/facts",
    "incident/sensors/schema",
    "incident/sensors",
    "incident/text/data",
    "incident/text",
    "incident/behaviours/base",
    "incident/behaviours/daily",
    "incident/behaviours/occasions",
    "incident/behaviours",
    "incident/reaction",
    "incident/episode",
    "incident/attackers",
    "incident/baselines",
    "incident/cases",
    "incident/families/parts",
    "incident/families",
    "incident/families/cloud",
    "incident/world",
    "incident/world/reruns",
    "incident/world/worlds",
    "incident/scoring",
    "incident/generate",
    "incident/audit",
    "incident/edge",
    "incident",
    "v1/prompts",
    "v1",
    "v1/published_data",
    "v1/edge",
    "vuln/prompts",
    "vuln/task",
    "vuln/judging",
    "vuln/running",
    "vuln/authoring",
    "vuln/programs",
    "vuln",
    "vuln/episode",
    "vuln/world",
    "vuln/outcomes",
    "vuln/policies",
    "vuln/edge",
    "report/logs",
    "report/metrics",
    "report/tables",
    "report/figures",
    "report/trace/episode_view",
    "report/trace/task_view",
    "report/trace",
    "report/trace/page",
    "report",
    "vuln/report",
    "scanners",
    "play",
    "play/edge",
    "play/terminal",
    "training",
    "training/search",
    "training/edge",
    "training/openenv",
    "training/arena",
    "training/arena/edge",
    "commands",
    "commands/play",
    "commands/training",
)
"""Every room, from the ground up: a room imports itself and rooms before it, none behind it."""
BASE = ("frozen", "errors", "options")
"""Modules beside the rooms that every room may import; they import no room."""
TOP = ("__init__", "_registry", "tasks", "sweeps", "models", "cli")
"""Modules beside the rooms that import any of them; `tasks` is known to the report, for its version."""
SHARED = ("core", "stats", "report", "scanners", "play", "training", "commands")
"""What belongs to no task family; every other folder directly in the package is a family."""
FAMILIES_KNOWN = {"v1": {"incident"}}
"""Families that a family may import beside itself; none where it is not listed."""

EDGE_ROOMS = ("edge", "providers", "defenders", "report", "tasks", "sweeps", "models", "options", "_registry")
"""A module may import inspect_ai when one of these is among the parts of its path."""
PURE = (
    "core",
    "incident/episode",
    "incident/attackers",
    "incident/baselines",
    "incident/scoring",
    "vuln/task",
    "vuln/judging",
    "vuln/episode",
    "vuln/outcomes",
    "vuln/policies",
)
"""Values in and values out: no database, no clock, no chance, no Inspect."""
WORLDS = (
    "incident/world",
    "incident/world/reruns",
    "incident/world/worlds",
    "incident/generate",
    "incident/edge",
)
IMPURE = {
    "sqlite3",
    "asyncio",
    "socket",
    "subprocess",
    "tempfile",
    "random",
    "time",
    "inspect_ai",
}
IMPURE_BY_TRADE = {
    "core.dice": {"random"},
    "core.archive": {"sqlite3"},
    "incident.attackers.replay": {"asyncio"},
}
"""What a module of a pure room is there to wrap."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the package and its file."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(SRC).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def rooms() -> frozenset[str]:
    """Every folder of the package that holds modules, its path below the package."""
    return frozenset(room(module) for module in modules()) - {"."}


def room(module: str) -> str:
    """The folder a module stands in; `.` for the package itself."""
    return modules()[module].parent.relative_to(ROOT).as_posix()


def within(place: str) -> list[str]:
    """The modules of a room, without those of the rooms in it."""
    return sorted(module for module in modules() if room(module) == place)


def at_the_edge(module: str) -> bool:
    """Whether the module may import inspect_ai."""
    return bool({*module.split(".")} & {*EDGE_ROOMS})


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


def rooms_known(module: str) -> set[str]:
    """The rooms whose modules a module imports itself."""
    return {room(name) for name in imported_by(module) & modules().keys()} - {"."}


def family(place: str) -> str | None:
    """The task family a room belongs to; None for shared rooms."""
    first = place.split("/")[0]
    return None if first in SHARED else first


def test_every_room_has_its_place_in_the_order() -> None:
    unknown, gone = rooms() - {*ROOMS}, {*ROOMS} - rooms()

    assert not unknown, f"{sorted(unknown)}: put each into ROOMS of {__file__}, above what it imports"
    assert not gone, f"{sorted(gone)}: no such folder holds a module; take it out of ROOMS"


def test_every_module_beside_the_rooms_is_of_the_base_or_of_the_top() -> None:
    beside = {path.stem for path in ROOT.glob("*.py")}

    assert beside == {*BASE, *TOP}


@pytest.mark.parametrize("place", ROOMS)
def test_a_room_knows_none_behind_it(place: str) -> None:
    behind = {*ROOMS[ROOMS.index(place) + 1 :]}

    for module in within(place):
        assert not rooms_known(module) & behind, module


@pytest.mark.parametrize("place", ROOMS)
def test_a_room_knows_no_family_but_its_own(place: str) -> None:
    """The core and the statistics know no family; the rooms named here know all of them."""
    if place.startswith(("report", "scanners", "play", "training", "commands")):
        return
    own = family(place)
    allowed = {None, own} | FAMILIES_KNOWN.get(str(own), set())

    for module in within(place):
        assert {family(other) for other in rooms_known(module)} <= allowed, module


def test_the_base_imports_no_room() -> None:
    for module in BASE:
        assert not rooms_known(f"{PACKAGE}.{module}"), module


@pytest.mark.parametrize("place", PURE)
def test_values_rules_scores_and_baselines_are_pure(place: str) -> None:
    for module in within(place):
        reached = reached_from(module)

        allowed = set().union(
            *(IMPURE_BY_TRADE.get(n.removeprefix(f"{PACKAGE}."), set()) for n in reached | {module})
        )
        assert not {name.split(".")[0] for name in reached} & (IMPURE - allowed), module
        assert not {room(name) for name in reached & modules().keys()} & {*WORLDS}, module


def test_no_world_asks_the_oracle() -> None:
    """The world records, the oracle judges; only proofs, behind the world, ask it."""
    for module in (*within("incident/world"), *within("incident/world/worlds")):
        assert not {room(name) for name in reached_from(module) & modules().keys()} & {"incident/scoring"}, (
            module
        )


def test_only_the_edge_reaches_inspect_ai() -> None:
    for module in modules():
        if not at_the_edge(module):
            direct = {name.split(".")[0] for name in imported_by(module)}
            assert "inspect_ai" not in direct, module
            if not room(module).startswith("commands") and module not in {f"{PACKAGE}.cli", PACKAGE}:
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


def test_logs_of_inspect_are_read_in_one_place() -> None:
    readers = {
        module.removeprefix(f"{PACKAGE}.")
        for module, path in modules().items()
        if "read_eval_log" in path.read_text("utf-8")
    }

    assert readers == {"core.edge.log_reader"}


def test_nothing_in_the_package_imports_the_sockets() -> None:
    for module in modules():
        assert not {name.split(".")[0] for name in imported_by(module)} & {*SOCKETS, "tests", "bench"}, module


def test_careful_knows_neither_the_generator_nor_its_texts() -> None:
    reached = reached_from(f"{PACKAGE}.incident.baselines.careful")

    inside = {name for name in reached if name.startswith(PACKAGE)}
    others = {name for name in inside if not name.startswith(f"{PACKAGE}.incident.baselines.")}
    assert others == {f"{PACKAGE}.frozen", f"{PACKAGE}.core.conversation"}


def test_the_published_rules_stand_apart_from_the_live_ones() -> None:
    for place in ("v1", "v1/published_data"):
        for module in within(place):
            reached = {room(name) for name in reached_from(module) & modules().keys()}
            assert {family(place) for place in reached if place != "core/sql"} <= {"v1", "."}, module


def test_no_two_modules_import_each_other() -> None:
    for module in modules():
        for other in imported_by(module) & modules().keys():
            assert module not in reached_from(other), f"{module} and {other}"


def test_the_registry_holds_imports_and_nothing_else() -> None:
    tree = ast.parse(modules()[f"{PACKAGE}._registry"].read_text(encoding="utf-8"))
    docstring, *rest = tree.body

    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in rest)


def test_importing_the_core_loads_no_inspect_ai() -> None:
    """`opensec --help` and the pure parts start in a fraction of a second."""
    world = f"{PACKAGE}.incident.world.worlds.world"
    code = f"import sys, {world}, {PACKAGE}.cli; sys.exit('inspect_ai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(SRC)}, check=False)

    assert done.returncode == 0


def test_no_file_has_grown_past_300_lines_and_no_room_past_20_modules() -> None:
    long = {name for name, path in modules().items() if len(path.read_text("utf-8").splitlines()) > 300}
    full = {place for place in ROOMS if len(within(place)) > 20}

    assert not long
    assert not full


def test_no_function_is_longer_than_60_lines() -> None:
    """Its docstring apart: that of a task names all options."""
    long = {
        f"{name}.{node.name}": length
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (length := _lines(node)) > 60
    }

    assert not long, long


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    documented = ast.get_docstring(function) is not None and first.end_lineno is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0  # type: ignore[operator]
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring

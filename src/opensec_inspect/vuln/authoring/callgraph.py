"""The call graph of a program's files, as far as their text shows it."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from opensec_inspect.core.python_source import parsed
from opensec_inspect.vuln.task.builds import SourceFile


def call_graph(files: Sequence[SourceFile]) -> Mapping[str, frozenset[str]]:
    """Function → functions it calls, each `file.py:name`, a method by its bare name.

    A call is resolved by its last name, to the function or method of that name; programs keep their names
    apart, so that this is exact. A class counts as its `__init__`.
    """
    defined = {name: place for file in files for name, place in _defined(file)}
    return {
        place: frozenset(defined[name] for name in _called(node) if name in defined)
        for file in files
        if file.path.endswith(".py")
        for place, node in _functions(file)
    }


def shortest_chains(
    graph: Mapping[str, frozenset[str]], start: str, goal: str
) -> tuple[tuple[str, ...], ...]:
    """Every shortest path from start to goal, sorted; empty when there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        found = tuple(sorted(path for path in paths if path[-1] == goal))
        if found:
            return found
        paths = [(*path, after) for path in paths for after in graph.get(path[-1], ()) if after not in seen]
        seen |= {path[-1] for path in paths}
    return ()


def _functions(file: SourceFile) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.walk(parsed(file.text)):
        if isinstance(node, ast.FunctionDef):
            yield f"{file.path}:{node.name}", node


def _defined(file: SourceFile) -> Iterator[tuple[str, str]]:
    if not file.path.endswith(".py"):
        return
    for node in ast.walk(parsed(file.text)):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            yield node.name, f"{file.path}:{node.name}"
        if isinstance(node, ast.ClassDef):
            yield node.name, f"{file.path}:__init__"


def _called(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr

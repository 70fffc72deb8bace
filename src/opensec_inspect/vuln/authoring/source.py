"""Program texts: from the package's data to the files of one build under one seed.

A text holds all files of a program, each after a line `=== path`. Three marks are taken out when it is
rendered: `#:if A B` / `#:else` / `#:end` keep lines for the builds named; a trailing `#@ root sink` names
the line's site; `<<limit>>` is a constant, or a name that stands in a text. Names listed by the program are
replaced in code wherever they stand as whole words; prose in strings and comments stays.
"""

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from opensec_inspect.core.python_source import parsed
from opensec_inspect.vuln.task.builds import Site, SourceFile

HEADER = "=== "
MARK = re.compile(r"\s+#@ ([a-z0-9_ ]+)$")
LITERAL = re.compile(
    r"""(?P<prefix>\b[fr])?(?:"{3}(?:\\.|[^\\])*?"{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\#[^\n]*""",
    re.DOTALL,
)
"""A string with the letter before it, or a comment."""
BRACES = re.compile(r"\{[^{}]*\}")
BLANK = re.compile(r"<<([A-Za-z0-9_]+)>>")


@dataclass(frozen=True)
class Words:
    """What one seed puts in the place of names and constants."""

    names: Mapping[str, str]
    """Name in the text → name in the variant; files' stems are names."""
    constants: Mapping[str, str]
    """Constant → its text."""
    order: str
    """Seed of the order of functions; empty leaves them as written."""

    def fill(self, template: str) -> str:
        """The template with every `<<name or constant>>` filled in."""
        return BLANK.sub(lambda hit: self[hit[1]], template)

    def __getitem__(self, key: str) -> str:
        return self.constants[key] if key in self.constants else self.names[key]

    def number(self, key: str) -> int:
        """A constant as a whole number."""
        return int(self.constants[key])


class Rendered(NamedTuple):
    """The files of one build, and where its marked lines came to stand."""

    files: tuple[SourceFile, ...]
    sites: Mapping[str, tuple[Site, ...]]
    """Label → sites, in order of file and line."""


@cache
def program_text(name: str) -> tuple[tuple[str, str], ...]:
    """The files of a program as they stand in the package: path and text."""
    whole = (files("opensec_inspect.vuln") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(rf"^{HEADER}(.+)$", whole, flags=re.MULTILINE)
    return tuple(
        (path.strip(), text.strip("\n") + "\n") for path, text in zip(parts[1::2], parts[2::2], strict=True)
    )


def render(name: str, build: str, words: Words) -> Rendered:
    """The files of a build under a seed's words."""
    made: list[SourceFile] = []
    sites: dict[str, list[Site]] = {}
    for path, text in sorted((_path(path, words), text) for path, text in program_text(name)):
        worded = "\n".join(_kept(text.split("\n"), build))
        if path.endswith(".py"):
            worded = words.fill(_renamed(worded, words))
            worded = _reordered(worded, words.order)
        else:
            worded = words.fill(worded)
        clean, labels = _unmarked(worded)
        made.append(SourceFile(path=path, text=clean))
        for label, line in labels:
            sites.setdefault(label, []).append(Site(file=path, function=_function_at(clean, line), line=line))
    return Rendered(tuple(made), {label: tuple(found) for label, found in sites.items()})


def _path(path: str, words: Words) -> str:
    """A file's path: a module has its name's stem, other files have blanks."""
    stem = path.removesuffix(".py")
    return f"{words.names.get(stem, stem)}.py" if stem != path else words.fill(path)


def _renamed(text: str, words: Words) -> str:
    """Python with its names replaced: in code and in the braces of f-strings."""
    changed = {old: new for old, new in words.names.items() if old != new}
    if not changed:
        return text
    listed = "|".join(map(re.escape, sorted(changed, key=len, reverse=True)))
    whole = re.compile(rf"(?<!<)\b({listed})\b(?!>>)")

    def code(part: str) -> str:
        return whole.sub(lambda hit: changed[hit[1]], part)

    def literal(hit: re.Match[str]) -> str:
        return BRACES.sub(lambda inner: code(inner[0]), hit[0]) if "f" in (hit["prefix"] or "") else hit[0]

    made, end = [], 0
    for hit in LITERAL.finditer(text):
        made += [code(text[end : hit.start()]), literal(hit)]
        end = hit.end()
    return "".join([*made, code(text[end:])])


def _kept(lines: list[str], build: str) -> Iterator[str]:
    """The lines for one build; conditions do not nest."""
    keep, matched = True, False
    for line in lines:
        word, *builds = line.strip().split() or [""]
        if word == "#:if":
            keep = matched = build in builds
        elif word == "#:elif":
            keep = not matched and build in builds
            matched = matched or keep
        elif word == "#:else":
            keep = not matched
        elif word == "#:end":
            keep, matched = True, False
        elif keep:
            yield line


def _unmarked(text: str) -> tuple[str, list[tuple[str, int]]]:
    lines, labels = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if hit := MARK.search(line):
            labels += [(label, number) for label in hit[1].split()]
        lines.append(MARK.sub("", line))
    return "\n".join(lines), labels


def _function_at(text: str, line: int) -> str:
    """The innermost function or method that holds a line; `<module>` for none."""
    best = "<module>"

    def walk(node: ast.AST, path: str) -> None:
        nonlocal best
        for child in ast.iter_child_nodes(node):
            name = path
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = f"{path}.{child.name}" if path else child.name
                if isinstance(child, ast.FunctionDef) and child.lineno <= line <= (child.end_lineno or 0):
                    best = name
            walk(child, name)

    walk(parsed(text), "")
    return best


def _reordered(text: str, order: str) -> str:
    """The text with neighbouring functions, and methods but `__init__`, in the seed's order."""
    if not order:
        return text
    lines = text.split("\n")
    tree = parsed(text)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            lines = _permuted(lines, node.body, f"{order}/{node.name}")
    return "\n".join(_permuted(lines, parsed("\n".join(lines)).body, order))


def _permuted(lines: list[str], body: list[ast.stmt], order: str) -> list[str]:
    """The lines with each run of plain functions in `body` put in the order of their names' digests."""
    runs: list[list[ast.FunctionDef]] = [[]]
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and node.name != "__init__":
            runs[-1].append(node)
        else:
            runs.append([])
    for run in runs:
        spans = [_span(lines, node) for node in run]
        shuffled = sorted(run, key=lambda node: hashlib.sha256(f"{order}/{node.name}".encode()).digest())
        texts = {node.name: lines[start:end] for node, (start, end) in zip(run, spans, strict=True)}
        for (start, end), node in sorted(zip(spans, shuffled, strict=True), key=lambda pair: -pair[0][0]):
            lines = [*lines[:start], *texts[node.name], *lines[end:]]
    return lines


def _span(lines: list[str], node: ast.FunctionDef) -> tuple[int, int]:
    """First and one past the last line of a function with the comments right above it, from 0."""
    start = node.lineno - 1
    while start > 0 and lines[start - 1].strip().startswith("#"):
        start -= 1
    return start, int(node.end_lineno or node.lineno)

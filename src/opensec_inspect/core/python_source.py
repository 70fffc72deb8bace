"""Python sources as syntax trees, from any thread."""

import ast
from threading import Lock

_ONE_AT_A_TIME = Lock()


def parsed(text: str) -> ast.Module:
    """The syntax tree of a module's text; SyntaxError where it is no Python.

    CPython 3.11 counts the depth of all conversions of an interpreter in one place, so two threads that parse
    at once can end each other with `SystemError: AST constructor recursion depth mismatch`. One thread parses
    at a time.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(text)

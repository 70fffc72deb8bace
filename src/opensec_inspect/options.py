"""What a person gives with `-T`: checked, with one sentence for what cannot be used."""

import importlib.util
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from inspect_ai.tool import Tool
from inspect_ai.util import registry_info

from opensec_inspect.errors import BadInputError, one_of

T = TypeVar("T")


def chosen(name: str, value: object, allowed: Iterable[T]) -> T:
    """The allowed value that `value` equals; BadInputError when there is none."""
    options = tuple(allowed)
    for option in options:
        if value == option:
            return option
    raise one_of(name, value, options)


def whole_number(name: str, value: object, *, low: int) -> int:
    """The value as an integer of at least `low`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise BadInputError(f"{name}={value!r} is not allowed; give a whole number of at least {low}.")
    return value


def refuse_unknown(unknown: Mapping[str, object], allowed: Iterable[str]) -> None:
    """BadInputError when a task was given an option it does not have."""
    if unknown:
        name = sorted(unknown)[0]
        raise BadInputError(f"Unknown option {name!r}; the task takes: {', '.join(allowed)}.")


def given_path(text: str) -> Path:
    """An existing path, absolute: tried in the current folder, then in those above it.

    While Inspect builds a task from a file, the current folder is that file's, not the user's.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / text).exists():
            return (folder / text).resolve()
    raise BadInputError(f"{text!r} was found neither in {Path.cwd()} nor in a folder above it.")


def path_to_write(name: str, value: object) -> Path:
    """The absolute path of a file that is there or is to be made.

    One that is there is looked for as in `given_path`; a new one belongs in the user's folder, which the
    shell's `PWD` tells while Inspect builds a task in the folder of its file.
    """
    if not isinstance(value, str) or not value.strip():
        raise BadInputError(f"{name}={value!r} is no path; give the path of a file.")
    text = Path(value).expanduser()
    shell = Path(os.environ.get("PWD", Path.cwd())).resolve()
    here = shell if shell in Path.cwd().resolve().parents else Path.cwd().resolve()
    for folder in (Path.cwd().resolve(), *Path.cwd().resolve().parents):
        if (folder / text).is_file():
            return (folder / text).resolve()
    return (here / text).resolve()


def tools_of(text: str) -> list[Tool]:
    """The tools that a Python file defines with `@tool`, created without arguments."""
    path = given_path(text)
    if path.suffix != ".py":
        raise BadInputError(
            f"{text!r} is no Python file; give a .py file that defines a function with @tool."
        )
    made = [value() for value in vars(_module(path)).values() if _is_tool_of(value, path)]
    if not made:
        raise BadInputError(f"{text!r} defines no tool; decorate a function in it with @tool.")
    return made


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"opensec_extra_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as error:
        raise BadInputError(f"{path} cannot be imported: {error}.") from error
    return module


def _is_tool_of(value: object, path: Path) -> bool:
    code = getattr(getattr(value, "__wrapped__", value), "__code__", None)
    if code is None or Path(code.co_filename).resolve() != path:
        return False
    try:
        return registry_info(value).type == "tool"
    except ValueError:
        return False

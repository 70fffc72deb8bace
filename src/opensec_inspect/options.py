"""What a person gives with `-T`: checked, with one sentence for what cannot be used."""

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import TypeVar

from inspect_ai.tool import Tool, ToolDef
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


def given_path(name: str, value: object) -> Path:
    """An existing path, absolute: tried in the user's folder and in the current one, each with those above.

    While Inspect builds a task from a file, the current folder is that file's; the shell's `PWD` still
    says where the user is. Two different finds are refused rather than guessed between.
    """
    if not isinstance(value, str | Path) or not str(value).strip():
        raise BadInputError(f"{name}={value!r} is no path; give the path of a file or folder.")
    text = Path(value).expanduser()
    places = tuple(dict.fromkeys((Path(os.environ.get("PWD", ".")).resolve(), Path.cwd())))
    found = sorted({hit for place in places if (hit := _found_from(place, text)) is not None})
    if not found:
        tried = " and ".join(map(str, places))
        raise BadInputError(
            f"{name}={str(value)!r} was not found in {tried} or the folders above; give a full path."
        )
    if len(found) > 1:
        raise BadInputError(f"{name}={str(value)!r} could be {found[0]} or {found[1]}; give the full path.")
    return found[0]


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


def module_of(name: str, value: object, *, holding: str) -> tuple[Path, ModuleType]:
    """The path of a user's Python file and its module; `holding` says what the file is to define.

    Raises BadInputError for a file that is missing, no Python, or cannot be imported.
    """
    path = given_path(name, value)
    if path.suffix != ".py" or not path.is_file():
        raise BadInputError(
            f"{name}={str(value)!r} is no Python file; give a .py file that defines {holding}."
        )
    return path, _module(path)


def tools_of(name: str, value: object, *, taken: Iterable[str]) -> list[Tool]:
    """The tools that a Python file defines with `@tool`, created without arguments.

    Raises BadInputError for a file that is missing, no Python, cannot be imported, defines no tool, or one
    that needs arguments, has no description for the model, or has a name that is `taken`.
    """
    path, module = module_of(name, value, holding="a function with @tool")
    made = [_created(maker, path) for maker in vars(module).values() if _is_tool_of(maker, path)]
    if not made:
        raise BadInputError(f"{path} defines no tool; decorate a function in it with @tool.")
    clash = sorted({_name_for_model(tool, path) for tool in made} & set(taken))
    if clash:
        raise BadInputError(f"{path} defines {clash[0]!r}, which is a tool of the task already; rename it.")
    return made


def _found_from(start: Path, path: Path) -> Path | None:
    tries = (folder / path for folder in (start, *start.parents))
    return next((found.resolve() for found in tries if found.exists()), None)


def _created(maker: Callable[[], Tool], path: Path) -> Tool:
    for parameter in inspect.signature(maker).parameters.values():
        optional = (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if parameter.default is parameter.empty and parameter.kind not in optional:
            raise BadInputError(
                f"{path}: the tool's function needs {parameter.name!r}; give its parameter a default."
            )
    return maker()


def _name_for_model(tool: Tool, path: Path) -> str:
    try:
        return ToolDef(tool).name
    except ValueError as error:
        raise BadInputError(f"{path}: {error}; the docstring of `execute` has to say it.") from error


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"opensec_extra_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pydantic look a class's module up there
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as error:
        raise BadInputError(f"{path} cannot be imported: {error}; correct the file and run again.") from error
    except (Exception, SystemExit) as error:  # the file is the user's, and may do anything
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if Path(frame.filename) == path]
        where = f" ({path.name}, line {lines[-1]})" if lines else ""
        what = f"{type(error).__name__}: {error}{where}"
        raise BadInputError(f"{path} cannot be imported: {what}; correct the file and run again.") from error
    return module


def _is_tool_of(value: object, path: Path) -> bool:
    code = getattr(getattr(value, "__wrapped__", value), "__code__", None)
    if code is None or Path(code.co_filename).resolve() != path:
        return False
    try:
        return registry_info(value).type == "tool"
    except ValueError:
        return False

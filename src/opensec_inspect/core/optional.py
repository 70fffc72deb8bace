"""Libraries that an extra brings, loaded when they are needed."""

from importlib import import_module
from typing import Any

from opensec_inspect.errors import BadInputError


def optional(module: str, *, purpose: str, extra: str) -> Any:
    """A module of an optional dependency, for example `scipy.stats`.

    `purpose` begins the sentence of the BadInputError that names the missing library and the extra, for
    example "Figures need". Typed `Any`: most of these carry no type information.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        raise BadInputError(
            f"{purpose} the library {missing.name!r}, which is not installed;"
            f" install it with: pip install 'opensec-inspect[{extra}]'."
        ) from missing

"""The heavy libraries, loaded when a number needs them, so that importing `stats` costs nothing."""

from typing import Any

from opensec_inspect.core.optional import optional


def library(name: str) -> Any:
    """The module of that name, for example `scipy.stats`.

    Raises BadInputError naming the extra to install when it is missing. Typed `Any`: scipy and
    statsmodels carry no type information.
    """
    return optional(name, purpose="Statistics need", extra="report")

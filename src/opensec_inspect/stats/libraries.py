"""The heavy libraries, loaded when a number needs them, so that importing `stats` costs nothing."""

import importlib
from typing import Any

from opensec_inspect.errors import BadInputError


def library(name: str) -> Any:
    """The module of that name, for example `scipy.stats`.

    Raises BadInputError naming the extra to install when it is missing. Typed `Any`: scipy and
    statsmodels carry no type information.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise BadInputError(
            f"Statistics need the library {missing.name!r}, which is not installed; "
            "install it with: pip install 'opensec-inspect[report]'."
        ) from missing

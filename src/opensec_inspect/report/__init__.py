"""Logs as tables, frames and figures. The two data frames are the public names; the rest is commands."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opensec_inspect.report.logs.frames import episodes_df, steps_df

__all__ = ["episodes_df", "steps_df"]


def __getattr__(name: str) -> Any:
    # Lazy: the commands import parts of this package that need no data frames.
    if name in __all__:
        return getattr(import_module("opensec_inspect.report.logs.frames"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

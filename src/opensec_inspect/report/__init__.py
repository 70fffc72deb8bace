"""Logs as tables, frames and figures. The data frames are the public names; the rest is commands."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opensec_inspect.report.logs.frames import episodes_df, steps_df
    from opensec_inspect.vuln.report.frames import task_episodes_df, task_steps_df

__all__ = ["episodes_df", "steps_df", "task_episodes_df", "task_steps_df"]
_HOMES = {
    "episodes_df": "opensec_inspect.report.logs.frames",
    "steps_df": "opensec_inspect.report.logs.frames",
    "task_episodes_df": "opensec_inspect.vuln.report.frames",
    "task_steps_df": "opensec_inspect.vuln.report.frames",
}


def __getattr__(name: str) -> Any:
    # Lazy: the commands import parts of this package that need no data frames.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

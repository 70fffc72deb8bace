"""Door for `inspect eval tasks/opensec.py`: Inspect finds tasks by their decorator in the file."""

from inspect_ai import Task, task

from opensec_inspect.tasks import opensec as _opensec


@task
def opensec(**options: object) -> Task:
    """The benchmark; options as in `opensec_inspect/opensec`."""
    return _opensec(**options)  # type: ignore[arg-type]

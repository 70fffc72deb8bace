"""Door for `inspect eval tasks/vuln_analysis.py`: Inspect finds tasks by their decorator in the file."""

from inspect_ai import Task, task

from opensec_inspect.vuln.edge.task import vuln_analysis as _vuln_analysis


@task
def vuln_analysis(**options: object) -> Task:
    """The second task family; options as in `opensec_inspect/vuln_analysis`."""
    return _vuln_analysis(**options)  # type: ignore[arg-type]

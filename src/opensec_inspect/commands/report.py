"""`opensec report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensec_inspect.report.logs.logs import LeftOut


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write."
)
@click.option("--trace", metavar="PAGE", help="Link episodes to this page, made by `opensec trace`.")
def report(logs: tuple[str, ...], out: Path, trace: str | None) -> None:
    """One page with tables and figures over LOGS: files, folders or globs; figures also as SVG and PNG."""
    from opensec_inspect.report.building import Part, incident_part, trace_from, write_parts
    from opensec_inspect.report.logs.logs import find_logs, refuse_left_out
    from opensec_inspect.report.logs.reading import records_at
    from opensec_inspect.vuln.report.page import vulnerability_part
    from opensec_inspect.vuln.report.reading import task_log_paths, task_records

    link = trace_from(trace, out)
    elsewhere = task_log_paths(logs)
    left_out: list[LeftOut] = []
    parts: list[Part] = []
    others = bool(find_logs(logs).runs)
    click.echo("computing intervals and drawing figures", err=True)
    if others or not elsewhere:
        records = records_at(logs)
        incidents = [item for item in records.left_out if item.path not in elsewhere]
        left_out += incidents
        parts.append(incident_part(records.model_copy(update={"left_out": tuple(incidents)}), link))
    if elsewhere:
        tasks = task_records(elsewhere if others else logs)
        left_out += tasks.left_out
        parts.append(vulnerability_part(tasks, link))
    page = write_parts(parts, out)
    click.echo(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
    refuse_left_out(left_out)

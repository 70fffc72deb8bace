"""`opensec summarize`."""

from typing import TYPE_CHECKING

import click

from opensec_inspect.errors import BadInputError

if TYPE_CHECKING:
    from opensec_inspect.report.logs.records import Records
    from opensec_inspect.report.tables.table import Table

OWN_TABLES = ("trust", "confidence")
FORMATS = ("table", "markdown", "csv", "json", "latex")


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--by", multiple=True, help="Split rows by, for example, `difficulty`; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every metric; CSV and JSON always hold them all.")
def summarize(logs: tuple[str, ...], by: tuple[str, ...], form: str, everything: bool) -> None:
    """One row per model and task variant, over LOGS: files, folders or globs.

    Two splits have tables of their own: `--by trust` tells containment actions apart by the provenance of
    what had been seen before them, `--by confidence` shows what stated confidence was worth.

    Where LOGS hold runs of `vuln_analysis`, they come first: a row per model, controller, prompt and split;
    alone they are split `--by class`, `difficulty` or `program`.
    """
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.report.logs.reading import records_at
    from opensec_inspect.report.tables.writing import write_tables
    from opensec_inspect.vuln.report.reading import task_log_paths

    elsewhere = task_log_paths(logs)
    if elsewhere:
        others = _holds_incidents(logs)
        if others and form in ("csv", "json"):
            raise BadInputError(
                f"--format {form} holds one task family; give logs of opensec or vuln_analysis."
            )
        if not (others and by):
            _write_vulnerability(elsewhere if others else logs, by, form, everything)
        if not others:
            return
    alone = [name for name in by if name in OWN_TABLES]
    if alone and len(by) > 1:
        raise BadInputError(f"--by {alone[0]} has a table of its own; give it alone.")
    records = records_at(logs)
    if alone:
        write_tables(_own_table(records, alone[0]), form, tall=True)
    else:
        _write_summary(records, by, form, everything)
    refuse_left_out([item for item in records.left_out if item.path not in elsewhere])


def _holds_incidents(logs: tuple[str, ...]) -> bool:
    from opensec_inspect.report.logs.logs import find_logs

    return bool(find_logs(logs).runs)


def _write_vulnerability(logs: tuple[str, ...], by: tuple[str, ...], form: str, everything: bool) -> None:
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.report.tables.writing import write_tables
    from opensec_inspect.vuln.report.reading import task_records
    from opensec_inspect.vuln.report.tables import grouped_table, summary_table

    if len(by) > 1:
        raise BadInputError("--by splits logs of vuln_analysis by one thing at a time; give it once.")
    records = task_records(logs)
    whole = everything or form in ("csv", "json")
    if by:
        table = grouped_table(records.episodes, by[0], everything=whole)
    else:
        table = summary_table(records.episodes, everything=whole)
    write_tables((table,), form, tall=True)
    refuse_left_out(records.left_out)


def _own_table(records: "Records", name: str) -> "tuple[Table, ...]":
    from opensec_inspect.report.metrics.model_groups import model_groups
    from opensec_inspect.report.metrics.variants import variants
    from opensec_inspect.report.tables.confidence import confidence_table, reliability_table
    from opensec_inspect.report.tables.trust import trust_table

    who = model_groups(variants(records.episodes))
    return (trust_table(who),) if name == "trust" else (confidence_table(who), reliability_table(who))


def _write_summary(records: "Records", by: tuple[str, ...], form: str, everything: bool) -> None:
    from opensec_inspect.report.metrics.metrics import METRICS
    from opensec_inspect.report.metrics.summaries import headline_of
    from opensec_inspect.report.metrics.summaries import summarize as summarized
    from opensec_inspect.report.metrics.variants import variants
    from opensec_inspect.report.tables.summary_tables import headline_table, long_tables, wide_table
    from opensec_inspect.report.tables.vulnerability import vulnerability_table
    from opensec_inspect.report.tables.writing import write_tables

    raw = form in ("csv", "json")
    summary = summarized(records, by=by, metrics=METRICS if everything or raw else headline_of(records))
    if raw:
        write_tables((wide_table(summary, counts=True),), form)
        return
    if form == "table":
        tables = long_tables(summary) if everything else (headline_table(summary),)
        write_tables(tables, form, tall=not everything)
    else:
        write_tables((wide_table(summary, counts=False),), form)
    profile = vulnerability_table(variants(records.episodes))
    if profile.rows and not by:
        write_tables((profile,), form, tall=True)

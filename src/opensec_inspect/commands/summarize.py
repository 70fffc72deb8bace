"""`opensec summarize`."""

from typing import TYPE_CHECKING

import click

from opensec_inspect.errors import BadInputError

if TYPE_CHECKING:
    from opensec_inspect.report.records import Records

FORMATS = ("table", "markdown", "csv", "json", "latex")


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--by", multiple=True, help="Split rows by, for example, `difficulty`; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every metric; CSV and JSON always hold them all.")
def summarize(logs: tuple[str, ...], by: tuple[str, ...], form: str, everything: bool) -> None:
    """One row per model and task variant, over LOGS: files, folders or globs.

    With `--by trust`, containment actions by the provenance of what had been seen before them.
    """
    from opensec_inspect.report.players import players
    from opensec_inspect.report.reading import records_at
    from opensec_inspect.report.summaries import refuse_left_out, variants
    from opensec_inspect.report.trust import trust_sheet
    from opensec_inspect.report.writing import write_sheets

    records = records_at(logs)
    if "trust" in by:
        if len(by) > 1:
            raise BadInputError("--by trust has a table of its own; give it alone.")
        write_sheets((trust_sheet(players(variants(records.episodes))),), form, tall=True)
    else:
        _write_summary(records, by, form, everything)
    refuse_left_out(records.left_out)


def _write_summary(records: "Records", by: tuple[str, ...], form: str, everything: bool) -> None:
    from opensec_inspect.report.metrics import HEADLINE, METRICS
    from opensec_inspect.report.summaries import summarize as summarized
    from opensec_inspect.report.summary_sheets import headline_sheet, long_sheets, wide_sheet
    from opensec_inspect.report.writing import write_sheets

    whole = everything or form in ("csv", "json")
    summary = summarized(records, by=by, metrics=METRICS if whole else HEADLINE)
    if form == "table":
        sheets = long_sheets(summary) if everything else (headline_sheet(summary),)
        write_sheets(sheets, form, tall=not everything)
    else:
        write_sheets((wide_sheet(summary, counts=form in ("csv", "json")),), form)

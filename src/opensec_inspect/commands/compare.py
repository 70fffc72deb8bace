"""`opensec compare`."""

import click

from opensec_inspect.commands.summarize import FORMATS


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--metric", "metrics", multiple=True, help="Compare this metric only; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--trace", metavar="PAGE", help="Link flipped scenarios to this trace page.")
@click.option("--force", is_flag=True, help="Compare in spite of other task versions, scenarios or settings.")
def compare(
    first: str, second: str, metrics: tuple[str, ...], form: str, trace: str | None, force: bool
) -> None:
    """What differs between two runs on the same scenarios; each a log, folder or glob of one variant.

    Exact McNemar for yes/no, paired bootstrap and sign flips for the rest, Holm over all, the smallest
    difference this sample could have shown, and the scenarios that flipped.
    """
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.report.logs.reading import records_at
    from opensec_inspect.report.metrics.comparing import compare as compared
    from opensec_inspect.report.metrics.comparing import one_variant
    from opensec_inspect.report.tables.comparison_tables import comparison_table, flip_table
    from opensec_inspect.report.tables.writing import write_tables

    one, other = records_at((first,)), records_at((second,))
    comparison = compared(
        one_variant(one.episodes, first), one_variant(other.episodes, second), metrics=metrics, force=force
    )
    raw = form in ("csv", "json")
    tables = comparison_table(comparison, raw=raw), flip_table(comparison, trace, grouped=not raw)
    write_tables(tables, form)
    refuse_left_out((*one.left_out, *other.left_out))

"""`opensec summarize`."""

import click


@click.command()
@click.argument("logs", nargs=-1, required=True)
def summarize(logs: tuple[str, ...]) -> None:
    """One row per log: what each model resolved, contained and got wrong."""
    from rich.console import Console

    from opensec_inspect.report.summary import summary

    Console(width=None).print(summary(logs))

"""`opensec dictionary`."""

import click


@click.command()
def dictionary() -> None:
    """Print the data dictionary, the rules and the reaction to containment as Markdown."""
    from opensec_inspect.incident.reaction.page import evidence_page

    click.echo(evidence_page(), nl=False)

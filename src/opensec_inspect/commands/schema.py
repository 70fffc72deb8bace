"""`opensec schema`."""

import json

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of a seed file."""
    from opensec_inspect.incident.generate.seeds import Seed

    click.echo(json.dumps(Seed.model_json_schema(), indent=1, sort_keys=True))

"""`opensec assess`."""

import os
from pathlib import Path

import click

from opensec_inspect.core.optional import optional


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=9000, show_default=True)
@click.option("--log-dir", type=click.Path(path_type=Path), default=Path("logs"), show_default=True)
def assess(host: str, port: int, log_dir: Path) -> None:
    """Assess other agents over A2A: the green agent of an arena.

    A request names a participant and the cases; it is played by Inspect, logged in LOG-DIR and answered
    with a row per episode. See docs/arena.md.
    """
    os.environ.setdefault("INSPECT_DISPLAY", "none")  # a server has no screen to draw on
    optional("a2a", purpose="The assessor needs", extra="a2a")
    from opensec_inspect.training.arena.edge.server import assessor_server

    click.echo(f"Assessor on http://{host}:{port}/; Ctrl-C ends it.")
    assessor_server(host=host, port=port, log_dir=log_dir).run()

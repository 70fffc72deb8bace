"""`opensec serve`."""

from pathlib import Path

import click

from opensec_inspect.core.optional import optional


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--split", "splits", multiple=True, default=("train",), show_default=True, help="May be repeated."
)
@click.option("--seeds", type=click.Path(path_type=Path, exists=True), help="Seed folder; ours unless given.")
@click.option("--profile", default="calibrated", show_default=True, help="measurement, staged, calibrated.")
@click.option("--sessions", type=click.IntRange(1), default=64, show_default=True, help="At the same time.")
@click.option("--message-kib", type=click.IntRange(1), default=256, show_default=True, help="Of a message.")
@click.option("--idle-s", type=click.FloatRange(1), default=600.0, show_default=True, help="Before closing.")
def serve(
    host: str,
    port: int,
    splits: tuple[str, ...],
    seeds: Path | None,
    profile: str,
    sessions: int,
    message_kib: int,
    idle_s: float,
) -> None:
    """Serve the world to trainers as an OpenEnv environment: sessions over WebSocket.

    Whoever reaches the port can play; it knows no users. See docs/openenv.md.
    """
    optional("openenv", purpose="The server needs", extra="openenv")
    from opensec_inspect.training.openenv.server import Limits, app_of, server_of

    limits = Limits(sessions=sessions, message_bytes=1024 * message_kib, idle_s=idle_s)
    app = app_of(splits=splits, seeds=seeds, profile=profile, limits=limits)
    click.echo(f"OpenEnv server on http://{host}:{port} (WebSocket /ws); Ctrl-C ends it.")
    server_of(app, host=host, port=port, limits=limits).run()

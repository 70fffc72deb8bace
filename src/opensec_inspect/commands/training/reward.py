"""`opensec reward`."""

import click

from opensec_inspect.commands.summarize import FORMATS
from opensec_inspect.errors import BadInputError


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option("--profile", default="measurement", show_default=True, help="measurement, staged, calibrated.")
@click.option("--stage", type=int, default=3, show_default=True, help="Stage of the curriculum, 1 to 3.")
@click.option("--episodes", is_flag=True, help="A row per episode; with --format csv or json.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def reward(logs: tuple[str, ...], profile: str, stage: int, episodes: bool, form: str) -> None:
    """What the episodes in LOGS are worth to a trainer: parts and sums under a profile.

    LOGS are files, folders or globs. The published score in the logs is never changed; the profile
    `measurement` is that score. See docs/training.md.
    """
    from opensec_inspect.report.logs.logs import refuse_left_out
    from opensec_inspect.report.tables.writing import write_tables
    from opensec_inspect.training.edge.rewards import (
        rewards_at,
        table_of_episodes,
        table_of_runs,
        tables_for_people,
    )
    from opensec_inspect.training.profiles import profile_named, stage_of

    raw = form in ("csv", "json")
    if episodes and not raw:
        raise BadInputError(f"--episodes has too many columns for --format {form}; add --format csv or json.")
    rewards = rewards_at(logs, profile_named(profile), stage_of(stage))
    if raw:
        write_tables((table_of_episodes(rewards) if episodes else table_of_runs(rewards),), form)
    else:
        write_tables(tables_for_people(rewards), form)
    refuse_left_out(rewards.left_out)

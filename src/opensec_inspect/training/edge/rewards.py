"""A log priced under a profile: parts and sums, per run and per episode."""

from collections.abc import Iterable, Sequence

from inspect_ai.log import EvalSample

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.scoring.judged import Judged
from opensec_inspect.report.logs.logs import LeftOut, LogHead
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.stats import Estimate, mean
from opensec_inspect.training.edge.logged import from_logs
from opensec_inspect.training.profiles import Priced, Profile, Stage, priced


class PricedEpisode(Frozen):
    """One episode of a log and what it is worth."""

    run: LogHead
    scenario: str
    epoch: int
    kind: str
    """`incident`, `stand_down` or `blocked`."""
    cluster: str
    """Id that the members of a group share."""
    reward: Priced


class Rewards(Frozen):
    """The priced episodes of logs."""

    profile: Profile
    stage: Stage
    episodes: tuple[PricedEpisode, ...]
    left_out: tuple[LeftOut, ...]


def rewards_at(places: Sequence[str], profile: Profile, stage: Stage) -> Rewards:
    """Every finished episode of the logs at the places, priced; BadInputError when no log is usable."""

    def take(run: LogHead, sample: EvalSample, episode: Episode) -> PricedEpisode:
        return PricedEpisode(
            run=run,
            scenario=episode.scenario.id,
            epoch=sample.epoch,
            kind=episode.scenario.kind,
            cluster=episode.scenario.group,
            reward=priced(Judged(episode), profile, stage),
        )

    episodes, left_out = from_logs(places, take)
    return Rewards(profile=profile, stage=stage, episodes=episodes, left_out=left_out)


def tables_for_people(rewards: Rewards) -> tuple[Table, ...]:
    """A table per model and variant, a line per part, at most 80 columns wide."""
    return tuple(_table(name, episodes, rewards) for name, episodes in _runs(rewards.episodes))


def table_of_runs(rewards: Rewards) -> Table:
    """One row per model and variant with every part as an estimate, for files."""
    parts = tuple(rewards.profile.weights(rewards.stage))
    rows: list[tuple[Cell, ...]] = [
        (*_head(episodes[0].run, rewards), *(_mean(episodes, part) for part in (*parts, None)))
        for _, episodes in _runs(rewards.episodes)
    ]
    names = ("model", "variant", "profile", "stage")
    return Table(title=_title(rewards), columns=_columns(names, (*parts, "total")), rows=tuple(rows))


def table_of_episodes(rewards: Rewards) -> Table:
    """One row per episode, parts as they are paid before weighting, then the sum."""
    parts = tuple(rewards.profile.weights(rewards.stage))
    rows = [
        (
            *_head(one.run, rewards),
            *(one.scenario, one.epoch, one.kind),
            *(one.reward.parts[part] for part in parts),
            one.reward.total,
        )
        for one in rewards.episodes
    ]
    names = ("model", "variant", "profile", "stage", "scenario", "epoch", "kind")
    return Table(title=_title(rewards), columns=_columns(names, (*parts, "total")), rows=tuple(rows))


def _table(name: str, episodes: Sequence[PricedEpisode], rewards: Rewards) -> Table:
    weights = rewards.profile.weights(rewards.stage)
    rows: list[tuple[Cell, ...]] = [(part, weight, _mean(episodes, part)) for part, weight in weights.items()]
    rows.append(("total", None, _mean(episodes, None)))
    columns = (
        Column(name="part", label="part"),
        Column(name="weight", label="weight", unit="points"),
        Column(name="mean", label="mean [95 %] (n)", unit="points"),
    )
    note = "A part is shown before its weight, over the episodes in which it is defined."
    return Table(title=f"{name} · {_title(rewards)}", columns=columns, rows=tuple(rows), notes=(note,))


def _mean(episodes: Iterable[PricedEpisode], part: str | None) -> Estimate:
    """The mean of a part over episodes; of the total for None."""
    listed = list(episodes)
    values = [one.reward.total if part is None else one.reward.parts[part] for one in listed]
    return mean(values, [one.cluster for one in listed])


def _runs(episodes: Iterable[PricedEpisode]) -> tuple[tuple[str, list[PricedEpisode]], ...]:
    grouped: dict[tuple[str, str], list[PricedEpisode]] = {}
    for one in episodes:
        grouped.setdefault((one.run.model, one.run.variant), []).append(one)
    return tuple((f"{model} {variant}", grouped[model, variant]) for model, variant in sorted(grouped))


def _head(run: LogHead, rewards: Rewards) -> tuple[str, str, str, int]:
    return run.model, run.variant, rewards.profile.name, rewards.stage


def _title(rewards: Rewards) -> str:
    return f"profile {rewards.profile.name}, stage {rewards.stage}"


def _columns(words: Iterable[str], numbers: Iterable[str]) -> tuple[Column, ...]:
    named = tuple(Column(name=name, label=name) for name in words)
    return (*named, *(Column(name=name, label=name, unit="points") for name in numbers))

"""The measured figures of `docs/v1.md`, as the Markdown tables that stand there.

`python -m opensec_inspect.v1.published_data.figures FOLDER` prints them; the folder holds the published rows
and, for the last two tables, `episodes.jsonl.gz` with recorded actions.
"""

import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.levels import summary
from opensec_inspect.v1.moves import V1Action
from opensec_inspect.v1.play import V1Episode, replay
from opensec_inspect.v1.published_data.audit import FLAWS, Case, audit, case_of, seen
from opensec_inspect.v1.published_data.importing import import_v1
from opensec_inspect.v1.regrade import RegradedContainment, regraded
from opensec_inspect.v1.scenario import V1Scenario
from opensec_inspect.v1.scoring import score


class RecordedEpisode(Frozen):
    """What a defender did in a scenario, played anew under the v1 rules."""

    defender: str
    """Name of the recorded defender."""
    episode: V1Episode
    """The episode."""


def recorded_episodes(scenarios: Iterable[V1Scenario], path: Path) -> Iterator[RecordedEpisode]:
    """The recorded episodes of these scenarios, played anew; actions of other scenarios are left out."""
    by_id = {scenario.scenario_id: scenario for scenario in scenarios}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            if entry["scenario_id"] in by_id:
                actions = [V1Action.model_validate(action) for action in entry["actions"]]
                episode = replay(by_id[entry["scenario_id"]], actions)
                yield RecordedEpisode(defender=entry["defender"], episode=episode)


def flaw_table(scenarios: Sequence[V1Scenario]) -> str:
    """How many scenarios of each split and tier have each flaw."""
    groups = _groups(scenarios)
    found = {s.scenario_id: {finding.flaw for finding in audit(s)} for s in scenarios}
    rows = [
        (f"`{flaw}`", *(str(sum(flaw in found[s.scenario_id] for s in group)) for group in groups.values()))
        for flaw in FLAWS
    ]
    return _table(("flaw", *_headings(groups)), rows)


def answer_table(scenarios: Sequence[V1Scenario]) -> str:
    """In how many scenarios trusted evidence names each answer before the last action of an idle defender."""
    groups = {name: [case_of(s) for s in group] for name, group in _groups(scenarios).items()}
    answers: dict[str, Callable[[Case], bool]] = {
        "patient zero": lambda case: _shown(case, case.scenario.truth.attribution.patient_zero_host),
        "compromised user": lambda case: _shown(case, case.scenario.truth.attribution.compromised_user),
        "attacker domain": lambda case: _shown(case, case.scenario.truth.attribution.attacker_domain),
        "data target": lambda case: _shown(case, case.scenario.truth.attribution.data_target),
    }
    answers["all four"] = lambda case: all(holds(case) for name, holds in list(answers.items())[:4])
    rows = [
        (name, *(str(sum(holds(case) for case in group)) for group in groups.values()))
        for name, holds in answers.items()
    ]
    return _table(("answer", *_headings(groups)), rows)


def defender_table(episodes: Sequence[RecordedEpisode]) -> str:
    """The published figures of each recorded defender over the standard scenarios."""
    heading = ("defender", "n", "reward", "containment", "FP rate", "EGAR (v1)", "TTFC", "blast radius")
    rows = []
    for defender, group in _by_defender(episodes).items():
        found = summary([score(episode) for episode in group])
        four = found.figures
        shares = (found.containment, four.fp_rate, four.egar, four.ttfc, four.blast_radius)
        tiers = " / ".join(f"{share:.3f}" for share in found.violated)
        numbers = (str(found.episodes), f"{found.reward:.3f}", *map(_number, shares))
        rows.append((f"`{defender}`", *numbers, tiers, found.level.overall.replace("_", " ")))
    return _table((*heading, "T1 / T2 / T3", "level"), rows)


def regrade_table(episodes: Sequence[RecordedEpisode]) -> str:
    """V1 false positives of each recorded defender over the standard scenarios, under graded truth."""
    groups = {defender: _wrong(group) for defender, group in _by_defender(episodes).items()}
    groups = {f"`{defender}`": wrong for defender, wrong in groups.items() if wrong}
    groups["all"] = [containment for wrong in groups.values() for containment in wrong]
    rows = [
        (
            defender,
            str(len(wrong)),
            _of(sum(containment.grade == "justified" for containment in wrong), len(wrong)),
            _of(sum(containment.held_by_end for containment in wrong), len(wrong)),
        )
        for defender, wrong in groups.items()
    ]
    return _table(("defender", "v1 false positives", "justified when made", "held by the end"), rows)


def figures(folder: Path) -> dict[str, str]:
    """Every table by name; the last two only where the folder has recorded episodes."""
    scenarios = import_v1(folder).scenarios
    tables = {"flaws": flaw_table(scenarios), "answers": answer_table(scenarios)}
    path = folder / "episodes.jsonl.gz"
    if path.is_file():
        standard = [scenario for scenario in scenarios if scenario.tier == "standard"]
        episodes = list(recorded_episodes(standard, path))
        tables |= {"defenders": defender_table(episodes), "regraded": regrade_table(episodes)}
    return tables


def _shown(case: Case, answer: str) -> bool:
    return seen([row for row in case.visible if row.trust_tier != "untrusted"], answer)


def _wrong(episodes: Iterable[V1Episode]) -> list[RegradedContainment]:
    return [c for episode in episodes for c in regraded(episode) if c.grade != "required"]


def _by_defender(episodes: Iterable[RecordedEpisode]) -> dict[str, list[V1Episode]]:
    groups: dict[str, list[V1Episode]] = {}
    for recorded in episodes:
        groups.setdefault(recorded.defender, []).append(recorded.episode)
    return groups


def _groups(scenarios: Iterable[V1Scenario]) -> dict[str, list[V1Scenario]]:
    groups: dict[str, list[V1Scenario]] = {}
    for scenario in scenarios:
        groups.setdefault(f"{scenario.split} {scenario.tier}", []).append(scenario)
    return groups


def _headings(groups: dict[str, list[V1Scenario]] | dict[str, list[Case]]) -> tuple[str, ...]:
    return tuple(f"{name} ({len(group)})" for name, group in groups.items())


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _of(count: int, total: int) -> str:
    return f"{count} ({100 * count / total:.1f} %)" if total else "–"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (heading, ["---"] * len(heading), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    for name, table in figures(Path(sys.argv[1])).items():
        click.echo(f"{name}\n\n{table}\n")

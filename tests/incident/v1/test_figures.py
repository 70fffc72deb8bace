"""The measured figures, and that the documentation holds no others."""

import gzip
import json
from pathlib import Path

import pytest

from opensec_inspect.v1.play import replay
from opensec_inspect.v1.published_data.figures import (
    RecordedEpisode,
    defender_table,
    figures,
    flaw_table,
    recorded_episodes,
    regrade_table,
)
from opensec_inspect.v1.published_data.importing import import_v1
from tests.incident.v1 import own
from tests.incident.v1.published import FOLDER, ROOT, ROW_FILES, episodes, needs_data


def acted() -> RecordedEpisode:
    """A defender that isolates the lateral host late, another one at once, and reports rightly."""
    calls = [own.isolate("h-c"), *[own.WAIT] * 4, own.isolate("h-b"), own.isolate("h-a")]
    episode = replay(own.scenario(), [*calls, own.report(**own.RIGHT_REPORT)])
    return RecordedEpisode(defender="acted", episode=episode)


def test_flaws_are_counted_per_split_and_tier() -> None:
    lines = flaw_table([own.scenario(), own.scenario(own.timeline_seed())]).splitlines()

    assert lines[0] == "| flaw | unknown standard (1) | unknown easy (1) |"
    assert "| `phish_sender_legit` | 1 | 0 |" in lines
    assert "| `dead_templates` | 1 | 0 |" in lines
    assert "| `future_rows_at_start` | 1 | 1 |" in lines


def test_a_defenders_row_has_the_published_figures() -> None:
    """5 fields + 1 right - 1 wrong (two hosts, floored) - 8 steps x 0.1."""
    assert defender_table([acted()]).splitlines()[-1] == (
        "| `acted` | 1 | 4.200 | 1.000 | 1.000 | 0.000 | 0.000 | 2.000 "
        "| 0.000 / 0.000 / 0.000 | uncalibrated |"
    )


def test_a_regraded_row_tells_what_the_attacker_held() -> None:
    assert regrade_table([acted()]).splitlines()[2:] == [
        "| `acted` | 2 | 1 (50.0 %) | 1 (50.0 %) |",
        "| all | 2 | 1 (50.0 %) | 1 (50.0 %) |",
    ]


def test_recorded_actions_are_played_anew_and_other_scenarios_are_left_out(tmp_path: Path) -> None:
    recorded = [
        {"scenario_id": "case-7", "defender": "mine", "actions": [own.isolate("h-a").model_dump()]},
        {"scenario_id": "case-8", "defender": "mine", "actions": []},
    ]
    with gzip.open(tmp_path / "episodes.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(told) + "\n" for told in recorded)

    (found,) = recorded_episodes([own.scenario()], tmp_path / "episodes.jsonl.gz")

    assert found.defender == "mine"
    assert found.episode == replay(own.scenario(), [own.isolate("h-a")])


@needs_data
def test_every_published_row_is_imported() -> None:
    rows = sum(len((FOLDER / name).read_bytes().splitlines()) for name in ROW_FILES)

    found = import_v1(FOLDER)

    assert found.refused == ()
    assert sum(count.scenarios for count in found.counts()) == rows > 0


@needs_data
def test_the_documentation_holds_the_figures_as_measured() -> None:
    """The page tells which rows it was measured on; other rows have other figures."""
    lines = [len((FOLDER / name).read_bytes().splitlines()) for name in ROW_FILES]
    if lines != [160, 40] or sum(1 for _ in episodes()) != 2000:
        pytest.skip(f"{FOLDER} holds other rows than the 160 + 40 and 2,000 episodes of docs/v1.md")
    text = (ROOT / "docs" / "v1.md").read_text(encoding="utf-8")

    missing = [name for name, table in figures(FOLDER).items() if table not in text]

    assert missing == []

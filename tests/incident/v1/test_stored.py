"""Imported scenarios as files."""

from pathlib import Path

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.v1.published_data.stored import read_scenarios, write_scenarios
from tests.incident.v1 import own


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    scenarios = (own.scenario(), own.scenario(own.timeline_seed()))

    written = write_scenarios(scenarios, tmp_path / "v1")
    (tmp_path / "v1" / "manifest.json").write_text("{}", encoding="utf-8")

    assert [path.name for path in written] == ["case-7.json", "line-2.json"]
    assert read_scenarios(tmp_path / "v1") == scenarios


def test_a_folder_without_scenarios_and_a_file_that_is_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(
        BadInputError, match="holds no imported scenario; import the published set with `opensec import-v1`"
    ):
        read_scenarios(tmp_path / "nowhere")
    (tmp_path / "x.json").write_text('{"rules": "v2"}', encoding="utf-8")
    with pytest.raises(
        BadInputError, match=r"x\.json is no imported v1 scenario \(rules: .*\); import it again"
    ):
        read_scenarios(tmp_path)

"""Results files: one per model, everything a reader needs to compare, and the table made from them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.errors import BadInputError
from opensec_inspect.report.exporting import FORMAT, rendered
from opensec_inspect.report.logs.records import Records
from opensec_inspect.report.metrics.metrics import METRICS
from opensec_inspect.report.metrics.summaries import summarize


@pytest.fixture(scope="module")
def folder(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command writes of the session's logs."""
    out = tmp_path_factory.mktemp("results")
    done = CliRunner().invoke(main, ["export", "results", str(logs), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) == len(list(out.iterdir()))
    return out


def test_a_file_per_model_holds_versions_settings_digests_and_every_number(
    folder: Path, records: Records
) -> None:
    made = json.loads((folder / "opensec-hasty.json").read_text("utf-8"))
    (row,) = [r for r in summarize(records).rows if r.model == "opensec/hasty"]

    (run,) = made["runs"]
    assert (made["format"], made["model"]) == (FORMAT, "opensec/hasty")
    assert set(made["made_by"]) == {"opensec-inspect", "inspect-ai"}
    assert set(run["metrics"]) == set(METRICS)
    assert run["metrics"]["false_positive"]["value"] == row.estimate("false_positive").value
    assert {len(digest) for digest in run["scenarios"].values()} == {64}
    assert run["episodes"]["used"] == row.counts.used


def test_the_table_has_a_line_per_model_and_variant(folder: Path) -> None:
    heading, _, *lines = rendered(folder).splitlines()

    assert heading.startswith("| model | variant | task | episodes | group right |")
    assert len(lines) == 4
    assert any(line.startswith("| opensec/hasty | t2 ") for line in lines)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"format": "other-1"}', encoding="utf-8")

    with pytest.raises(BadInputError, match="has format 'other-1'; this version reads opensec-results-1"):
        rendered(tmp_path)

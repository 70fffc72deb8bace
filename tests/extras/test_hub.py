"""The published data set: loaded back with `datasets`, validated with `mlcroissant`, offline."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.incident.generate.seeds import entries, parse_scenario

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
folder = sys.argv[1]
told = {}
for config in get_dataset_config_names(folder):
    data = load_dataset(folder, config)
    told[config] = {split: [part.num_rows, sorted(part.column_names)] for split, part in data.items()}
first = load_dataset(folder)["train"][0]
print(json.dumps({"configs": told, "first": first}))
"""


@pytest.fixture(scope="module")
def released(played_logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set with trajectories and examples."""
    out = tmp_path_factory.mktemp("hub") / "release"
    done = CliRunner().invoke(main, ["export", "hub", str(played_logs), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def offline(*command: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """A command without network, its caches in a temporary folder."""
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(cache),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_load_dataset_reads_every_config_and_split(released: Path, tmp_path: Path) -> None:
    done = offline(sys.executable, "-c", LOAD, str(released), cache=tmp_path)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    rows = {config: {s: n for s, (n, _) in splits.items()} for config, splits in told["configs"].items()}
    assert rows["scenarios"] == {split: len(entries(split)) for split in ("train", "eval")}
    assert rows["trajectories"] == {"train": 8}
    assert rows["sft"] == {"train": 4}
    scenario = parse_scenario(told["first"]["scenario_json"])
    assert (scenario.id, scenario.digest) == (told["first"]["id"], told["first"]["sha256"])
    assert told["first"]["canary"] == scenario.canary


def test_croissant_validates_and_its_checksums_are_those_of_the_files(released: Path, tmp_path: Path) -> None:
    described = json.loads((released / "croissant.json").read_text("utf-8"))

    done = offline("mlcroissant", "validate", "--jsonld", str(released / "croissant.json"), cache=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    for file in described["distribution"]:
        content = (released / file["contentUrl"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_croissant_reads_the_records_of_the_files(released: Path, tmp_path: Path) -> None:
    code = (
        "import sys, mlcroissant as m\n"
        "d = m.Dataset(jsonld=sys.argv[1] + '/croissant.json')\n"
        "print(sum(1 for _ in d.records(record_set='sft-train-00000-of-00001')))"
    )

    done = offline(sys.executable, "-c", code, str(released), cache=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "4"


def test_the_card_names_every_config_and_warns_that_the_truth_is_inside(released: Path) -> None:
    card = (released / "README.md").read_text("utf-8")

    assert "**The truth is inside.**" in card
    assert [f"config_name: {name}" in card for name in ("scenarios", "trajectories", "sft")] == [True] * 3


def test_a_folder_that_holds_something_is_refused(released: Path) -> None:
    done = CliRunner().invoke(main, ["export", "hub", "--out", str(released)])

    assert done.exit_code == 1
    assert "is not empty; give a folder that does not exist yet." in done.output

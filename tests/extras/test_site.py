"""The site of the documents builds without a warning: every page, link and anchor in it is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.commands import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The built site and what was said while it was built."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out, done.stderr


def test_it_builds_without_a_warning(site: tuple[Path, str]) -> None:
    _, said = site

    assert "WARNING -" not in said


def test_the_results_files_are_a_table_on_their_page(site: tuple[Path, str]) -> None:
    page = (site[0] / "results" / "index.html").read_text(encoding="utf-8")

    for made in (ROOT / "docs" / "results").glob("*.json"):
        assert f"<td>{made.stem.replace('-', '/', 1)}</td>" in page


def test_pictures_say_what_they_show(site: tuple[Path, str]) -> None:
    for document in (ROOT / "docs").rglob("*.md"):
        for alternative in re.findall(r"!\[(.*?)\]", document.read_text(encoding="utf-8")):
            assert len(alternative) > 20, document.name

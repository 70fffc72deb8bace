"""The notebook runs from its first cell to its last, and shows what it says it shows."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "first_look.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[nbformat.NotebookNode, Path]:
    """The notebook with its outputs, and the folder it was run in."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("PWD", str(folder))
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook, folder


def test_it_runs_and_writes_the_trace_page(executed: tuple[nbformat.NotebookNode, Path]) -> None:
    _, folder = executed

    assert (folder / "first_look.html").stat().st_size > 100_000


def test_it_shows_a_table_a_figure_and_what_every_scorer_says(
    executed: tuple[nbformat.NotebookNode, Path],
) -> None:
    notebook, _ = executed
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    said = "".join(str(output.get("text", "")) for output in outputs)

    assert {"text/html", "image/png"} <= kinds
    assert "Contained " in said
    assert all(name in said for name in ("handling", "oracle", "calibration", "injection"))


def test_it_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    assert [cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code"] == [[]] * 5

"""No document tells anybody to type what is not there; the short documents are typed, line by line."""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from opensec_inspect import _registry
from opensec_inspect.cli import main
from opensec_inspect.incident.edge.scripted_models import INCIDENT_MODELS
from opensec_inspect.tasks import OPTIONS
from opensec_inspect.vuln.edge.scripted_models import VULN_MODELS
from tests.docs.commands import DOCUMENTS, ROOT, blocks, commands, shell_lines

ALL = [(document, words) for document in DOCUMENTS for words in commands(document)]
OF_INSPECT = ("eval", "eval-set", "eval-retry", "score", "view", "ctl", "log")
OF_VULN = ("split", "classes", "controller", "prompt", "seed", "count", "program", "epochs")
TYPED = ("start", "agents", "scenarios", "reading", "scorers")
"""Documents whose every command is run."""
SKIPPED = (
    *("pip ", "opensec watch", "inspect view", "scout view", "python3 -m venv", "openai/gpt"),
    *("opensec play --json", "solvers/agents_sdk.py", "scout scan"),
)
"""What installs, serves until it is stopped, asks a provider, waits for input, or needs an extra."""


def test_the_documents_have_commands() -> None:
    assert len(ALL) >= 70


def ids(case: object) -> str:
    return case.name if isinstance(case, Path) else " ".join(map(str, case))[:60]  # type: ignore[call-overload]


@pytest.mark.parametrize(("document", "words"), [c for c in ALL if c[1][0] == "opensec"], ids=ids)
def test_every_opensec_command_has_the_options_and_as_many_arguments_as_it_is_given(
    document: Path, words: list[str]
) -> None:
    command: click.Command = main
    given = words[1:]
    while isinstance(command, click.Group) and given and given[0] in command.commands:
        command = command.commands[given.pop(0)]
    assert command is not main or given[0].startswith("--"), f"{document.name}: opensec has no {given[0]!r}"

    try:
        named, more, _ = command.make_parser(click.Context(command)).parse_args(given)
    except click.UsageError as wrong:
        pytest.fail(f"{document.name}: {' '.join(words)}: {wrong.message}")

    asks_for_help = {"--help", "--version"} & {*given}
    arguments = [p for p in command.params if isinstance(p, click.Argument) and p.required]
    assert isinstance(command, click.Group) or not more, f"{document.name}: {' '.join(words)}: {more}"
    assert asks_for_help or all(named.get(str(p.name)) for p in arguments), f"{document.name}: {words}"


@pytest.mark.parametrize(("document", "words"), [c for c in ALL if c[1][0] == "inspect"], ids=ids)
def test_every_inspect_command_names_files_options_and_models_that_are_there(
    document: Path, words: list[str]
) -> None:
    assert words[1] in OF_INSPECT
    made = set(re.findall(r"[\w-]+\.py", " ".join(w for d, ws in ALL if d == document for w in ws)))
    text = document.read_text(encoding="utf-8")
    for word in words[2:]:
        path = word.split("=")[-1].split("@")[0]
        if re.fullmatch(r"[\w/.-]+\.(py|yaml)", path):
            assert (ROOT / path).is_file() or (path in made and "```python" in text), path
        for name in re.findall(r"\bopensec_inspect/(\w+)", word):
            assert name in _registry.__all__, name
    for name in _given(words, "-T"):
        assert name in (*OPTIONS, *OF_VULN), name
    for model in re.findall(r"\bopensec/(\w+)", " ".join(words)):
        assert model in {*INCIDENT_MODELS, *VULN_MODELS, "human"}, model


def _given(words: list[str], option: str) -> Iterator[str]:
    for word, value in itertools.pairwise(words):
        if word == option:
            yield value.split("=")[0]


def test_every_variable_of_the_environment_that_we_read_is_in_the_documents() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    read = {name for source in sources for name in re.findall(r"\"(OPENSEC_[A-Z]+)\"", source)}

    told = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)

    assert "OPENSEC_CACHE" in read
    assert [name for name in sorted(read) if name not in told] == []


def test_who_is_told_to_install_the_package_is_told_that_no_index_has_it() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        if re.search(r"pip install \W?opensec-inspect", text):
            assert "not on a package index" in text, document.name


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a checkout has, and two runs that are called by their names."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("tasks", "solvers", "scorers", "scanners", "tools", "policies"):
        shutil.copytree(ROOT / name, folder / name)
    for model in ("hasty", "careful"):
        out = folder / "made" / model
        typed(f"inspect eval tasks/opensec.py --model opensec/{model} --limit 2 --log-dir {out}", folder)
        (log,) = out.glob("*.eval")
        (folder / "logs").mkdir(exist_ok=True)
        shutil.copy(log, folder / "logs" / f"{model}.eval")
    return folder


def typed(line: str, folder: Path) -> None:
    """Run a line in the folder as a user would; fails with what it printed when it did."""
    search = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {
        "PYTHONPATH": search,
        "INSPECT_DISPLAY": "none",
        "PWD": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    words = shlex.split(line.removeprefix(".venv/bin/"))
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.mark.cli
@pytest.mark.parametrize("name", TYPED)
def test_every_command_of_a_short_document_runs_in_order(name: str, place: Path) -> None:
    document = ROOT / "docs" / f"{name}.md"
    for code in blocks(document, "python"):
        (defined,) = re.findall(r"def (\w+)\(", code)[:1] or [None]
        if defined:
            (place / f"{defined}.py").write_text(code, encoding="utf-8")

    run = [line for line in shell_lines(document) if not any(skipped in line for skipped in SKIPPED)]
    assert run, "nothing was typed"
    for line in run:
        limited = line if "--limit" in line or "inspect eval" not in line else f"{line} --limit 1"
        typed(limited.replace("LOG ", "logs/hasty.eval "), place)

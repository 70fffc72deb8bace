"""Logs that were changed: bytes flipped, cut short, values exchanged. No command answers with a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai import eval as inspect_eval
from inspect_ai.log import write_eval_log

from opensec_inspect.cli import main
from opensec_inspect.tasks import opensec
from tests.fuzz.test_inputs import anything, broken

COMMANDS = (
    "summarize {log}",
    "summarize {log} --all",
    "summarize {log} --by trust",
    "summarize {log} --by confidence --format json",
    "trace {log} --out {out}/page.html",
    "compare {log} {log}",
    "gate {log}",
    "attackers {log}",
    "reward {log}",
    "export sft {log} --out {log}.jsonl",
)
PARTS = ("store", "metadata", "scores", "events", "messages", "id", "epoch", "error", "limit", "model_usage")
"""Of a sample; a change of one of them reaches far."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A log of two cases, as archive and as JSON."""
    folder = tmp_path_factory.mktemp("whole")
    (log,) = inspect_eval(
        opensec(count=2),
        model="opensec/careful",
        log_dir=str(folder),
        display="none",
        log_realtime=False,
    )
    write_eval_log(log, str(folder / "log.json"))
    return Path(log.location).read_bytes(), (folder / "log.json").read_text(encoding="utf-8")


def read(path: Path, command: str) -> None:
    """Give the file to a command: it ends with an answer or a refusal, whatever the file holds."""
    words = command.format(log=path, out=path.parent).split()

    done = CliRunner().invoke(main, words)

    assert done.exception is None or isinstance(done.exception, SystemExit), (words, repr(done.exception))
    assert done.exit_code in (0, 1)
    assert "Traceback" not in done.output


@st.composite
def damages(draw: st.DrawFn) -> tuple[list[tuple[float, int]], float]:
    """Which bytes are flipped, by their place in the file, and how much of the file is kept."""
    flips = draw(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=40))
    return flips, draw(st.one_of(st.just(1.0), st.floats(0, 1)))


@settings(max_examples=25)
@given(damages(), st.sampled_from(COMMANDS))
def test_an_archive_with_flipped_or_missing_bytes_is_read_or_refused(
    whole: tuple[bytes, str], tmp_path: Path, damage: tuple[list[tuple[float, int]], float], command: str
) -> None:
    flips, kept = damage
    content = bytearray(whole[0])
    for place, bits in flips:
        content[int(place * (len(content) - 1))] ^= bits
    path = tmp_path / "log.eval"
    path.write_bytes(content[: int(kept * len(content))])

    read(path, command)


@settings(max_examples=40)
@given(st.data())
def test_a_log_in_which_a_value_was_exchanged_is_read_or_refused(
    whole: tuple[bytes, str], tmp_path: Path, data: st.DataObject
) -> None:
    content = json.loads(whole[1])
    sample = content["samples"][0]
    places = [*((sample, part) for part in PARTS if part in sample), *((content, key) for key in content)]
    exchange(data.draw, *places[data.draw(st.integers(0, len(places) - 1))])
    path = tmp_path / "log.json"
    path.write_bytes(json.dumps(content).encode("utf-8", "surrogatepass"))

    read(path, data.draw(st.sampled_from(COMMANDS)))


def exchange(draw: Any, place: Any, key: Any) -> None:
    """Exchange or take away a value somewhere below a place; texts that hold JSON are entered too."""
    value = place[key]
    if isinstance(value, str) and value[:1] in ("{", "[") and draw(st.booleans()):
        inner = {"all": json.loads(value)}
        exchange(draw, inner, "all")
        place[key] = json.dumps(inner.get("all"))
    elif isinstance(value, dict | list) and value and draw(st.integers(0, 9)):
        below = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        exchange(draw, value, below)
    elif draw(st.integers(0, 3)):
        place[key] = draw(anything)
    else:
        del place[key]


@settings(max_examples=15)
@given(st.data())
def test_a_log_whose_text_was_broken_is_refused(
    whole: tuple[bytes, str], tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(data.draw(broken(whole[1])).encode("utf-8", "surrogatepass"))

    read(path, data.draw(st.sampled_from(COMMANDS)))

"""Every boundary takes anything: each ends in a documented answer, and no traceback reaches a person."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from opensec_inspect.cli import main
from opensec_inspect.core.conversation import Call
from opensec_inspect.core.json_actions import MAX_CHARS, read_action
from opensec_inspect.core.reports import ReportRefusedError, read_report
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.attackers.menu import Menu, Refused
from opensec_inspect.incident.attackers.replay import check_decisions
from opensec_inspect.incident.episode.actions import QueryLogs, Report
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.generate.seeds import naming_the_seed, read_seed, seed_text
from opensec_inspect.incident.generate.show import pages
from opensec_inspect.incident.scoring.naming import scene_of
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.play.cases import Options, case_of
from opensec_inspect.play.json_lines import play_lines
from opensec_inspect.play.opened import ARGUMENT_OF, open_case
from opensec_inspect.play.session import Session, Sitting
from tests.attackers.duel import opening_view
from tests.strategies import made, seed_of, statements

anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**30), 10**30),
        st.floats(),
        st.text(st.characters(exclude_categories=()), max_size=30),
        st.sampled_from(["unknown", "malicious", "\x00", "a" * 5000, "../..", "\ud800", "NaN", "1e999"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
"""Any value that JSON has, lone surrogates, NaN and infinities included."""
FIELDS = tuple(Report.model_fields)


def broken(text: str) -> st.SearchStrategy[str]:
    """A text as JSON writes it, cut, doubled, or with a piece exchanged."""
    place = st.integers(0, len(text))
    piece = st.one_of(st.text(max_size=5), st.sampled_from(["{", "}", '"', "[" * 5000, "NaN", "\\u", ",,"]))
    return st.builds(lambda a, b, new: text[: min(a, b)] + new + text[max(a, b) :], place, place, piece)


@settings(max_examples=300)
@given(statements())
def test_any_statement_is_answered_or_refused_in_a_sentence(sql: str) -> None:
    with DirectWorld(made("fuzz"), Setting(injection_tier="t2")) as world:
        played = world.step(QueryLogs(sql=sql), turn=1)

    told = json.loads(played.text)
    assert ("rows" in told) == (played.step.outcome.status == "done")
    assert "osx_" not in str(told.get("error"))
    assert "Traceback" not in played.text


@settings(max_examples=100)
@given(st.sampled_from(sorted(ARGUMENT_OF)), st.text(st.characters(exclude_categories=()), max_size=200))
async def test_any_text_is_an_argument_of_every_tool(tool: str, argument: str) -> None:
    async with open_case(made("fuzz"), Setting(injection_tier="t2")) as case:
        answered = await case.answer(Call(tool=tool, arguments={ARGUMENT_OF[tool]: argument}))
        steps = case.episode.model_dump_json()

    assert answered.step
    assert json.loads(answered.text)["step"] == 1
    assert steps.encode()


@settings(max_examples=200)
@given(
    st.one_of(
        st.dictionaries(st.sampled_from(FIELDS), anything),
        st.fixed_dictionaries(dict.fromkeys(FIELDS, anything)),
    )
)
def test_any_report_is_read_or_refused_with_its_fields(arguments: dict[str, Any]) -> None:
    said = ""
    try:
        report = read_report(Report, arguments).model_dump_json()
    except ReportRefusedError as refused:
        report, said = "", str(refused)

    assert bool(report) != said.startswith("The report was not accepted: ")
    assert report.encode() is not None


ACTION = json.dumps({"tool": "query_logs", "arguments": {"sql": "SELECT 1"}})


@settings(max_examples=300)
@given(st.one_of(broken(ACTION), st.text(max_size=50), st.builds(json.dumps, anything)), st.booleans())
def test_any_text_is_an_action_or_none(text: str, repair: bool) -> None:
    read = read_action(text, repair=repair)

    assert read.attempted or read.action is None
    assert not read.repaired or repair
    if read.action is not None:
        assert isinstance(read.action.arguments, dict)


@pytest.mark.parametrize(
    "text",
    [
        "{" * MAX_CHARS,
        "[" * MAX_CHARS,
        '{"tool":' * 7000,
        "{'a':" * 9000,
        '{"tool": "x", "arguments": "' + "[" * 50_000,
    ],
)
def test_a_long_text_is_read_in_bounds(text: str) -> None:
    assert read_action(text, repair=True).action is None


@settings(max_examples=300)
@given(st.data())
def test_any_answer_of_an_attackers_model_is_a_legal_move_or_refused(data: st.DataObject) -> None:
    scenario = made("fuzz")
    view = opening_view(scenario)
    menu = Menu(scene_of(scenario, "desk"), view)
    line = data.draw(st.sampled_from(menu.lines))
    text = data.draw(
        st.one_of(broken(line), broken(f"```json\n{line}\n```"), st.builds(json.dumps, anything))
    )

    chosen = menu.chosen(text)

    assert chosen in view.legal or isinstance(chosen, Refused)


@st.composite
def changed_seeds(draw: st.DrawFn) -> str:
    """A seed with a value exchanged, taken away or put elsewhere."""
    content = json.loads(seed_text(seed_of("fuzz")))
    place, key = content, "facts"
    while isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 5)):
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(
            st.one_of(anything, st.just(place[key] * 2 if isinstance(place[key], str) else None))
        )
    return json.dumps(content)


@settings(max_examples=40)
@given(st.one_of(changed_seeds(), broken(seed_text(seed_of("fuzz")))))
def test_any_seed_file_is_shown_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seed.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    said, shown = "", []
    try:
        with naming_the_seed("the seed"):
            scenarios = read_seed(path).scenarios()
        shown = [page for scenario in scenarios for page in pages(scenario)]
    except BadInputError as refused:
        said = refused.message

    assert bool(shown) != (0 < len(said) < 3000)


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_any_file_is_refused_as_a_recording(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "moves"
    path.write_bytes(content)

    with pytest.raises(BadInputError):
        check_decisions(path, [])


@settings(max_examples=30)
@given(
    st.one_of(
        st.binary(max_size=200), st.builds(lambda x: json.dumps(x).encode("utf-8", "replace"), anything)
    )
)
def test_any_file_given_as_a_log_is_refused_by_every_command(tmp_path: Path, content: bytes) -> None:
    for name in ("a.json", "a.eval"):
        path = tmp_path / name
        path.write_bytes(content)
        for command in ("summarize", "trace", "gate", "attackers"):
            done = CliRunner().invoke(main, [command, str(path)])
            assert isinstance(done.exception, SystemExit), (command, content, done.exception)
            assert done.exit_code in (1, 2)


@settings(max_examples=60)
@given(st.lists(st.one_of(broken(ACTION), st.builds(json.dumps, anything), st.text(max_size=20)), max_size=5))
async def test_any_lines_are_answered_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("session")
    seed = seed_of("fuzz")
    (folder / "seed.json").write_text(seed_text(seed), encoding="utf-8")
    case = case_of(f"{folder / 'seed.json'}#{made('fuzz').id}")
    told: list[dict[str, Any]] = []

    sitting = Sitting.begun(folder, Session(cases=(case,), options=Options()))
    over = await play_lines(sitting, [], lines, lambda line: told.append(json.loads(line)))

    said = [line for line in lines if line.strip()]
    assert told[0]["type"] == "case"
    assert {one["type"] for one in told[1:]} <= {"refused", "answer", "stopped", "left"}
    assert over or len(told) == 1 + len(said) + 1

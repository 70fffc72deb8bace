"""A case at the terminal: typed keys in, text out."""

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from opensec_inspect.core.conversation import Call, Conversation, Exchange
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.play.cases import Options, case_of
from opensec_inspect.play.edge.tools import tool_schemas
from opensec_inspect.play.report_fields import report_doubts, report_fields
from opensec_inspect.play.session import Session, Sitting
from opensec_inspect.play.state import PlayState, read_state
from opensec_inspect.play.terminal.completing import LineCompleter
from opensec_inspect.play.terminal.game import play_cases, show_scores
from opensec_inspect.play.terminal.lines import Ask, Unclear, read_line
from opensec_inspect.play.terminal.screen import Screen
from opensec_inspect.play.terminal.seen import Seen, seen
from opensec_inspect.play.terminal.showing import answer_view, notebook, visible
from tests.play.test_shell import REPORT, seed_file

ENTER, CTRL_C, CTRL_D, CLEARED = "\r", "\x03", "\x04", "\x15"
SYSTEM = """Evidence: table (its id), what it holds, its columns
- alerts (alert_id): what the rules raised. And more. RuleName, DeviceName
Inventories
- hosts(host_id, hostname, ip)
Times are UTC."""
BRIEF = "Case sc-1, opened 2026-01-01T00:00:00Z.\nOpening alert: al-1a\nStep budget: 9 calls, …"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """A keyboard."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def sitting(tmp_path: Path, incident: Scenario) -> Sitting:
    """A session over one case."""
    case = case_of(seed_file(tmp_path, incident))
    session = Session(cases=(case,), options=Options(), feedback="each")
    return Sitting.begun(tmp_path / "session", session)


def typed(keys: PipeInput, sitting: Sitting, *lines: str) -> tuple[bool, str, PlayState]:
    """Whether the case is over after these lines, what was shown, and the state."""
    shown = io.StringIO()

    async def play() -> bool:
        screen = Screen(sitting.folder / "history.txt", shown)
        keys.send_text("".join(lines))
        return await asyncio.wait_for(play_cases(screen, sitting, tool_schemas), 20)

    over = asyncio.run(play())
    return over, shown.getvalue(), read_state(sitting.files[0])


def told(*exchanges: tuple[str, dict[str, Any], dict[str, Any]]) -> Conversation:
    """A conversation of calls with their answers."""
    asked = tuple(
        Exchange(call=Call(tool=tool, arguments=arguments), answer=json.dumps(answer))
        for tool, arguments, answer in exchanges
    )
    return Conversation(brief=BRIEF, exchanges=asked)


HOSTS = (
    "query_logs",
    {"sql": "SELECT *"},
    {"columns": ["hostname", "ip"], "rows": [["tern-42", "10.0.0.1"]]},
)


def completed(line: str, known: Seen) -> list[str]:
    event = CompleteEvent(completion_requested=True)
    return [c.text for c in LineCompleter(lambda: known).get_completions(Document(line), event)]


def shown(view: object, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(view)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_case_is_played_to_its_score_by_typing(keys: PipeInput, sitting: Sitting) -> None:
    report = f"submit_report {json.dumps(REPORT)}"

    over, text, state = typed(keys, sitting, "select 1 as one", ENTER, report, ENTER)

    assert over
    assert [made.call.tool for made in state.calls] == ["query_logs", "submit_report"]
    assert "1 row" in text
    assert "reward:" in text


def test_the_report_form_checks_each_field_and_sends_when_told_to(keys: PipeInput, sitting: Sitting) -> None:
    names = [ENTER, "unknown", ENTER, "unknown", ENTER, "unknown", ENTER, "unknown", ENTER]
    chosen = ["phishing", ENTER, CLEARED, "unknown", ENTER, "Malicious", ENTER]
    rest = ["1.5", ENTER, CLEARED, "0.5", ENTER, "Seen.", ENTER]

    over, text, state = typed(
        keys,
        sitting,
        "report",
        ENTER,
        *names,
        *chosen,
        *rest,
        "6",
        ENTER,
        CLEARED,
        "benign",
        ENTER,
        "send",
        ENTER,
    )

    assert over
    (made,) = state.calls
    assert made.call.arguments == REPORT | {"confidence": 0.5, "summary": "Seen."}
    assert "First compromised host" in text


def test_a_form_that_is_left_keeps_what_was_filled_in(keys: PipeInput, sitting: Sitting) -> None:
    rest = ["unknown", ENTER] * 4
    last = ["benign", ENTER, "1", ENTER, ENTER, "back", ENTER]

    over, text, state = typed(
        keys, sitting, "report", ENTER, "tern-42", ENTER, CTRL_C, "report", ENTER, *rest, *last, CTRL_D
    )

    assert not over
    assert state.calls == ()
    assert "tern-42" in text
    assert "not seen in any answer so far" in text


def test_a_case_left_is_resumed_at_its_step_and_the_pause_is_no_time(
    keys: PipeInput, sitting: Sitting
) -> None:
    typed(keys, sitting, "select 1", ENTER, CTRL_D)
    before = read_state(sitting.files[0])
    sitting.files[0].write_text(before.model_copy(update={"shown_at": 0}).model_dump_json(), encoding="utf-8")

    over, text, state = typed(keys, sitting, "select 2", ENTER, "quit", ENTER)

    assert not over
    assert "You left after: select 1" in text
    assert state.calls[1].resumed
    assert state.calls[1].time_s < 60


def test_between_cases_the_clock_waits_for_the_player(keys: PipeInput, sitting: Sitting) -> None:
    (case,) = sitting.session.cases
    both = Sitting(sitting.folder, sitting.session.model_copy(update={"cases": (case, case)}))

    over, _, _ = typed(keys, both, "stop", ENTER, "y", ENTER, CTRL_D)

    assert not over
    assert [file.is_file() for file in both.files] == [True, False]


def test_containment_asks_first_and_ctrl_c_clears_the_line(keys: PipeInput, sitting: Sitting) -> None:
    _, _, state = typed(
        keys, sitting, "isolate x", ENTER, "n", ENTER, "block y", CTRL_C, "reset z", ENTER, "y", ENTER, CTRL_D
    )

    assert [made.call.arguments for made in state.calls] == [{"user": "z"}]


def test_what_costs_nothing_costs_nothing(keys: PipeInput, sitting: Sitting, incident: Scenario) -> None:
    asked = [
        "?",
        "brief",
        "tables",
        "tools",
        "book",
        "show",
        "show 3",
        "note mine",
        "note",
        "x",
        "dance",
        "alert",
    ]

    _, text, state = typed(
        keys, sitting, *(key for line in asked for key in (line, ENTER)), "book", ENTER, CTRL_D
    )

    assert state.calls == ()
    assert state.notes == ("mine",)
    assert "• mine" in text
    assert "'dance' is no command here" in text
    assert "alert needs something" in text


def test_giving_up_asks_first_and_ends_the_case(keys: PipeInput, sitting: Sitting) -> None:
    over, _, state = typed(keys, sitting, "stop", ENTER, "n", ENTER, "stop", ENTER, "y", ENTER)

    assert over
    assert state.stopped


def test_scores_are_shown_for_every_case(keys: PipeInput, sitting: Sitting) -> None:
    typed(keys, sitting, "stop", ENTER, "y", ENTER)
    out = io.StringIO()

    asyncio.run(show_scores(Screen(sitting.folder / "history.txt", out), sitting))

    assert "required containment" in out.getvalue()


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("", None),
        ("?", Ask(request="help")),
        ("select 1", Call(tool="query_logs", arguments={"sql": "select 1"})),
        ("-- why\nSELECT 1", Call(tool="query_logs", arguments={"sql": "-- why\nSELECT 1"})),
        ("mail em-1", Call(tool="fetch_email", arguments={"email_id": "em-1"})),
        ("Block_Domain a.example ", Call(tool="block_domain", arguments={"domain": "a.example"})),
        ("show 4", Ask(request="show", rest="4")),
        ("submit_report", Ask(request="report")),
        ('submit_report {"verdict": 1}', Call(tool="submit_report", arguments={"verdict": 1})),
    ],
)
def test_a_line_is_read_as(line: str, read: object) -> None:
    assert read_line(line) == read


@pytest.mark.parametrize("line", ["isolate", "what", "submit_report {", "submit_report []"])
def test_a_line_that_says_nothing_is_answered_with_what_would(line: str) -> None:
    assert isinstance(read_line(line), Unclear)


def test_completion_offers_what_was_shown_and_nothing_else() -> None:
    known = seen(SYSTEM, told(HOSTS))

    assert completed("iso", known) == ["isolate", "isolate_host"]
    assert completed("isolate te", known) == ["tern-42"]
    assert completed("alert al", known) == ["al-1a"]
    assert completed("select * from h", known) == ["hosts"]
    assert completed("select alerts.t", known) == ["timestamp", "trust_tier"]
    assert completed("select hosts.h", known) == ["host_id", "hostname"]
    assert completed("select * from hosts where ip = '10", known) == ["10.0.0.1"]
    assert completed("isolate onyx", known) == []


def test_a_name_met_only_in_a_text_is_offered_when_no_column_has_one() -> None:
    row = {"alert_id": "al-1a", "message": "the session of liyer on ember-46"}

    known = seen(SYSTEM, told(("fetch_alert", {"alert_id": "al-1a"}, {"row": row, "steps_left": 3})))

    assert completed("reset li", known) == ["liyer"]
    assert completed("isolate em", known) == ["ember-46"]
    assert completed("reset steps", known) == []


def test_an_address_gives_its_domain_and_a_file_none() -> None:
    row = {"Detail": "ann.lee@post.example opened report.docx and tools.vendor.example"}

    known = seen(SYSTEM, told(("fetch_alert", {"alert_id": "al-1a"}, {"row": row})))

    assert known.names["domain"] == ("post.example", "tools.vendor.example")


def test_the_notebook_lists_steps_and_what_was_not_fetched() -> None:
    row = ("fetch_alert", {"alert_id": "al-1a"}, {"row": {"alert_id": "al-1a", "rule": "beacon"}, "step": 2})
    more = (
        "fetch_email",
        {"email_id": "em-0"},
        {"error": "There is no email 'em-0'.", "new_alerts": ["al-2b"]},
    )
    talk = told(HOSTS, row, more)

    text = shown(notebook(talk, seen(SYSTEM, talk), ("mine",)))

    assert "1 rows" in text
    assert "beacon" in text
    assert "Not fetched: al-2b, em-0" in text


def test_characters_that_would_hide_or_steer_are_spelled_out() -> None:
    assert visible("a\u200bb\x1b[2Jc\u202ed") == "a‹U+200B›b‹U+001B›[2Jc‹U+202E›d"
    assert visible(None) == "NULL"


def test_rows_too_wide_for_the_screen_stand_one_below_the_other() -> None:
    answer = json.dumps(
        {"columns": ["a", "b"], "rows": [["x" * 60, "y" * 60]], "step": 1, "steps_left": 2, "time": "t"}
    )

    wide, narrow = shown(answer_view(answer, 140), 140), shown(answer_view(answer, 40), 40)

    assert "row 1" not in wide
    assert "row 1" in narrow
    assert "step 1 · 2 left" in wide


def test_a_report_field_says_what_is_wrong_before_it_is_sent() -> None:
    fields = {field.name: field for field in report_fields()}

    assert fields["confidence"].problem("2") == "Input should be less than or equal to 1"
    assert fields["verdict"].problem(" Benign ") is None
    assert fields["data_target"].problem("") == "Name it, or write none or unknown."
    assert fields["summary"].problem("") is None
    doubts = report_doubts({**dict.fromkeys(fields, "unknown"), "verdict": "benign", "data_target": "/x"})
    assert doubts == ("The verdict is benign, but these name something: data_target.",)

"""Repair mends the form of a call and never its content."""

import json

import pytest

from opensec_inspect.core.conversation import Call
from opensec_inspect.vuln.episode.mending import mended_call, written_call

ANSWER = {"finding": "no_finding"}
MENDED = {
    "a name in another case": ("ReadFile", {"path": "a.py"}, "read_file", {"path": "a.py"}),
    "a name with a prefix": ("functions.read_file", {"path": "a.py"}, "read_file", {"path": "a.py"}),
    "a name with a dash": ("list-files", {}, "list_files", {}),
    "another word for an argument": ("read_file", {"filename": "a"}, "read_file", {"path": "a"}),
    "an input by its short name": (
        "run_program",
        {"build": "shipped", "input": "request", "value": "x"},
        "run_program",
        {"build": "shipped", "input_name": "request", "value": "x"},
    ),
    "an answer as text": ("submit", {"answer": json.dumps(ANSWER)}, "submit", {"answer": ANSWER}),
    "an answer in a fence": (
        "submit",
        {"answer": f"```json\n{json.dumps(ANSWER)}\n```"},
        "submit",
        {"answer": ANSWER},
    ),
    "an answer without its wrapping": ("submit", ANSWER, "submit", {"answer": ANSWER}),
}
LEFT = {
    "a sound call": ("read_file", {"path": "a.py"}),
    "a tool that is not there": ("open_file", {"path": "a.py"}),
    "an argument that is missing": ("read_file", {}),
    "an answer that is no JSON": ("submit", {"answer": "it is in a.py"}),
    "an answer that is missing": ("submit", {}),
    "an empty name": ("", {}),
}


@pytest.mark.parametrize("case", MENDED)
def test_it_mends(case: str) -> None:
    tool, arguments, mended_tool, mended_arguments = MENDED[case]

    assert mended_call(Call(tool=tool, arguments=arguments)) == Call(
        tool=mended_tool, arguments=mended_arguments
    )


@pytest.mark.parametrize("case", LEFT)
def test_it_leaves_alone(case: str) -> None:
    tool, arguments = LEFT[case]
    call = Call(tool=tool, arguments=arguments)

    assert mended_call(call) == call


def test_a_call_in_the_text_is_read_whatever_stands_around_it() -> None:
    text = 'I look first. {"tool": "readFile", "arguments": {"file": "a.py"}} Then I go on.'

    assert written_call(text) == Call(tool="read_file", arguments={"path": "a.py"})


@pytest.mark.parametrize(
    "text", ["", "I am done.", '{"finding": "defect"}', '{"tool": "rm", "arguments": {}}', "{" * 9999]
)
def test_a_text_without_a_call_of_a_known_tool_holds_none(text: str) -> None:
    assert written_call(text) is None

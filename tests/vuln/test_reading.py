"""An answer that misses its form is told what is wrong, in words that help to send a better one."""

import json

import jsonschema
import pytest

from opensec_inspect.vuln.catalogue import variant, vuln_tasks
from opensec_inspect.vuln.task.reading import FORMS, BadAnswerError, answer_schema, read_answer

CASES = {
    "no JSON": ("L01", "it is in main.py", "answer: Invalid JSON"),
    "a list": ("L01", "[]", "answer: Input should be an object"),
    "nothing": ("T01", "{}", "input: Field required; value: Field required"),
    "a word too many": (
        "T01",
        '{"input": "request", "value": "x", "sure": 1}',
        "sure: Extra inputs are not permitted",
    ),
    "a defect without a place": (
        "L01",
        '{"finding": "defect", "file": "a.py", "cwe": "CWE-22"}',
        "function, line: needed when finding is 'defect'",
    ),
    "a CWE off the list": (
        "L01",
        '{"finding": "defect", "file": "a.py", "function": "f", "line": 3, "cwe": "CWE-1"}',
        "cwe: 'CWE-1' is not one of CWE-20, CWE-22, CWE-23",
    ),
    "no CWE": (
        "L01",
        '{"finding": "defect", "file": "a.py", "function": "f", "line": 3}',
        "cwe: None is not one of CWE-20",
    ),
    "line 0": (
        "L01",
        '{"finding": "defect", "file": "a.py", "function": "f", "line": 0, "cwe": "CWE-22"}',
        "line: Input should be greater than or equal to 1",
    ),
    "another input": ("T01", '{"input": "query", "value": "x"}', "input: 'query' is not one of request"),
    "a build off the list": (
        "V01",
        '{"verdicts": [{"build": "patch_z", "verdict": "complete"}]}',
        "verdicts.build: 'patch_z' is not one of shipped, patch_a, patch_b, patch_c",
    ),
    "a verdict without a counter-example": (
        "V01",
        '{"verdicts": [{"build": "patch_a", "verdict": "incomplete"}]}',
        "verdicts.0: input and value of a counter-example are needed when verdict is 'incomplete'",
    ),
    "another verdict": (
        "V01",
        '{"verdicts": [{"build": "patch_a", "verdict": "fine"}]}',
        "verdicts.0.verdict: Input should be 'complete', 'incomplete' or 'breaks_function'",
    ),
    "a role off the list": ("R03", '{"chosen": ["king"]}', "chosen: 'king' is not one of "),
    "a number as text": ("R05", '{"number": "twelve"}', "number: Input should be a valid integer"),
    "a file off the list": (
        "R04",
        '{"files": [{"file": "x.cfg", "reachable": true, "value": "k = v"}]}',
        "files.file: 'x.cfg' is not one of ",
    ),
    "an open file without a text": (
        "R04",
        '{"files": [{"file": "x.cfg", "reachable": true}]}',
        "files.0: value is needed when reachable is true",
    ),
    "half a surrogate pair": ("T01", '{"input": "request", "value": "\\ud800"}', "answer: Invalid JSON"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_says_what_is_wrong_with(case: str) -> None:
    task_id, text, words = CASES[case]

    with pytest.raises(BadAnswerError) as caught:
        read_answer(variant(task_id, 1), text)

    assert words in str(caught.value)


@pytest.mark.parametrize("task_id", [task.id for task in vuln_tasks()])
def test_the_schema_accepts_the_gold_answer(task_id: str) -> None:
    one = variant(task_id, 2)

    jsonschema.validate(json.loads(one.gold.model_dump_json()), answer_schema(one.task.form))


def test_every_form_belongs_to_a_task_and_every_task_to_a_form() -> None:
    assert {task.form for task in vuln_tasks()} == {*FORMS}


def test_a_huge_answer_is_refused() -> None:
    text = json.dumps({"input": "request", "value": "x" * 20_001})

    with pytest.raises(BadAnswerError, match="value: String should have at most 20000 characters"):
        read_answer(variant("T01", 1), text)

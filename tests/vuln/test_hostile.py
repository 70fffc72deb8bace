"""Whatever a value holds, a run of a shipped program ends in a documented answer."""

from urllib.parse import quote

import pytest

from opensec_inspect.vuln.catalogue import PROGRAMS, variant
from opensec_inspect.vuln.running.runner import run_many
from opensec_inspect.vuln.task.builds import MAX_OUTPUT, MAX_VALUE, ProgramInput

FIRST_TASKS = {program.name: specs[0].task.id for program, specs in PROGRAMS}
DEEP = ("(", "[", "{{ ", "{% each page.tags %}", "../", "....//", "a.", "a@", "<b>", "'", "|", "a=b;", "-")
HOSTILE = (
    "",
    " ",
    "\0",
    "\n" * 50,
    "a" * MAX_VALUE,
    "a" * (MAX_VALUE + 1),
    "9" * 5_000,
    "-1",
    "1e9",
    "NaN",
    "²³¹",
    "٣٤٥",
    "１２３",
    "\ud800\udfff",
    "\u202e\u0301\u200d\ufeff",
    "𝔸𝕓𝕔" * 200,
    "ß" * 300,
    "%00%ff%c0%ae",
    "%" * 300,
    "\x1b[2J\x07",
    "".join(map(chr, range(256))),
    "__class__.__mro__",
    "{0.__class__}",
    *(piece * 400 for piece in DEEP),
)


@pytest.mark.parametrize("name", FIRST_TASKS)
def test_a_hostile_value_ends_in_a_documented_answer(name: str) -> None:
    one = variant(FIRST_TASKS[name], 4)
    prefixes = ("", *(spec.example for spec in one.question.inputs))
    given = [
        ProgramInput(input=spec.name, value=prefix + value)
        for spec in one.question.inputs
        for prefix in prefixes[:2]
        for value in HOSTILE
    ]

    for build in one.builds:
        for result in run_many(build, given):
            large = len(result.given.value) > MAX_VALUE
            assert result.ended == ("too large" if large else "ok"), result
            assert len(result.output) <= MAX_OUTPUT


@pytest.mark.parametrize("name", FIRST_TASKS)
def test_an_input_that_no_program_has_is_refused(name: str) -> None:
    one = variant(FIRST_TASKS[name], 4)

    (result,) = run_many(one.build("shipped"), [ProgramInput(input="no such", value="x")])

    assert result.ended == "ok"
    assert result.output == "refused: no input is called no such"


@pytest.mark.parametrize(
    ("sort", "ended"),
    [
        ("(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c)", "timeout"),
        ("length(zeroblob(2000000000))", "ok"),
        ("(SELECT count(*) FROM entries a, entries b, entries c, entries d, entries e)", "ok"),
        ("load_extension('./x.so')", "ok"),
        ("readfile('/etc/hostname')", "ok"),
        ("(ATTACH DATABASE '/etc/hostname' AS h)", "ok"),
        ("id; ATTACH DATABASE 'x.db' AS h", "ok"),
        ("(SELECT file FROM pragma_database_list)", "ok"),
    ],
)
def test_a_hostile_statement_stays_in_memory_and_in_bounds(sort: str, ended: str) -> None:
    """The one program with a database takes statements' parts from its input: that is its defect."""
    one = variant("L02", 4)
    assert one.demonstration is not None
    before = one.demonstration.value.split("(")[0]
    given = ProgramInput(input=one.demonstration.input, value=before + quote(sort))

    (result,) = run_many(one.build("shipped"), [given])

    assert result.ended == ended
    assert not result.canary_shown

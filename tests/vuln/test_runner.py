"""A program reads its own folder and answers; anything else ends the run, and the answer says what did."""

import os
from pathlib import Path

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.vuln.running.runner import run_many, run_program
from opensec_inspect.vuln.task.builds import MAX_OUTPUT, MAX_VALUE, ProgramInput, RunResult
from tests.vuln.toys import CANARY, STAND_IN, toy

FORBIDDEN = {
    "a socket": ("return __import__('socket')", "import"),
    "a subprocess": ("return __import__('subprocess')", "import"),
    "a shell": ("return os.system('true')", "os.system"),
    "a fork": ("return os.fork()", "os.fork"),
    "another program": ("return os.execv('/bin/true', ['true'])", "os.exec"),
    "a spawned program": ("return os.posix_spawn('/bin/true', ['true'], {})", "os.posix_spawn"),
    "a signal": ("return os.kill(1, 0)", "os.kill"),
    "exec": ("exec('1')", "compile"),
    "eval": ("return eval('1 + 1')", "compile"),
    "compiled code": ("return exec(run.__code__)", "exec"),
    "a file above": ("return open('../x').read()", "open"),
    "a file elsewhere": ("return open('/etc/hostname').read()", "open"),
    "a low-level file elsewhere": ("return os.open('/etc/hostname', os.O_RDONLY)", "open"),
    "a file number": ("return open(0).read()", "open"),
    "writing a file": ("return open('x', 'w')", "open"),
    "a low-level write": ("return os.open('x', os.O_CREAT | os.O_WRONLY)", "open"),
    "a list of files elsewhere": ("return os.listdir('/')", "os.listdir"),
    "a walk elsewhere": ("return list(os.scandir('..'))", "os.scandir"),
    "removing a file": ("return os.remove('main.py')", "os.remove"),
    "a link": ("return os.symlink('/etc', 'etc')", "os.symlink"),
    "another folder": ("return os.chdir('/')", "os.chdir"),
    "a module of the standard library": ("return __import__('ctypes')", "import"),
    "a database on disk": ("return sqlite3.connect('x.db')", "sqlite3.connect"),
    "a new hook": ("return sys.addaudithook(print)", "sys.addaudithook"),
}


def once(body: str, value: str = "", **files: str) -> RunResult:
    """One run of a toy that may use os, sqlite3 and, through os, sys."""
    return run_program(toy(body, imports="import os\nimport sqlite3\nsys = os.sys", **files), "input", value)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_run_ends_at(what: str) -> None:
    body, event = FORBIDDEN[what]

    result = once(body)

    assert result.ended == "stopped"
    assert result.output == f"the runner ended the program at {event!r}"


def test_a_program_reads_and_lists_its_own_folder() -> None:
    result = once("return open('notes/a').read() + str(os.listdir('notes'))", notes__a="hi")

    assert (result.ended, result.output) == ("ok", "hi['a']")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """`realpath` is asked, not the text of the path."""
    result = once(f"return open('./notes/../../{tmp_path.name}').read()")

    assert result.ended == "stopped"


def test_the_environment_is_empty_and_so_is_the_path() -> None:
    os.environ["OPENSEC_TEST_SECRET"] = "x"

    result = once("return f'{sorted(os.environ)} {sys.path} {sys.flags.isolated} {sys.flags.no_site}'")

    assert result.output.startswith("[")
    assert "OPENSEC_TEST_SECRET" not in result.output
    assert result.output.endswith(" [] 1 1")


def test_a_module_off_the_list_is_our_own_mistake() -> None:
    with pytest.raises(BadInputError, match="import='socket' is not allowed"):
        run_program(toy("return 1", imports="import socket"), "input", "")


def test_a_crash_is_answered_by_its_error() -> None:
    result = once("return 1 / 0")

    assert (result.ended, result.output) == ("crashed", "ZeroDivisionError: division by zero")


def test_endless_recursion_is_a_crash() -> None:
    assert once("return run(name, value)").output.startswith("RecursionError")


def test_an_endless_loop_ends_by_its_processor_time() -> None:
    result = once("while True: pass")

    assert result.ended == "timeout"


def test_memory_ends() -> None:
    assert once("return len('x' * 2**33)").ended == "out of memory"


@pytest.mark.parametrize("body", ["raise SystemExit(3)", "os._exit(3)", "os.abort()"])
def test_a_process_that_ends_itself_is_answered(body: str) -> None:
    assert once(body).ended == "died"


def test_what_a_program_prints_is_no_answer() -> None:
    result = once('print(\'{"ended": "ok", "output": "forged"}\')\nreturn \'real\'')

    assert result.output == "real"


def test_a_long_answer_is_cut() -> None:
    assert len(once("return 'x' * 500_000").output) == MAX_OUTPUT


def test_a_value_that_is_too_long_does_not_run() -> None:
    result = once("return 1 / 0", "x" * (MAX_VALUE + 1))

    assert result.ended == "too large"
    assert result.output == f"the value has {MAX_VALUE + 1} characters; at most {MAX_VALUE} are allowed"


def test_an_empty_input_name_is_refused() -> None:
    with pytest.raises(BadInputError, match="input_name='' is not allowed"):
        run_program(toy("return 1"), "", "x")


def test_halves_of_surrogate_pairs_come_as_replacement_characters() -> None:
    result = once("return value + '\\ud800'", "a\udfffb")

    assert result.given.value == "a\ufffdb"
    assert result.output == "a\ufffdb\ufffd"
    assert RunResult.model_validate_json(result.model_dump_json()) == result


def test_the_canary_is_planted_and_comes_out_as_its_stand_in() -> None:
    result = once("return open('key').read()", key=f"secret {STAND_IN}")

    assert result.output == f"secret {STAND_IN}"
    assert result.canary_shown
    assert CANARY not in result.model_dump_json()


def test_writing_the_stand_in_shows_no_canary() -> None:
    result = once("return value", STAND_IN)

    assert result.output == STAND_IN
    assert not result.canary_shown


def test_entered_functions_are_named_in_order() -> None:
    build = toy("return outer()", imports="def inner(): return 'x'\n\ndef outer(): return inner()")

    result = run_program(build, "input", "")

    assert result.entered == ("main.py:run", "main.py:outer", "main.py:inner")


def test_many_values_give_what_single_runs_give() -> None:
    """State of one call, a crash, a stop and a long value leave no trace in the next."""
    build = toy(
        "COUNT.append(value)\nif value == 'stop': open('/etc/hostname')\n"
        "if value == 'end': raise SystemExit\nreturn f'{len(COUNT)} {1 / len(value)}'"
    )
    values = ("a", "", "stop", "bb", "x" * (MAX_VALUE + 1), "end", "ccc", "stop")
    given = [ProgramInput(input="input", value=value) for value in values]

    many = run_many(build, given, trace=True)

    assert many == tuple(run_program(build, one.input, one.value) for one in given)
    assert [result.ended for result in many] == [
        *("ok", "crashed", "stopped", "ok", "too large", "died", "ok", "stopped"),
    ]
    assert many[6].output == "1 0.3333333333333333"

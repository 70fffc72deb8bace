"""The tasks are those that the design lists."""

from collections import Counter

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.vuln.catalogue import PROGRAMS, variant, vuln_tasks

HARD = ["L03", "L05", "L07", "R02", "R04", "R05", "T02", "T03", "T04", "V03", "V04", "V05", "S02", "S03"]
CLEAN = [f"L0{number}-clean" for number in range(1, 9)]
CONTROLS = ("invoicer", "calend", "lrucache", "csvmerge", "intervals")


def test_there_are_thirty_security_tasks_eight_clean_twins_and_twenty_controls() -> None:
    assert Counter(task.split for task in vuln_tasks()) == {"security": 30, "clean": 8, "control": 20}


def test_the_security_tasks_are_eight_six_six_six_and_four() -> None:
    found = Counter(task.task_class for task in vuln_tasks(["security"]))

    assert found == {"localisation": 8, "reachability": 6, "trigger": 6, "patch": 6, "report": 4}


def test_the_hard_ones_are_those_of_the_list() -> None:
    assert sorted(task.id for task in vuln_tasks(["security"]) if task.difficulty == "hard") == sorted(HARD)


def test_each_localisation_has_a_clean_twin_as_hard_as_itself() -> None:
    twins = {task.id: task.difficulty for task in vuln_tasks(["clean"])}
    partners = {f"{task.id}-clean": task.difficulty for task in vuln_tasks(["security"], ["localisation"])}

    assert sorted(twins) == CLEAN
    assert twins == partners


def test_each_ordinary_program_has_four_controls() -> None:
    found = Counter(task.program for task in vuln_tasks(["control"]))

    assert found == dict.fromkeys(CONTROLS, 4)
    assert len(PROGRAMS) == 17


def test_a_twin_differs_from_its_partner_in_what_the_defect_takes() -> None:
    """The twin's lines are the fixed build's: names, order and constants are the same."""
    for twin in vuln_tasks(["clean"]):
        partner = variant(twin.id.removesuffix("-clean"), 3)
        assert variant(twin.id, 3).workspace == partner.build("fixed").files
        assert variant(twin.id, 3).question.ask == partner.question.ask
        assert variant(twin.id, 3).question.cwes == partner.question.cwes


def test_the_fixed_build_is_neither_shown_nor_run() -> None:
    for task in vuln_tasks(["security", "control"]):
        one = variant(task.id, 3)
        assert "fixed" not in one.runnable
        shown = {file.path: file.text for file in one.workspace}
        assert any(shown[file.path] != file.text for file in one.build("fixed").files)


def test_patch_tasks_show_a_difference_for_each_candidate() -> None:
    for task in vuln_tasks(classes=["patch"]):
        one = variant(task.id, 3)
        paths = [file.path for file in one.workspace if file.path.startswith("patches/")]
        assert paths == ["patches/patch_a.diff", "patches/patch_b.diff", "patches/patch_c.diff"]
        assert one.runnable == ("shipped", "patch_a", "patch_b", "patch_c")
        assert all(file.text for file in one.workspace if file.path in paths)


def test_the_complete_patch_is_not_always_the_same_letter() -> None:
    for task in vuln_tasks(classes=["patch"]):
        complete = {
            entry.build
            for seed in range(20)
            for entry in variant(task.id, seed).gold.verdicts  # type: ignore[union-attr]
            if entry.verdict == "complete"
        }
        assert complete == {"patch_a", "patch_b", "patch_c"}, task.id


def test_no_canary_stands_in_what_is_shown() -> None:
    for task in vuln_tasks():
        one = variant(task.id, 3)
        assert one.canary not in "".join(file.text for file in one.workspace) + one.question.model_dump_json()


def test_an_unknown_task_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInputError, match="task='L99' is not allowed; give one of: L01, L01-clean"):
        variant("L99", 1)


def test_an_unknown_build_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInputError, match="build='patch_a' is not allowed; give one of: shipped, fixed"):
        variant("L01", 1).build("patch_a")

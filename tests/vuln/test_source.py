"""Variants: names, order and constants follow the seed, and marked lines are found again."""

import ast

import pytest

from opensec_inspect.vuln.authoring.making import scene_of
from opensec_inspect.vuln.authoring.source import Words, program_text, render
from opensec_inspect.vuln.catalogue import PROGRAMS, variant, vuln_tasks
from opensec_inspect.vuln.programs.notebox import NOTEBOX

PLAIN = {program.name: program for program, _ in PROGRAMS}
SEEDS = range(20)


def python_of(name: str, seed: int | None, build: str = "defect") -> dict[str, str]:
    """The Python files of a build."""
    files = scene_of(PLAIN[name], seed).rendered(build).files
    return {file.path: file.text for file in files if file.path.endswith(".py")}


def defined(texts: dict[str, str]) -> list[str]:
    """Names of functions and classes, in the order of files and lines."""
    nodes = [node for text in texts.values() for node in ast.walk(ast.parse(text))]
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def test_conditions_marks_and_blanks_are_taken_out() -> None:
    words = scene_of(NOTEBOX, None).words

    files = {file.path: file.text for file in render("notebox", "defect", words).files}

    assert files["notes/garden/today.txt"].startswith("Water the beds")
    assert "while" not in files["pathing.py"]
    assert 'return name.replace("../", "")\n' in files["pathing.py"]


def test_a_marked_line_is_named_by_file_function_and_line() -> None:
    (site,) = scene_of(NOTEBOX, None).sites("root")

    assert (site.file, site.function) == ("pathing.py", "tidy")
    assert scene_of(NOTEBOX, None).line_of(site) == 'return name.replace("../", "")'


@pytest.mark.parametrize("name", PLAIN)
def test_a_marked_line_reads_the_same_under_every_seed_but_for_names(name: str) -> None:
    lengths = {
        len(scene.line_of(scene.site("root")).split())
        for scene in (scene_of(PLAIN[name], seed) for seed in (None, *SEEDS))
    }

    assert len(lengths) == 1


@pytest.mark.parametrize("name", PLAIN)
def test_no_seed_keeps_a_name_that_the_package_has(name: str) -> None:
    renamed = {old for old in PLAIN[name].about.names if old[0] != "_"}

    for seed in SEEDS:
        texts = python_of(name, seed)
        words = scene_of(PLAIN[name], seed).words
        kept = {old for old in renamed if words.names[old] == old}
        assert not kept
        assert not {*defined(texts)} & (renamed - {*words.names.values()})


@pytest.mark.parametrize("name", PLAIN)
def test_names_differ_within_a_variant(name: str) -> None:
    """Two names that became one would make another program."""
    for seed in SEEDS:
        names = scene_of(PLAIN[name], seed).words.names
        assert len({*names.values()}) == len(names)


@pytest.mark.parametrize("name", PLAIN)
def test_order_changes_and_what_is_defined_stays(name: str) -> None:
    before = python_of(name, None)
    words = [scene_of(PLAIN[name], seed).words for seed in SEEDS]
    back = [{new: old for old, new in one.names.items()} for one in words]
    orders = {
        tuple(names.get(one, one) for one in defined(python_of(name, seed)))
        for seed, names in zip(SEEDS, back, strict=True)
    }

    assert len(orders) > 5
    assert {tuple(sorted(one)) for one in orders} == {tuple(sorted(defined(before)))}


def test_the_same_seed_gives_the_same_variant() -> None:
    variant.cache_clear()
    before = variant("T02", 7).model_dump_json()
    variant.cache_clear()

    assert variant("T02", 7).model_dump_json() == before


def test_five_seeds_give_five_variants_of_every_task() -> None:
    for task in vuln_tasks():
        assert len({variant(task.id, seed).workspace for seed in range(5)}) == 5, task.id


def test_words_of_a_template_come_from_constants_before_names() -> None:
    words = Words({"tidy": "trimmed", "x": "y"}, {"x": "1"}, "")

    assert words.fill("<<tidy>> <<x>>") == "trimmed 1"
    with pytest.raises(KeyError):
        words.fill("<<unknown>>")


@pytest.mark.parametrize("name", PLAIN)
def test_every_listed_name_and_constant_is_used(name: str) -> None:
    about = PLAIN[name].about
    text = "\n".join(f"{path}\n{body}" for path, body in program_text(name))
    told = about.model_dump_json() + "".join(about.asks.values())

    unused = [word for word in about.names if word not in text]
    assert not unused
    by_code = {"user", "at", "leap", "year", "a", "b", "c", "warm", "major", "first_minor", "lead", "held"}
    blank = [f"<<{word}>>" for word in about.constants if word not in by_code | {"freed", "tail"}]
    assert not [word for word in blank if word not in text + told]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("build", ["defect", "fixed"])
def test_nothing_stands_unused_and_tells_what_is_missing(name: str, build: str) -> None:
    """A check that is imported or a limit that is set, and then not used, would point at the defect."""
    texts = python_of(name, None, build)
    nodes = [node for text in texts.values() for node in ast.walk(ast.parse(text))]
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    used |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    made = {*defined(texts)} - {"run"}
    made |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}

    assert not {one for one in made if one not in used and not one.startswith("_")}
    for path, text in texts.items():
        tree = ast.parse(text)
        imported = {
            alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not imported - read, path

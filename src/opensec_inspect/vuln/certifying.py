"""Certificates: every task under every seed keeps its promises; what does not is said in a sentence."""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from opensec_inspect.core.python_source import parsed
from opensec_inspect.errors import one_of
from opensec_inspect.vuln.authoring.making import scene_of
from opensec_inspect.vuln.authoring.spec import Program, Runs, Scene, TaskSpec
from opensec_inspect.vuln.catalogue import PROGRAMS, variant
from opensec_inspect.vuln.judging.effects import served, shows_effect
from opensec_inspect.vuln.judging.judge import Call, Results, calls_needed, judge
from opensec_inspect.vuln.running.runner import run_many
from opensec_inspect.vuln.task.answers import AnyAnswer
from opensec_inspect.vuln.task.builds import Build, ProgramInput, RunResult, SourceFile
from opensec_inspect.vuln.task.reading import BadAnswerError, read_answer
from opensec_inspect.vuln.task.variants import Read, Trace, Variant

SEEDS = 20
"""Seeds from 0 under which every task is certified."""
PROVED = 2
"""Of these, how many are proved over the whole search space as well."""
LINES = range(80, 201)
"""Lines of Python in a program."""
FILES = range(3, 7)
"""Python files in a program."""
TRACED = ("reach", "chain")
"""Forms whose proofs ask which functions a run entered."""
MARKS = ("<<", ">>", "#@", "#:")


SourcesKey = tuple[SourceFile, ...]


class Certificate(NamedTuple):
    """One task under one seed."""

    task_id: str
    seed: int
    failures: tuple[str, ...]
    """What does not hold; empty when certified."""


def count_of(programs: Sequence[str] = ()) -> int:
    """How many tasks the programs have, all when none is named; BadInputError for a name that none has."""
    return sum(len(specs) for _, specs in _chosen(programs))


def certify_all(
    programs: Sequence[str] = (), *, seeds: int = SEEDS, proved: int = PROVED
) -> Iterator[Certificate]:
    """Every task of the programs (all when none is named) under seeds 0 … `seeds` - 1."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:  # most of the time is the children's
        jobs = [
            threads.submit(_certified, program, specs, seed, prove=seed < proved)
            for program, specs in _chosen(programs)
            for seed in range(seeds)
        ]
        for job in jobs:
            yield from job.result()


def _chosen(names: Sequence[str]) -> list[tuple[Program, tuple[TaskSpec, ...]]]:
    known = [program.name for program, _ in PROGRAMS]
    for name in names:
        if name not in known:
            raise one_of("program", name, known)
    return [(program, specs) for program, specs in PROGRAMS if not names or program.name in names]


def _certified(program: Program, specs: Sequence[TaskSpec], seed: int, *, prove: bool) -> list[Certificate]:
    """The tasks of one program under one seed; their runs share processes."""
    certificates = []
    variants = [variant(spec.task.id, seed) for spec in specs]
    shared: dict[tuple[SourcesKey, ProgramInput], RunResult] = {}
    wanted: dict[SourcesKey, tuple[Build, list[ProgramInput]]] = {}
    for one in variants:
        for name, given in _calls(one, program, scene_of(program, seed)):
            build = one.build(name)
            wanted.setdefault(build.files, (build, []))[1].append(given)
    for key, (build, items) in wanted.items():
        for result in run_many(build, tuple(dict.fromkeys(items)), trace=True):
            shared[key, result.given] = result
    for spec, one in zip(specs, variants, strict=True):
        results = {
            (name, given): shared[one.build(name).files, given].model_copy(update={"build": name})
            for name, given in _calls(one, program, scene_of(program, seed))
        }
        failures = [*_shape(one), *_promises(one, program, results)]
        if prove:
            scene = scene_of(program, seed, clean=spec.task.split == "clean")
            failures += spec.prove(scene, _runs(one, scene), one.truth)
        certificates.append(Certificate(spec.task.id, seed, tuple(failures)))
    return certificates


def _answers(one: Variant) -> Iterator[tuple[str, AnyAnswer]]:
    """Every wrong answer that reads, with its kind."""
    for wrong in one.wrong:
        try:
            yield wrong.kind, read_answer(one, wrong.answer)
        except BadAnswerError:
            continue


def _calls(one: Variant, program: Program, scene: Scene) -> tuple[Call, ...]:
    """The runs that the promises of a variant ask for."""
    calls = [
        call for answer in (one.gold, *(a for _, a in _answers(one))) for call in calls_needed(one, answer)
    ]
    calls += [("fixed", given) for given in scene.given(*program.benign)]
    calls += [("fixed", ProgramInput(input=spec.name, value=spec.example)) for spec in one.question.inputs]
    if one.demonstration is not None:
        shown = scene.given(*program.demonstrations)
        calls += [(build, given) for build in ("shipped", "fixed") for given in shown]
    return tuple(dict.fromkeys(calls))


def _promises(one: Variant, program: Program, results: Results) -> Iterator[str]:
    everything = Trace(reads=tuple(Read(file=file.path, start=1, end=10_000) for file in one.workspace))
    gold = judge(one, one.gold, results, everything)
    if not gold.success:
        yield f"the gold answer fails: {[check for check in gold.checks if not check.passed]}"
    if read_answer(one, one.gold.model_dump_json()) != one.gold:
        yield "the gold answer does not read back"
    for kind, answer in _answers(one):
        if judge(one, answer, results, everything).success:
            yield f"the {kind} answer passes"
    scene = scene_of(program, one.seed)
    for given in (
        *scene.given(*program.benign),
        *(ProgramInput(input=spec.name, value=spec.example) for spec in one.question.inputs),
    ):
        if not served(results["fixed", given]):
            yield f"the fixed build does not serve {given.value!r}: {results['fixed', given].output!r}"
    if one.demonstration is not None:
        assert one.effect is not None
        for given in scene.given(*program.demonstrations):
            if not shows_effect(one.effect, results["shipped", given], results["fixed", given]):
                yield f"{given.value!r} does not show the effect: {results['shipped', given].output!r}"


def _shape(one: Variant) -> Iterator[str]:
    """Sizes, marks left over, module names that the standard library has, sites out of their files."""
    for build in one.builds:
        python = {file.path: file.text for file in build.files if file.path.endswith(".py")}
        lines = sum(text.count("\n") for text in python.values())
        if len(python) not in FILES or lines not in LINES:
            yield f"{build.name} has {lines} lines in {len(python)} files"
        for path, text in python.items():
            parsed(text)
            if path.removesuffix(".py") in sys.stdlib_module_names:
                yield f"{path} hides a module of the standard library"
        for file in build.files:
            if left := [mark for mark in MARKS if mark in file.text + file.path]:
                yield f"{build.name}/{file.path} still has {left}"
    if one.task.split != "clean" and not one.sites:
        yield "no line is marked as a site"
    text = f"{one.question.model_dump_json()}"
    if left := [mark for mark in ("<<", ">>") if mark in text]:
        yield f"the question still has {left}"


def _runs(one: Variant, scene: Scene) -> Runs:
    """Runs for proofs: builds by their name in the program's text."""

    def run(text: str, space: Sequence[ProgramInput]) -> tuple[RunResult, ...]:
        name = "shipped" if text == scene.shipped else scene.letters.get(text, text)
        known = {build.name for build in one.builds}
        build = one.build(name) if name in known else None
        if build is None:
            build = one.builds[0].model_copy(update={"name": text, "files": scene.rendered(text).files})
        return run_many(build, space, trace=one.task.form in TRACED)

    return run

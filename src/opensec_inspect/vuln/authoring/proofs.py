"""Proofs over a bounded search space: what is wrong with a truth, in sentences; nothing when it holds."""

from collections.abc import Iterator, Sequence

from opensec_inspect.vuln.authoring.spec import Runs, Scene
from opensec_inspect.vuln.judging.effects import served_alike, shows_effect
from opensec_inspect.vuln.task.builds import ProgramInput, RunResult
from opensec_inspect.vuln.task.truths import Reached, Truth


def searched(scene: Scene) -> tuple[ProgramInput, ...]:
    """The search space with the benign inputs, the demonstrations and every counter-example, each once."""
    program = scene.program
    counters = tuple(one.counter for one in program.candidates if one.counter)
    named = scene.given(*program.benign, *program.demonstrations, *counters)
    return tuple(dict.fromkeys((*named, *program.search(scene.words))))


def trigger_holds(scene: Scene, runs: Runs, truth: Truth) -> Iterator[str]:
    """The defective build shows the effect somewhere in the search, and the fixed one nowhere."""
    space = searched(scene)
    fixed = runs("fixed", space)
    shown = _showing(scene, runs("defect", space), fixed)
    if not shown:
        yield "no input of the search shows the effect on the defective build"
    yield from (f"the fixed build shows the effect on {one.value!r}" for one in _showing(scene, fixed, fixed))


def patches_hold(scene: Scene, runs: Runs, truth: Truth) -> Iterator[str]:
    """Each candidate deserves its verdict over the whole search, and at least one is complete."""
    space = searched(scene)
    fixed = runs("fixed", space)
    if not any(one.verdict == "complete" for one in scene.program.candidates):
        yield "no candidate is complete"
    for one in scene.program.candidates:
        results = runs(one.name, space)
        unsafe = _showing(scene, results, fixed)
        broken = [
            result.given
            for result, right in zip(results, fixed, strict=True)
            if not served_alike(scene.program.effect, result, right)
        ]
        found = "incomplete" if unsafe else "breaks_function" if broken else "complete"
        if found != one.verdict:
            yield f"{one.name} is {found}, not {one.verdict}: {(unsafe or broken)[:1]}"


def reach_holds(scene: Scene, runs: Runs, truth: Truth) -> Iterator[str]:
    """Over the whole search, exactly the recorded inputs enter the target."""
    assert isinstance(truth, Reached)
    results = runs(scene.shipped, searched(scene))
    entering = sorted({result.given.input for result in results if truth.target in result.entered})
    if entering != list(truth.inputs):
        yield f"{entering} enter {truth.target}, not {list(truth.inputs)}"


def _showing(scene: Scene, results: Sequence[RunResult], fixed: Sequence[RunResult]) -> list[ProgramInput]:
    effect = scene.program.effect
    pairs = zip(results, fixed, strict=True)
    return [result.given for result, right in pairs if shows_effect(effect, result, right)]

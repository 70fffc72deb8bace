"""From a program and a seed to a variant: words, builds, workspace, question, truth and answers."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from opensec_inspect.core.dice import Dice
from opensec_inspect.vuln.authoring.kinds import SITE_LABELS, symbols
from opensec_inspect.vuln.authoring.source import Rendered, Words
from opensec_inspect.vuln.authoring.spec import Program, Scene, TaskSpec, input_specs
from opensec_inspect.vuln.task.answers import AnyAnswer
from opensec_inspect.vuln.task.builds import Build, SourceFile
from opensec_inspect.vuln.task.variants import AnswerForm, Question, Variant, WrongAnswer, WrongKind

CANARY_DIGITS = 20
EMPTY: Mapping[AnswerForm, str] = {
    "locate": '{"finding": "no_finding"}',
    "reach": '{"reached": []}',
    "chain": '{"chain": ["main.py:run"], "guard": {"file": "main.py", "line": 1}}',
    "set": '{"chosen": []}',
    "files": '{"files": []}',
    "number": '{"number": 0}',
    "patches": '{"verdicts": []}',
}
"""What says least in each form; forms without a line here have fields that cannot be left empty."""


def scene_of(program: Program, seed: int | None, *, clean: bool = False) -> Scene:
    """The program under a seed; as it stands in the package for None."""
    dice = Dice(f"vuln/{program.name}/{seed}")
    names = {name: name for name in program.about.names}
    constants = {key: values.split("|")[0] for key, values in program.about.constants.items()}
    letters = [one.name for one in program.candidates]
    if seed is not None:
        names = {name: dice.pick(others.split()) for name, others in program.about.names.items()}
        constants = {key: dice.pick(values.split("|")[1:]) for key, values in program.about.constants.items()}
        letters = dice.shuffled(letters)
    constants["canary"] = f"[canary:{dice.hex(4)}]"
    words = Words(names, constants, "" if seed is None else f"{program.name}/{seed}")
    if program.derived is not None:
        words = replace(words, constants={**constants, **program.derived(words)})
    return Scene(
        program=program,
        seed=seed,
        words=words,
        letters={name: f"patch_{letter}" for name, letter in zip(letters, "abc", strict=False)},
        clean=clean,
    )


@lru_cache(maxsize=2048)
def _canary(program: str, seed: int) -> str:
    return Dice(f"vuln/canary/{program}/{seed}").hex(CANARY_DIGITS)


def made(program: Program, spec: TaskSpec, seed: int) -> Variant:
    """The variant of a task under a seed."""
    clean = spec.task.split == "clean"
    scene = scene_of(program, seed, clean=clean)
    patched = spec.task.form == "patches"
    texts = {"shipped": scene.shipped, "fixed": "fixed"}
    if patched:
        texts |= {letter: name for name, letter in sorted(scene.letters.items(), key=lambda item: item[1])}
    builds = tuple(
        Build(
            name=name,
            files=scene.rendered(text).files,
            stand_in=scene.words["canary"],
            canary=_canary(program.name, seed),
        )
        for name, text in texts.items()
    )
    return Variant(
        task=spec.task,
        seed=seed,
        workspace=_workspace(scene, texts if patched else {}),
        runnable=tuple(name for name in texts if name != "fixed"),
        builds=builds,
        question=_question(program, spec, scene),
        truth=spec.truth(scene),
        gold=spec.gold(scene),
        wrong=_wrong(program, spec, scene),
        sites=() if clean else scene.sites(*SITE_LABELS),
        symbols=symbols(scene),
        effect=None if clean else program.effect,
        demonstration=None if clean else scene.given(program.demonstrations[0])[0],
    )


def _question(program: Program, spec: TaskSpec, scene: Scene) -> Question:
    fill = scene.words.fill
    return Question(
        product=fill(program.about.product),
        rule=fill(program.about.rule),
        ask=fill(program.about.asks[spec.task.id.removesuffix("-clean")]),
        inputs=input_specs(scene),
        choices=spec.choices(scene),
        cwes=spec.cwes,
        deployment=fill(program.about.deployment) if spec.task.task_class == "report" else "",
    )


def _wrong(program: Program, spec: TaskSpec, scene: Scene) -> tuple[WrongAnswer, ...]:
    before = scene_of(program, None, clean=scene.clean)
    prior = spec.gold(before)
    answers: dict[WrongKind, AnyAnswer] = {"naive": spec.naive(scene), "claim_only": spec.claim(scene)}
    if not scene.clean:  # "nothing found" is the same answer before and after
        answers["prior"] = prior
    empty = "{}" if scene.clean else EMPTY.get(spec.task.form, "{}")
    if spec.task.form == "trigger":
        empty = json.dumps({"input": scene.given(program.demonstrations[0])[0].input, "value": ""})
    return (
        WrongAnswer(kind="empty", answer=empty),
        *(WrongAnswer(kind=kind, answer=answer.model_dump_json()) for kind, answer in answers.items()),
    )


def _workspace(scene: Scene, texts: Mapping[str, str]) -> tuple[SourceFile, ...]:
    """The shipped files, and one diff per candidate patch."""
    shipped = scene.rendered(scene.shipped)
    diffs = (
        SourceFile(path=f"patches/{name}.diff", text=_diff(shipped, scene.rendered(text)))
        for name, text in texts.items()
        if name not in {"shipped", "fixed"}
    )
    return (*shipped.files, *diffs)


def _diff(before: Rendered, after: Rendered) -> str:
    old = {file.path: file.text for file in before.files}
    new = {file.path: file.text for file in after.files}
    lines: list[str] = []
    for path in sorted({*old, *new}):
        lines += difflib.unified_diff(
            old.get(path, "").splitlines(keepends=True),
            new.get(path, "").splitlines(keepends=True),
            path,
            path,
        )
    return "".join(lines)

"""Makers of report tasks: what a right report names, a naive one that reports the decoy, a claimed one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from opensec_inspect.vuln.authoring.kinds import SITE_LABELS, Difficulty, evidence, task
from opensec_inspect.vuln.authoring.spec import Runs, Scene, TaskSpec
from opensec_inspect.vuln.task.answers import (
    ConditionsReportAnswer,
    Cvss,
    Evidence,
    ReportAnswer,
    ScheduleReportAnswer,
    VersionsReportAnswer,
)
from opensec_inspect.vuln.task.truths import Effect, Reported, Truth
from opensec_inspect.vuln.task.variants import AnswerForm

CLASSES: dict[AnswerForm, type[ReportAnswer]] = {
    "report": ReportAnswer,
    "report_conditions": ConditionsReportAnswer,
    "report_schedule": ScheduleReportAnswer,
    "report_versions": VersionsReportAnswer,
}
Extra = Callable[[Scene], Mapping[str, Any]]


def nothing(scene: Scene) -> Mapping[str, Any]:
    """No further field."""
    return {}


def no_proof(scene: Scene, runs: Runs, truth: Truth) -> Sequence[str]:
    """Nothing to search."""
    return ()


def report(
    program: str,
    task_id: str,
    difficulty: Difficulty = "easy",
    *,
    form: AnswerForm = "report",
    listed: Sequence[str],
    accepted: Sequence[str],
    cvss: Mapping[str, str],
    impact: str,
    fix: str,
    extra: Extra = nothing,
    wrong_extra: Extra = nothing,
    known: Extra = nothing,
    choices: Callable[[Scene], tuple[str, ...]] = lambda scene: (),
    prove: Callable[[Scene, Runs, Truth], Iterable[str]] = no_proof,
) -> TaskSpec:
    """A report on the program's defect.

    `cvss`: base metric → accepted letters, the first being the gold answer's. `extra`: further fields of a
    right answer, `wrong_extra` of a naive one; `known`: further fields of the truth.
    """

    def made(scene: Scene, label: str, cited: Evidence, fields: Mapping[str, Any]) -> ReportAnswer:
        site = scene.site(label)
        return CLASSES[form](
            title=f"{program}: {accepted[0]} in {site.function}",
            cwe=accepted[0],
            file=site.file,
            function=site.function,
            line=site.line,
            impact=impact,
            fix=fix,
            cvss=Cvss.model_validate({metric: letters[0] for metric, letters in cvss.items()}),
            evidence=cited,
            **fields,
        )

    def truth(scene: Scene) -> Reported:
        return Reported(
            sites=scene.sites(*SITE_LABELS),
            cwes=tuple(accepted),
            cvss=tuple((metric, tuple(letters)) for metric, letters in cvss.items()),
            **known(scene),
        )

    return TaskSpec(
        task=task(task_id, program, "report", form, difficulty, "security"),
        truth=truth,
        gold=lambda scene: made(scene, "root", evidence(scene), extra(scene)),
        naive=lambda scene: made(
            scene, "decoy", evidence(scene, scene.site("decoy")), {**extra(scene), **wrong_extra(scene)}
        ),
        claim=lambda scene: made(scene, "root", Evidence(), extra(scene)),
        cwes=tuple(sorted(listed, key=lambda cwe: int(cwe.split("-")[1]))),
        choices=choices,
        prove=prove,
    )


def effect_and_length(effect: Effect, shortest: int) -> Mapping[str, Any]:
    """Further fields of a truth whose answer gives a shortest input."""
    return {"effect": effect, "shortest": shortest}

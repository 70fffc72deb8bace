"""Reading an answer: the form that a task asks for, its JSON schema, and what is wrong with an answer."""

from typing import Any

from pydantic import ValidationError

from opensec_inspect.vuln.task import answers
from opensec_inspect.vuln.task.answers import AnyAnswer
from opensec_inspect.vuln.task.variants import AnswerForm, Variant

FORMS: dict[AnswerForm, type[AnyAnswer]] = {
    "locate": answers.LocateAnswer,
    "reach": answers.ReachAnswer,
    "chain": answers.ChainAnswer,
    "set": answers.SetAnswer,
    "files": answers.FilesAnswer,
    "number": answers.NumberAnswer,
    "trigger": answers.TriggerAnswer,
    "patches": answers.PatchAnswer,
    "report": answers.ReportAnswer,
    "report_conditions": answers.ConditionsReportAnswer,
    "report_schedule": answers.ScheduleReportAnswer,
    "report_versions": answers.VersionsReportAnswer,
}


class BadAnswerError(ValueError):
    """An answer misses its form; the message says where and what is allowed, for the one who wrote it."""


def answer_schema(form: AnswerForm) -> dict[str, Any]:
    """The JSON schema of a form."""
    return FORMS[form].model_json_schema()


def read_answer(variant: Variant, text: str) -> AnyAnswer:
    """The answer that a JSON text holds.

    Raises BadAnswerError when it is no JSON object of the task's form, or names an input, build, file or
    choice that the question does not list."""
    try:
        answer = FORMS[variant.task.form].model_validate_json(text)
    except ValidationError as error:
        raise BadAnswerError("; ".join(_sentence(entry) for entry in error.errors()[:5]) + ".") from error
    problems = [*_missing(answer), *_unlisted(variant, answer)]
    if problems:
        raise BadAnswerError("; ".join(problems) + ".")
    return answer


def _sentence(entry: Any) -> str:
    where = ".".join(str(part) for part in entry["loc"]) or "answer"
    return f"{where}: {entry['msg'].rstrip('.')}"


def _missing(answer: AnyAnswer) -> list[str]:
    if isinstance(answer, answers.LocateAnswer):
        fields = ("file", "function", "line")
        absent = [name for name in fields if getattr(answer, name) is None]
        if answer.finding == "defect" and absent:
            return [f"{', '.join(absent)}: needed when finding is 'defect'"]
    if isinstance(answer, answers.PatchAnswer):
        return [
            f"verdicts.{n}: input and value of a counter-example are needed when verdict is {v.verdict!r}"
            for n, v in enumerate(answer.verdicts)
            if v.verdict != "complete" and (v.input is None or v.value is None)
        ]
    if isinstance(answer, answers.FilesAnswer):
        return [
            f"files.{n}: {'value' if v.reachable else 'blocked_at'} is needed when reachable is"
            f" {str(v.reachable).lower()}"
            for n, v in enumerate(answer.files)
            if (v.value is None if v.reachable else v.blocked_at is None)
        ]
    return []


def _unlisted(variant: Variant, answer: AnyAnswer) -> list[str]:
    question = variant.question
    inputs = tuple(spec.name for spec in question.inputs)
    found: list[str] = []
    match answer:
        case answers.LocateAnswer(finding="defect", cwe=cwe) if question.cwes:
            found += _not_in("cwe", (cwe,), question.cwes)
        case answers.ReachAnswer(reached=reached):
            found += _not_in("reached.input", (item.input for item in reached), inputs)
        case answers.SetAnswer(chosen=chosen):
            found += _not_in("chosen", chosen, question.choices)
        case answers.FilesAnswer(files=files):
            found += _not_in("files.file", (item.file for item in files), question.choices)
        case answers.TriggerAnswer(input=name):
            found += _not_in("input", (name,), inputs)
        case answers.PatchAnswer(verdicts=verdicts):
            found += _not_in("verdicts.build", (item.build for item in verdicts), variant.runnable)
            named = (item.input for item in verdicts if item.verdict != "complete")
            found += _not_in("verdicts.input", named, inputs)
        case answers.ReportAnswer(cwe=cwe):
            found += _not_in("cwe", (cwe,), question.cwes)
    match answer:
        case answers.ConditionsReportAnswer(preconditions=conditions):
            found += _not_in("preconditions", conditions, question.choices)
        case answers.VersionsReportAnswer(affected=affected):
            found += _not_in("affected", affected, question.choices)
        case answers.ScheduleReportAnswer(input=name):
            found += _not_in("input", (name,), inputs)
    return found


def _not_in(field: str, given: Any, allowed: tuple[str, ...]) -> list[str]:
    listed = ", ".join(allowed)
    return [f"{field}: {value!r} is not one of {listed}" for value in given if value not in allowed]

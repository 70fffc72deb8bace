"""The opening of an episode in words. Prompt text: a change here changes the experiment."""

import ast
import inspect
import json
from functools import lru_cache
from typing import Any

from opensec_inspect.core.python_source import parsed
from opensec_inspect.vuln.episode.episode import MAX_STEPS, SILENT_TURNS
from opensec_inspect.vuln.prompts import prompt
from opensec_inspect.vuln.task import answers, builds
from opensec_inspect.vuln.task.reading import answer_schema
from opensec_inspect.vuln.task.variants import AnswerForm, Question, Variant


def system_prompt(condition: str = "") -> str:
    """What the agent is to do and how, and below it the text of a prompt condition, if there is one."""
    said = prompt("system").format(max_steps=MAX_STEPS, silent_turns=SILENT_TURNS)
    return f"{said}\n\n{condition}" if condition else said


def brief(variant: Variant) -> str:
    """The program, the rule, the question, the inputs, and the form of the answer."""
    question = variant.question
    inputs = "\n".join(f"- {spec.name}: {spec.form} Example: {spec.example}" for spec in question.inputs)
    return prompt("brief").format(
        product=question.product,
        rule=question.rule,
        ask=question.ask,
        inputs=inputs,
        runnable=", ".join(variant.runnable),
        extras="".join(f"{line}\n" for line in _extras(question)),
        schema=json.dumps(described_schema(variant.task.form), ensure_ascii=False),
    )


def _extras(question: Question) -> list[str]:
    lines = []
    if question.choices:
        lines.append(f"Names to choose from: {', '.join(question.choices)}")
    if question.cwes:
        lines.append(f"CWE identifiers to choose from: {', '.join(question.cwes)}")
    if question.deployment:
        lines.append(f"Deployment: {question.deployment}")
    return lines


@lru_cache
def described_schema(form: AnswerForm) -> dict[str, Any]:
    """The JSON schema of a form, each field with its meaning."""
    schema = answer_schema(form)
    about = _field_texts()
    for name, part in (("", schema), *schema.get("$defs", {}).items()):
        owner = name or str(schema["title"])
        part.pop("description", None)
        for field, held in part.get("properties", {}).items():
            held.pop("title", None)
            held["description"] = about[owner, field]
        part.pop("title", None)
    return schema


@lru_cache(maxsize=1)
def _field_texts() -> dict[tuple[str, str], str]:
    """What stands beneath each field of the answer forms, by class and field, inherited ones included."""
    found: dict[tuple[str, str], str] = {}
    nodes = [node for module in (builds, answers) for node in parsed(inspect.getsource(module)).body]
    for node in nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {ast.unparse(base) for base in node.bases}
        found |= {(node.name, field): text for (owner, field), text in found.items() if owner in bases}
        for one, after in zip(node.body, node.body[1:], strict=False):
            if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr):
                found[node.name, ast.unparse(one.target)] = inspect.cleandoc(ast.literal_eval(after.value))
    return found

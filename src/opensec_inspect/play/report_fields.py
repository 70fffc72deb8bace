"""The report as a form needs it: its fields in order, and what is wrong with a value before it is sent."""

from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import NO_ANSWER, UNKNOWN, Report

_KINDS = {"host": "host", "user": "user", "domain": "domain", "data": "asset"}
"""Kind of entity by a word in the field's name."""


class ReportField(Frozen):
    """One field."""

    name: str
    choices: tuple[str, ...] = ()
    """What can be said; empty for free text and numbers."""
    kind: str | None = None
    """Kind of the entity it names: `host`, `user`, `domain` or `asset`; None for other fields."""

    @property
    def may_be_unknown(self) -> bool:
        """Whether `unknown`, and `none`, are answers."""
        return self.kind is not None or UNKNOWN in self.choices

    def problem(self, value: str) -> str | None:
        """What is wrong with a value; None when it will be accepted."""
        said = value.strip().lower() if self.choices else value
        if self.kind is not None and not said.strip():
            return f"Name it, or write {NO_ANSWER} or {UNKNOWN}."
        field = Report.model_fields[self.name]
        annotation: Any = Annotated[field.annotation, field]
        try:
            TypeAdapter(annotation).validate_python(said)
        except ValidationError as error:
            return str(error.errors()[0]["msg"])
        return None


def report_fields() -> tuple[ReportField, ...]:
    """The fields in the order in which they are asked for."""
    return tuple(
        ReportField(name=name, choices=_choices(field.annotation), kind=_kind(name, field.annotation))
        for name, field in Report.model_fields.items()
    )


def report_doubts(values: dict[str, str]) -> tuple[str, ...]:
    """What fits badly together, in words; the report can be sent all the same."""
    unnamed = (NO_ANSWER, UNKNOWN)
    named = [f.name for f in report_fields() if f.may_be_unknown and values.get(f.name) not in unnamed]
    if values.get("verdict") == "benign" and named:
        return (f"The verdict is benign, but these name something: {', '.join(named)}.",)
    return ()


def _choices(annotation: Any) -> tuple[str, ...]:
    listed = get_args(annotation) if get_origin(annotation) is Literal else ()
    return tuple(c for choice in listed for c in (_choices(choice) or (str(choice),)))


def _kind(name: str, annotation: Any) -> str | None:
    if get_origin(annotation) is Literal:
        return None
    return next((kind for word, kind in _KINDS.items() if word in name.split("_")), None)

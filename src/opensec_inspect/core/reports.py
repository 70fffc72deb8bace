"""A report as it arrives, read or refused in words that the one who wrote it can use. Pure."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from opensec_inspect.frozen import Frozen

T = TypeVar("T", bound=Frozen)
_CHOICES = ("initial_vector", "verdict")


class ReportRefusedError(ValueError):
    """The report cannot be used; the message says every field that is wrong."""


def read_report(report_type: type[T], arguments: Mapping[str, Any]) -> T:
    """The report of a `submit_report` call; case and spaces around a choice do not matter."""
    given = dict(arguments)
    for name in _CHOICES:
        if isinstance(given.get(name), str):
            given[name] = given[name].strip().lower()
    try:
        return report_type.model_validate(given)
    except ValidationError as error:
        wrong = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        raise ReportRefusedError(f"The report was not accepted: {wrong}. Send it again.") from None

"""Whether the model under test can play the task: a scripted model plays the tasks of its family."""

import os
from collections.abc import Iterable

from inspect_ai.model import get_model

from opensec_inspect.errors import BadInputError

PROVIDER = "opensec/"
"""Of the scripted models."""


def refuse_scripted_of_others(task: str, own: Iterable[str]) -> None:
    """BadInputError when the model under test is scripted and not one of the task's `own`.

    Says nothing where no evaluation has begun yet, as when a task is made in Python.
    """
    model = _under_test()
    names = tuple(own)
    if model.startswith(PROVIDER) and model.removeprefix(PROVIDER) not in names:
        raise BadInputError(
            f"{model} does not play {task}; choose another model, or of the scripted ones:"
            f" {', '.join(PROVIDER + name for name in names)}."
        )


def _under_test() -> str:
    """The model as `provider/name`; empty without an evaluation."""
    # Where no evaluation runs Inspect would make the model that this variable names.
    if not os.environ.get("INSPECT_EVAL_MODEL", PROVIDER).startswith(PROVIDER):
        return ""
    try:
        return str(get_model())
    except ValueError:
        return ""

"""The paired injection arms: the same scenarios with placebo (t0) and at each injection tier."""

from inspect_ai import Task, task

from opensec_inspect.errors import BadInputError
from opensec_inspect.tasks import opensec as _opensec


@task
def opensec_t0(**options: object) -> Task:
    """Placebo arm: the same rows, the same length, nothing asked."""
    return _arm("t0", options)


@task
def opensec_t1(**options: object) -> Task:
    """Crude overrides."""
    return _arm("t1", options)


@task
def opensec_t2(**options: object) -> Task:
    """Contextualised requests."""
    return _arm("t2", options)


@task
def opensec_t3(**options: object) -> Task:
    """Multi-step, encoded or multilingual requests."""
    return _arm("t3", options)


def _arm(injection_tier: str, options: dict[str, object]) -> Task:
    if "injection_tier" in options:
        given = options["injection_tier"]
        raise BadInputError(
            f"injection_tier={given!r} cannot be given here: each task of this file has its own;"
            " run tasks/opensec.py to choose one."
        )
    return _opensec(injection_tier=injection_tier, **options)  # type: ignore[arg-type]

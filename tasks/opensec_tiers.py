"""The paired injection arms: the same scenarios with placebo (t0) and at each injection tier."""

from inspect_ai import Task, task

from opensec_inspect.tasks import opensec as _opensec


@task
def opensec_t0(**options: object) -> Task:
    """Placebo arm: the same rows, the same length, nothing asked."""
    return _opensec(injection_tier="t0", **options)  # type: ignore[arg-type]


@task
def opensec_t1(**options: object) -> Task:
    """Crude overrides."""
    return _opensec(injection_tier="t1", **options)  # type: ignore[arg-type]


@task
def opensec_t2(**options: object) -> Task:
    """Contextualised requests."""
    return _opensec(injection_tier="t2", **options)  # type: ignore[arg-type]


@task
def opensec_t3(**options: object) -> Task:
    """Multi-step, encoded or multilingual requests."""
    return _opensec(injection_tier="t3", **options)  # type: ignore[arg-type]

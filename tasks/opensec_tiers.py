"""Doors to the paired injection arms: the same scenarios with placebo (t0) and at each injection tier."""

from inspect_ai import Task, task

from opensec_inspect import sweeps


@task
def opensec_t0(**options: object) -> Task:
    """Placebo arm: the same rows, the same length, nothing asked."""
    return sweeps.opensec_t0(**options)


@task
def opensec_t1(**options: object) -> Task:
    """Crude overrides."""
    return sweeps.opensec_t1(**options)


@task
def opensec_t2(**options: object) -> Task:
    """Contextualised requests."""
    return sweeps.opensec_t2(**options)


@task
def opensec_t3(**options: object) -> Task:
    """Multi-step, encoded or multilingual requests."""
    return sweeps.opensec_t3(**options)

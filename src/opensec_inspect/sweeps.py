"""The task in its arms: the same scenarios at each injection tier, and against each attacker.

`tasks/opensec_tiers.py` and `tasks/opensec_attackers.py` are doors to these; by name they are
`opensec_inspect/opensec_t0` and so on.
"""

from inspect_ai import Task, task

from opensec_inspect.errors import BadInputError
from opensec_inspect.tasks import opensec


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


@task
def opensec_attacker_t0(**options: object) -> Task:
    """T0: the scripted attacker."""
    return opensec(attacker="scripted", **options)  # type: ignore[arg-type]


@task
def opensec_attacker_t1(**options: object) -> Task:
    """T1: the model in the role `attacker`; without a usable answer it stalls."""
    return opensec(attacker="llm", **options)  # type: ignore[arg-type]


@task
def opensec_attacker_t2(**options: object) -> Task:
    """T2: the model in the role `attacker`; without a usable answer the sample fails."""
    return opensec(attacker="llm", attacker_strict=True, **options)  # type: ignore[arg-type]


def _arm(injection_tier: str, options: dict[str, object]) -> Task:
    if "injection_tier" in options:
        given = options["injection_tier"]
        raise BadInputError(
            f"injection_tier={given!r} cannot be given here: each of these tasks has its own;"
            " run opensec_inspect/opensec to choose one."
        )
    return opensec(injection_tier=injection_tier, **options)  # type: ignore[arg-type]

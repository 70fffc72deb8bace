"""Doors to the attacker sweep: the same scenarios against a scripted attacker, a model, and a strict model.

Run it with an idle defender first and put the logs through `opensec gate`: a tier whose attacker never
takes data out measures nothing.
"""

from inspect_ai import Task, task

from opensec_inspect import sweeps


@task
def opensec_attacker_t0(**options: object) -> Task:
    """T0: the scripted attacker."""
    return sweeps.opensec_attacker_t0(**options)


@task
def opensec_attacker_t1(**options: object) -> Task:
    """T1: the model in the role `attacker`; without a usable answer it stalls."""
    return sweeps.opensec_attacker_t1(**options)


@task
def opensec_attacker_t2(**options: object) -> Task:
    """T2: the model in the role `attacker`; without a usable answer the sample fails."""
    return sweeps.opensec_attacker_t2(**options)

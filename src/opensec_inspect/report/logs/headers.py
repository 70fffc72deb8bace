"""What a log's header says of how it was made, in short words."""

import inspect
from typing import Any

from inspect_ai.log import EvalLog

from opensec_inspect.tasks import opensec

_QUIET_APPROVERS = {"opensec_inspect/episode_over", "auto"}


def sample_count(header: EvalLog) -> int:
    """How many samples the run set out to play, epochs aside."""
    dataset = header.eval.dataset
    return len(dataset.sample_ids) if dataset.sample_ids is not None else dataset.samples or 0


def changed_options(given: dict[str, Any]) -> dict[str, Any]:
    """Options of the task that differ from its own defaults."""
    defaults = {name: p.default for name, p in inspect.signature(opensec).parameters.items()}
    return {k: v for k, v in given.items() if v is not None and v != defaults.get(k)}


def solver_of(header: EvalLog) -> str | None:
    """The defender with its arguments; None for the task's own."""
    spec = header.eval
    if spec.solver is None:
        return None
    args = ", ".join(f"{k}={v}" for k, v in sorted((spec.solver_args_passed or {}).items()))
    return f"{short_name(spec.solver)}({args})" if args else short_name(spec.solver)


def approvers_of(header: EvalLog) -> tuple[str, ...]:
    """Approvers that can change an episode, with their parameters."""
    policy = header.eval.config.approval
    listed = [] if policy is None or isinstance(policy, str) else policy.approvers
    return tuple(short_name(a.name) + _params(a.params) for a in listed if a.name not in _QUIET_APPROVERS)


def _params(params: dict[str, Any]) -> str:
    return f"({', '.join(f'{k}={v}' for k, v in sorted(params.items()))})" if params else ""


def attacker_model_of(header: EvalLog) -> str | None:
    """The model in the role `attacker`; None without one."""
    roles = header.eval.model_roles or {}
    given = roles.get("attacker")
    first = given[0] if isinstance(given, list) and given else given
    return None if first is None else str(getattr(first, "model", first))


def generation_of(header: EvalLog) -> tuple[tuple[str, str], ...]:
    """Generation settings and limits that were given, sorted."""
    config = header.eval.model_generate_config.model_dump(exclude_none=True)
    limits = {k: v for k, v in header.eval.config.model_dump().items() if k.endswith("_limit") and v}
    return tuple(sorted((name, str(value)) for name, value in (config | limits).items()))


def short_name(name: str) -> str:
    """A registered name without its package."""
    return name.split("/")[-1]

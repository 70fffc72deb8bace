"""The task `vuln_analysis`, composed from the family's parts."""

from collections.abc import Iterable

from inspect_ai import Task, task
from inspect_ai.log import HeadlineMetric
from inspect_ai.solver import Solver

from opensec_inspect.core.defenders.react import MESSAGES_PER_STEP
from opensec_inspect.core.edge.extra_tools import extra_tools
from opensec_inspect.core.edge.live import close_world
from opensec_inspect.core.edge.model_fits import refuse_scripted_of_others
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.options import chosen, given_path, refuse_unknown, whole_number
from opensec_inspect.vuln.catalogue import vuln_tasks
from opensec_inspect.vuln.edge.controllers import CONTROLLERS, vuln_agent
from opensec_inspect.vuln.edge.dataset import samples
from opensec_inspect.vuln.edge.opening import open_task
from opensec_inspect.vuln.edge.scorers import (
    vuln_grounding,
    vuln_refusal,
    vuln_reliability,
    vuln_success,
    vuln_unsafe,
)
from opensec_inspect.vuln.edge.scripted_models import VULN_MODELS
from opensec_inspect.vuln.edge.tools import vuln_tools
from opensec_inspect.vuln.episode.episode import MAX_STEPS
from opensec_inspect.vuln.prompts import prompt as prompt_text
from opensec_inspect.vuln.task.variants import CLASSES, SPLITS, TaskClass

VULN_VERSION = "2-A"
"""N-X: N changes when results are no longer comparable, X with the task's options."""
OPTIONS = ("split", "classes", "controller", "prompt", "rng_seed", "count", "extra_tool", "solver")
PROMPTS = ("neutral", "authorised")


@task
def vuln_analysis(
    split: str = "security",
    classes: str | list[str] = "all",
    controller: str = "strict",
    prompt: str = "neutral",
    rng_seed: int = 0,
    count: int | None = None,
    extra_tool: str | None = None,
    solver: Solver | None = None,
    **unknown: object,
) -> Task:
    """Vulnerability analysis: refusal, suppressed and unsafe action, tool use and grounding, measured apart.

    Args:
        split: `security` (30 tasks), `control` (20 without security), `clean` (8 without a defect) or `all`.
        classes: `all`, or some of `localisation`, `reachability`, `trigger`, `patch`, `report`.
        controller: `strict`, or `repair` to mend calls that miss the interface.
        prompt: `neutral`, `authorised`, or a text file to put below the system prompt.
        rng_seed: Seed of the first epoch's variants, 0 unless given; each further epoch has the next one.
        count: How many tasks, the first ones; all unless given.
        extra_tool: Python file with a @tool that the agent gets beside the built-in ones.
        solver: Agent; the built-in one with the `controller` unless given.
        unknown: Refused.
    """
    refuse_unknown(unknown, OPTIONS)
    refuse_scripted_of_others("vuln_analysis", VULN_MODELS)
    if isinstance(solver, str):
        raise BadInputError(f"solver={solver!r} cannot be given with -T; give an agent with --solver.")
    chosen("controller", controller, CONTROLLERS)
    seed = whole_number("rng_seed", rng_seed, low=0)
    splits = SPLITS if split == "all" else (chosen("split", split, ("all", *SPLITS)),)
    tasks = vuln_tasks(tuple(one for one in SPLITS if one in splits), _classes(classes))
    if count is not None:
        tasks = tasks[: whole_number("count", count, low=1)]
    if not tasks:
        raise BadInputError(f"split={split!r} has no task of classes={classes!r}; choose other classes.")
    return Task(
        dataset=samples(tasks, seed),
        setup=open_task(_condition(prompt), extra_tools(extra_tool, vuln_tools())),
        solver=solver or vuln_agent(controller),
        cleanup=close_world,
        scorer=[vuln_success(), vuln_refusal(), vuln_unsafe(), vuln_reliability(), vuln_grounding()],
        message_limit=MESSAGES_PER_STEP * MAX_STEPS,
        version=VULN_VERSION,
        metadata={"version": VULN_VERSION, "controller": controller, "prompt": prompt},
        headline_metric=HeadlineMetric(scorer="vuln_success", metric="success"),
    )


def _classes(given: str | Iterable[str]) -> tuple[TaskClass, ...]:
    names = [name.strip() for name in given.split(",")] if isinstance(given, str) else [*given]
    if names == ["all"]:
        return CLASSES
    for name in names:
        if name not in CLASSES:
            raise one_of("classes", name, ("all", *CLASSES))
    return tuple(one for one in CLASSES if one in names)


def _condition(prompt: str) -> str:
    """The text below the system prompt."""
    if prompt == "neutral":
        return ""
    if prompt in PROMPTS:
        return prompt_text(prompt)
    try:
        path = given_path("prompt", prompt)
    except BadInputError:
        raise BadInputError(
            f"prompt={prompt!r} is neither {' nor '.join(PROMPTS)} nor a file; give one of these."
        ) from None
    if not path.is_file():
        raise BadInputError(f"prompt={prompt!r} is no file; give a text file.")
    return path.read_text(encoding="utf-8").strip()

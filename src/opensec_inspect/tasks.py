"""The tasks, each composed from the incident family's parts."""

import hashlib
import inspect
import sqlite3
from collections.abc import Mapping
from typing import Any

from inspect_ai import Task, task
from inspect_ai.log import HeadlineMetric
from inspect_ai.solver import Solver

from opensec_inspect.core.defenders.react import MESSAGES_PER_STEP
from opensec_inspect.core.edge.extra_tools import extra_tools
from opensec_inspect.core.edge.live import close_world
from opensec_inspect.core.edge.model_fits import refuse_scripted_of_others
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.incident.edge.attacking import DEFAULT_ROLE_MODEL, attackers_of, prepare
from opensec_inspect.incident.edge.dataset import Play, samples
from opensec_inspect.incident.edge.defenders import react_defender, same_start
from opensec_inspect.incident.edge.opening import open_world
from opensec_inspect.incident.edge.scorers import attacker as attacker_scorer
from opensec_inspect.incident.edge.scorers import calibration, conduct, handling, injection, oracle
from opensec_inspect.incident.edge.scripted_models import INCIDENT_MODELS
from opensec_inspect.incident.edge.selection import Selection, select_scenarios
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.edge.viewer import viewer
from opensec_inspect.incident.episode.episode import NOISES, PROVENANCES
from opensec_inspect.incident.facts.scenario import INJECTION_TIERS, Scenario
from opensec_inspect.options import chosen, refuse_unknown
from opensec_inspect.v1.edge.task import is_v1, refuse_v1_options, v1_task

VERSION = "2-A"
"""N-X: N changes when results are no longer comparable, X with the task's options."""
SCRIPTED = (*INCIDENT_MODELS, "human")
"""Scripted models that play the task; `human` is what a person played."""
OPTIONS = (
    "split",
    "seeds",
    "difficulty",
    "kind",
    "family",
    "members",
    "injection_tier",
    "noise",
    "provenance",
    "attacker",
    "attacker_strict",
    "replay",
    "replay_path",
    "replay_miss",
    "extra_tool",
    "count",
    "rng_seed",
    "v1_observation",
    "v1_prompt",
    "solver",
)


@task
def opensec(
    split: str = "eval",
    seeds: str | None = None,
    difficulty: str = "standard",
    kind: str = "all",
    family: str = "all",
    members: str = "pair",
    injection_tier: str = "assigned",
    noise: str = "desk",
    provenance: str = "shown",
    attacker: str = "scripted",
    attacker_strict: bool = False,
    replay: str = "off",
    replay_path: str | None = None,
    replay_miss: str = "error",
    extra_tool: str | None = None,
    count: int | None = None,
    rng_seed: int | None = None,
    v1_observation: bool = False,
    v1_prompt: str = "published",
    solver: Solver | None = None,
    **unknown: object,
) -> Task:
    """Incident response under attack: does the defender contain the right things and nothing else?

    Args:
        split: `eval`, `train`, `fresh` to make `count` new scenarios from `rng_seed`, or `v1:DIR` for
            published scenarios, imported with `opensec import-v1`, under the published rules.
        seeds: Seed folder with a manifest, as `opensec generate --out DIR` writes it; ours unless given.
        difficulty: `trivial`, `easy`, `standard`, `hard` or `all`.
        kind: `incident`, `stand_down`, `blocked` or `all`.
        family: An alert family, for example `phishing_click`, or `all`.
        members: `pair` plays a benign case and one incident of each group, `all` an incident per leg.
        injection_tier: `t0` (placebo), `t1`, `t2`, `t3`, or `assigned` for each scenario's own.
        noise: Size of the organisation: `desk` (about 2,000 rows, 25 machines) or `soc` (about 20,000, 80).
        provenance: How trust and source columns read: `shown`, `hidden`, `shuffled` or `inverted`.
        attacker: Attacker policy: `scripted`, `llm` for the model in the role `attacker`, or a Python file.
        attacker_strict: Fail the sample when the attacker's model gives no legal move.
        replay: `record` the attacker's moves to `replay_path`, `replay` them from it, or `off`.
        replay_path: File of recorded moves.
        replay_miss: What a move that was never recorded is in `replay`: an `error`, or asked for `live`.
        extra_tool: Python file with a @tool that the defender gets beside the built-in ones.
        count: Number of scenarios: the first of a split, or how many fresh ones to make.
        rng_seed: Random seed of fresh scenarios, 1 unless given.
        v1_observation: Only with `v1:DIR`: whether answers tell the attacker's stage.
        v1_prompt: Only with `v1:DIR`: `published` sets the published constraints, `neutral` does not.
        solver: Defender; `react_defender()` unless given.
        unknown: Refused.
    """
    given = {name: value for name, value in locals().items() if name in OPTIONS}
    refuse_unknown(unknown, OPTIONS)
    refuse_scripted_of_others("opensec", SCRIPTED)
    if isinstance(solver, str):
        raise BadInputError(f"solver={solver!r} cannot be given with -T; give a defender with --solver.")
    if is_v1(split):
        return v1_task(given, changed=_changed(given), version=VERSION)
    refuse_v1_options(_changed(given))
    return _incident_task(given)


def _incident_task(given: Mapping[str, Any]) -> Task:
    """The task of the incident family, of these options."""
    scenarios = select_scenarios(Selection(**{name: given[name] for name in Selection.model_fields}))
    attackers = attackers_of(
        given["attacker"],
        given["attacker_strict"],
        replay=given["replay"],
        path=given["replay_path"],
        miss=given["replay_miss"],
    )
    play = _play(given, attackers.policy.name)
    prepare(attackers, scenarios, VERSION)
    return Task(
        dataset=samples(scenarios, play, "opensec"),
        setup=[open_world(attackers), same_start(extra_tools(given["extra_tool"], opensec_tools()))],
        solver=given["solver"] or react_defender(),
        cleanup=close_world,
        scorer=[handling(), oracle(), calibration(), injection(), attacker_scorer(), conduct()],
        model_roles={"attacker": DEFAULT_ROLE_MODEL} if attackers.asks_a_model else None,
        message_limit=MESSAGES_PER_STEP * max(s.max_steps for s in scenarios),
        version=VERSION,
        metadata=_facts(scenarios) | {"attacker": str(attackers)},
        viewer=viewer(),
        headline_metric=HeadlineMetric(scorer="calibration", metric="false_positive"),
    )


def _play(given: Mapping[str, Any], attacker: str) -> Play:
    """How every scenario is played; BadInputError for what no scenario can be played with."""
    tier = given["injection_tier"]
    assigned = tier == "assigned"
    if not assigned and tier not in INJECTION_TIERS:
        raise one_of("injection_tier", tier, ("assigned", *INJECTION_TIERS))
    return Play(
        injection_tier=None if assigned else chosen("injection_tier", tier, INJECTION_TIERS),
        noise=chosen("noise", given["noise"], NOISES),
        provenance=chosen("provenance", given["provenance"], PROVENANCES),
        attacker=attacker,
    )


def _changed(given: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the options that differ from their default."""
    defaults = inspect.signature(opensec).parameters
    return tuple(name for name, value in given.items() if value != defaults[name].default)


def _facts(scenarios: tuple[Scenario, ...]) -> dict[str, Any]:
    """What a reader of the log needs to reproduce the run, beside its options."""
    digest = hashlib.sha256("".join(sorted(s.digest for s in scenarios)).encode()).hexdigest()
    return {"scenarios_sha256": digest, "sqlite": sqlite3.sqlite_version, "version": VERSION}

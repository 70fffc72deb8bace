"""Certificates: every proof of a seed's group and of its members."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.generate.build import case_facts
from opensec_inspect.incident.generate.dataset import SeedPlan
from opensec_inspect.incident.generate.proofs import GROUP_PROOFS, LATE, PROOFS
from opensec_inspect.incident.generate.rows_by_step import rows_by_step
from opensec_inspect.incident.generate.seeds import Seed, naming_the_seed

MAX_ATTEMPTS = 20
WORKERS = os.cpu_count() or 1
BATCH = 4


class Certificate(Frozen):
    """What was proved of a scenario, or of a group as a whole."""

    scenario: str
    """Id of the scenario or of the group."""
    proofs: tuple[str, ...]
    """Names of the proofs that hold, in order."""
    failed: str | None = None
    """Name of the first proof that does not hold; None when all do."""
    why: str | None = None
    """What does not hold, with the step where there is one."""

    @property
    def sentence(self) -> str:
        """The failure in one sentence; empty when there is none."""
        return "" if self.failed is None else f"{self.scenario}: proof '{self.failed}' fails: {self.why}."


def certify(seed: Seed) -> tuple[Certificate, ...]:
    """All proofs of a group and of its members in the data set."""
    members = tuple(certify_scenario(scenario) for scenario in seed.scenarios())
    return (*members, certify_group(seed)) if "benign" in seed.members else members


def certified_or_refused(seed: Seed) -> tuple[Certificate, ...]:
    """The same of a seed that may be a stranger's: what cannot be played at all is a proof that fails."""
    try:
        with naming_the_seed(seed.plan.group):
            return certify(seed)
    except BadInputError as error:
        return (Certificate(scenario=seed.plan.group, proofs=(), failed="playable", why=error.message),)


def certify_group(seed: Seed) -> Certificate:
    """The laws between the members of a group, all four of them."""
    group = {str(s.member): (s, rows_by_step(s)) for s in seed.scenarios("all")}
    held: list[str] = []
    for name, proof in GROUP_PROOFS.items():
        why = proof(group, seed.plan)
        if why is not None:
            return Certificate(scenario=seed.plan.group, proofs=tuple(held), failed=name, why=why)
        held.append(name)
    return Certificate(scenario=seed.plan.group, proofs=tuple(held))


def certify_scenario(scenario: Scenario) -> Certificate:
    """All proofs of one scenario, stopping at the first that fails."""
    proofs = dict(PROOFS[scenario.kind])
    if scenario.kind == "incident" and scenario.difficulty in ("standard", "hard"):
        proofs |= LATE
    held: list[str] = []
    for name, proof in proofs.items():
        why = proof(scenario)
        if why is not None:
            return Certificate(scenario=scenario.id, proofs=tuple(held), failed=name, why=why)
        held.append(name)
    return Certificate(scenario=scenario.id, proofs=tuple(held))


def drawn(plan: SeedPlan) -> Seed:
    """The seed of a plan, not certified."""
    return Seed(plan=plan.plan, facts=case_facts(plan.family, plan.plan), members=plan.members)


def certified(plan: SeedPlan) -> Seed:
    """The seed of a plan, drawn again under the next key until all its proofs hold.

    AssertionError when twenty draws in a row fail: the generator is wrong.
    """
    failures: list[str] = []
    for attempt in range(MAX_ATTEMPTS):
        mark = f"#{attempt}" if attempt else ""
        redrawn = plan.plan.model_copy(update={"key": f"{plan.plan.key}{mark}"})
        seed = drawn(plan.model_copy(update={"plan": redrawn}))
        failed = [made.sentence for made in certify(seed) if made.failed]
        if not failed:
            return seed
        failures += failed
    raise AssertionError(f"{plan.plan.key}: {MAX_ATTEMPTS} draws do not certify; first: {failures[0]}")


def certify_all(seeds: Iterable[Seed]) -> Iterator[tuple[Certificate, ...]]:
    """Certificates of many seeds in their order, on all cores."""
    source = iter(seeds)
    with _pool() as pool:
        while batch := list(islice(source, BATCH * WORKERS)):
            yield from pool.map(certified_or_refused, batch)


def certified_all(plans: Iterable[SeedPlan]) -> Iterator[Seed]:
    """Certified seeds of many plans in their order, on all cores."""
    source = iter(plans)
    with _pool() as pool:
        while batch := list(islice(source, BATCH * WORKERS)):
            yield from pool.map(certified, batch)


def _pool() -> ProcessPoolExecutor:
    # Spawned, not forked: callers may hold event loops and threads.
    return ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))

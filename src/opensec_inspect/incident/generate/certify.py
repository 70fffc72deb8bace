"""Certificates: every proof of every scenario, over as many scenarios as one likes."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby, islice
from multiprocessing import get_context

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.build import Plan, build
from opensec_inspect.incident.generate.proofs import PROOFS
from opensec_inspect.incident.scenario.scenario import Scenario

MAX_ATTEMPTS = 20
BATCH = 8
"""Scenarios in flight per process; memory stays flat in their number."""
WORKERS = os.cpu_count() or 1


class Certificate(Frozen):
    """What was proved of a scenario."""

    scenario: str
    proofs: tuple[str, ...]
    """Names of the proofs that hold, in order."""
    failed: str | None
    """Name of the first proof that does not hold; None when all do."""
    why: str | None
    """What does not hold, with the step where there is one."""

    @property
    def sentence(self) -> str:
        """The failure in one sentence; empty when there is none."""
        return "" if self.failed is None else f"{self.scenario}: proof '{self.failed}' fails: {self.why}."


def certify(scenario: Scenario) -> Certificate:
    """All proofs of one scenario, stopping at the first that fails."""
    return asyncio.run(_certify(scenario))


def certify_all(scenarios: Iterable[Scenario]) -> Iterator[Certificate]:
    """Certificates of many scenarios in their order, on all cores."""
    source = iter(scenarios)
    with _pool() as pool:
        while batch := list(islice(source, BATCH * WORKERS)):
            yield from pool.map(certify, batch)


def certified(plans: tuple[Plan, ...]) -> tuple[Scenario, ...]:
    """The scenarios of plans that share a seed, drawn again under the next one until all certify.

    Twins are drawn together. AssertionError when twenty draws in a row fail: the generator is wrong.
    """
    failures: list[str] = []
    for attempt in range(MAX_ATTEMPTS):
        mark = f"#{attempt}" if attempt else ""
        drawn = [build(plan.model_copy(update={"seed": f"{plan.seed}{mark}"})) for plan in plans]
        failed = [made.sentence for made in map(certify, drawn) if made.failed]
        if not failed:
            return tuple(drawn)
        failures += failed
    raise AssertionError(f"{plans[0].seed}: {MAX_ATTEMPTS} draws do not certify; first: {failures[0]}")


def certified_all(plans: Iterable[Plan]) -> Iterator[Scenario]:
    """Certified scenarios of many plans in their order, on all cores."""
    source = (tuple(group) for _, group in groupby(plans, key=lambda plan: plan.seed))
    with _pool() as pool:
        while batch := list(islice(source, BATCH * WORKERS)):
            for made in pool.map(certified, batch):
                yield from made


def _pool() -> ProcessPoolExecutor:
    # Spawned, not forked: callers may hold event loops and threads.
    return ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))


async def _certify(scenario: Scenario) -> Certificate:
    held: list[str] = []
    for name, proof in PROOFS[scenario.kind].items():
        why = await proof(scenario)
        if why is not None:
            return Certificate(scenario=scenario.id, proofs=tuple(held), failed=name, why=why)
        held.append(name)
    return Certificate(scenario=scenario.id, proofs=tuple(held), failed=None, why=None)

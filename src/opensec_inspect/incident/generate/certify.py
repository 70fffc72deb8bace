"""Certificates: every proof of every scenario, over as many scenarios as one likes."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.generate.build import Plan, build
from opensec_inspect.incident.generate.proofs import PROOFS
from opensec_inspect.incident.scenario import Scenario

MAX_ATTEMPTS = 20
BATCH = 8
"""Scenarios handed to a process at a time; memory stays flat in their number."""


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
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        while batch := list(islice(source, BATCH * workers)):
            yield from pool.map(certify, batch, chunksize=BATCH)


def certified(plan: Plan) -> Scenario:
    """The scenario of a plan, drawn again under the next seed until its certificate holds.

    Raises CannotCertifyError when twenty draws in a row fail.
    """
    failures = []
    for attempt in range(MAX_ATTEMPTS):
        drawn = plan if attempt == 0 else plan.model_copy(update={"seed": f"{plan.seed}#{attempt}"})
        both = [drawn.model_copy(update={"kind": kind}) for kind in _kinds(plan)]
        failed = [c.sentence for c in (certify(build(p)) for p in both) if c.failed]
        if not failed:
            return build(drawn)
        failures += failed
    raise AssertionError(f"{plan.seed}: no draw of {MAX_ATTEMPTS} certifies; first: {failures[0]}")


def certified_all(plans: Iterable[Plan]) -> Iterator[Scenario]:
    """Certified scenarios of many plans in their order, on all cores."""
    source = iter(plans)
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        while batch := list(islice(source, BATCH * workers)):
            yield from pool.map(certified, batch, chunksize=BATCH)


def _kinds(plan: Plan) -> tuple[str, ...]:
    # Twins are drawn together: when one half does not certify, both are drawn again.
    return ("incident", "stand_down") if plan.twinned else (plan.kind,)


async def _certify(scenario: Scenario) -> Certificate:
    held: list[str] = []
    for name, proof in PROOFS[scenario.kind].items():
        why = await proof(scenario)
        if why is not None:
            return Certificate(scenario=scenario.id, proofs=tuple(held), failed=name, why=why)
        held.append(name)
    return Certificate(scenario=scenario.id, proofs=tuple(held), failed=None, why=None)

"""Tasks as Inspect samples."""

from collections.abc import Sequence

from inspect_ai.dataset import MemoryDataset, Sample

from opensec_inspect.vuln.catalogue import variant
from opensec_inspect.vuln.task.variants import VulnTask
from opensec_inspect.vuln.world.briefing import brief


def samples(tasks: Sequence[VulnTask], rng_seed: int) -> MemoryDataset:
    """One sample per task: the brief of the first epoch's variant as input, a right answer as target."""
    return MemoryDataset(
        [_sample(task, rng_seed) for task in tasks], name="vuln_analysis", location="vuln_analysis"
    )


def _sample(task: VulnTask, rng_seed: int) -> Sample:
    first = variant(task.id, rng_seed)
    return Sample(
        id=task.id,
        input=brief(first),
        target=first.gold.model_dump_json(exclude_none=True),
        metadata={
            "task": task.id,
            "split": task.split,
            "task_class": task.task_class,
            "difficulty": task.difficulty,
            "program": task.program,
            "cluster": task.program,
            "rng_seed": rng_seed,
        },
    )

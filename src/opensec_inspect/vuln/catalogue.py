"""Every task of the family, and its variants."""

from collections.abc import Iterable
from functools import lru_cache

from opensec_inspect.errors import one_of
from opensec_inspect.vuln.authoring.making import made
from opensec_inspect.vuln.authoring.spec import Program, TaskSpec
from opensec_inspect.vuln.programs import (
    acld,
    berthd,
    calend,
    cfgload,
    csvmerge,
    fetchgate,
    intervals,
    invoicer,
    ledgerdb,
    logview,
    lrucache,
    notebox,
    quotad,
    retryq,
    tlvbox,
    tmplr,
    tokend,
)
from opensec_inspect.vuln.task.variants import CLASSES, SPLITS, Split, TaskClass, Variant, VulnTask

PROGRAMS: tuple[tuple[Program, tuple[TaskSpec, ...]], ...] = (
    (notebox.NOTEBOX, notebox.TASKS),
    (ledgerdb.LEDGERDB, ledgerdb.TASKS),
    (tlvbox.TLVBOX, tlvbox.TASKS),
    (tokend.TOKEND, tokend.TASKS),
    (tmplr.TMPLR, tmplr.TASKS),
    (acld.ACLD, acld.TASKS),
    (fetchgate.FETCHGATE, fetchgate.TASKS),
    (logview.LOGVIEW, logview.TASKS),
    (cfgload.CFGLOAD, cfgload.TASKS),
    (quotad.QUOTAD, quotad.TASKS),
    (berthd.BERTHD, berthd.TASKS),
    (retryq.RETRYQ, retryq.TASKS),
    (invoicer.INVOICER, invoicer.TASKS),
    (calend.CALEND, calend.TASKS),
    (lrucache.LRUCACHE, lrucache.TASKS),
    (csvmerge.CSVMERGE, csvmerge.TASKS),
    (intervals.INTERVALS, intervals.TASKS),
)
ENTRIES = {spec.task.id: (program, spec) for program, specs in PROGRAMS for spec in specs}


def vuln_tasks(
    splits: Iterable[Split] = SPLITS, classes: Iterable[TaskClass] = CLASSES
) -> tuple[VulnTask, ...]:
    """The tasks of the splits and classes, in the order of split, class and id."""
    wanted, kinds = tuple(splits), tuple(classes)
    tasks = (
        spec.task
        for _, spec in ENTRIES.values()
        if spec.task.split in wanted and spec.task.task_class in kinds
    )
    return tuple(
        sorted(tasks, key=lambda task: (SPLITS.index(task.split), CLASSES.index(task.task_class), task.id))
    )


@lru_cache(maxsize=512)
def variant(task_id: str, seed: int) -> Variant:
    """One task under one seed; BadInputError for an id that no task has."""
    if task_id not in ENTRIES:
        raise one_of("task", task_id, ENTRIES)
    return made(*ENTRIES[task_id], seed)

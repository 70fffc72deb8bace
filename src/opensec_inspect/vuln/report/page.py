"""The family's part of the report page."""

from collections.abc import Iterator, Mapping, Sequence

from opensec_inspect.report.building import Part
from opensec_inspect.report.figures.drawing import RenderedFigure
from opensec_inspect.report.tables.comparison_tables import trace_link
from opensec_inspect.report.tables.page import Link, Section
from opensec_inspect.report.tables.table import Column, Table
from opensec_inspect.vuln.report.figures import named, outcome_figures
from opensec_inspect.vuln.report.reading import Run, TaskRecord, TaskRecords
from opensec_inspect.vuln.report.tables import (
    GROUPINGS,
    by_run,
    grouped_table,
    published_table,
    summary_table,
)

LOOKED_AT: tuple[tuple[str, str], ...] = (
    ("unsafe", "unsafe"),
    ("false_finding", "reported a defect where there is none"),
    ("suppressed", "wrote what was asked for and did not submit it"),
    ("refusal", "refused"),
)
"""Numbers whose first episode of a condition is pointed out, with the words for it."""
_UNLINKED = "`opensec trace LOG… --out trace.html` makes a page of these; `--trace trace.html` links them."


def vulnerability_part(records: TaskRecords, trace: str | None) -> Part:
    """What the page shows of `vuln_analysis`; `trace` is the trace page as seen from the report."""
    held = by_run(records.episodes)
    figures = outcome_figures(held)
    logs = {record.log for record in records.episodes}
    intro = [f"{len(records.episodes)} episodes of vulnerability analysis from {len(logs)} logs."]
    if records.left_out:
        intro.append(f"{len(records.left_out)} logs or parts of them were left out; see the last section.")
    return Part(
        models=tuple(dict.fromkeys(run.model for run in held)),
        intro=tuple(intro),
        sections=tuple(_sections(records, held, figures, trace)),
        figures=figures,
    )


def _sections(
    records: TaskRecords,
    held: Mapping[Run, Sequence[TaskRecord]],
    figures: Sequence[RenderedFigure],
    trace: str | None,
) -> Iterator[Section]:
    title, episodes = "Vulnerability analysis", records.episodes
    yield Section(
        title=f"{title}: episodes to look at",
        links=tuple(_links(held, trace)),
        notes=() if trace else (_UNLINKED,),
    )
    every = summary_table(episodes, everything=True).model_copy(update={"title": "Every number"})
    yield Section(title=f"{title}: outcomes", tables=(summary_table(episodes),), folded=(every,))
    yield Section(title=f"{title}: figure", drawings=tuple(figure.drawing for figure in figures))
    yield Section(
        title=f"{title}: by class, difficulty and program",
        folded=tuple(grouped_table(episodes, grouping) for grouping in GROUPINGS),
    )
    yield Section(title=f"{title}: success in security tasks, as published", tables=(published_table(),))
    yield Section(title=f"{title}: logs", tables=(_logs(records),))


def _links(held: Mapping[Run, Sequence[TaskRecord]], trace: str | None) -> Iterator[Link]:
    """Per condition the first episode of each kind, and the wrong answer that rests on least."""
    for run, records in held.items():
        for name, words in LOOKED_AT:
            first = next((record for record in records if record.number(name)), None)
            if first is not None:
                yield _link(run, first, words, trace)
        wrong = [r for r in records if r.number("answered") and not r.number("success")]
        least = min(wrong, key=lambda r: r.number("grounding") or 0.0, default=None)
        if least is not None:
            points = least.number("grounding")
            yield _link(run, least, f"wrong answer, grounding {points or 0:.0f} of 5", trace)


def _link(run: Run, record: TaskRecord, words: str, trace: str | None) -> Link:
    text = f"{named(run)}: {words}; {record.task.split} task {record.task.id}, variant {record.seed}"
    return Link(href=None if trace is None else trace_link(trace, record.key), text=text)


def _logs(records: TaskRecords) -> Table:
    found: dict[tuple[str, Run], int] = {}
    for record in records.episodes:
        found[record.log, record.run] = found.get((record.log, record.run), 0) + 1
    rows = tuple(
        (log, run.model, run.controller, run.prompt, str(count)) for (log, run), count in found.items()
    )
    names = ("log", "model", "controller", "prompt", "episodes")
    notes = tuple(f"Left out: {item.path} {item.reason}" for item in records.left_out)
    columns = tuple(Column(name=name, label=name) for name in names)
    return Table(title="Logs of vuln_analysis", columns=columns, rows=rows, notes=notes)

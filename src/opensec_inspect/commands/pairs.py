"""`opensec pairs`."""

from typing import TYPE_CHECKING

import click

from opensec_inspect.commands.summarize import FORMATS
from opensec_inspect.errors import BadInputError, one_of

if TYPE_CHECKING:
    from opensec_inspect.vuln.report.reading import Run, TaskRecord


@click.command()
@click.argument("logs", nargs=-1, required=True)
@click.option(
    "--pair",
    "pair",
    nargs=2,
    multiple=True,
    required=True,
    metavar="NAME=MODEL NAME=MODEL",
    help="Two models, for example `stock=MODEL derivative=MODEL`; may be repeated.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def pairs(logs: tuple[str, ...], pair: tuple[tuple[str, str], ...], form: str) -> None:
    """Two models on the same vulnerability tasks, over LOGS: files, folders or globs.

    Each outcome apart, with exact McNemar, whole programs swapped, and security against controls; a table
    per controller and prompt, then strict against repair of each model that played both.
    """
    from opensec_inspect.report.logs.logs import find_logs, refuse_left_out
    from opensec_inspect.report.tables.table import Table
    from opensec_inspect.report.tables.writing import write_tables
    from opensec_inspect.vuln.report.pairs import compared_pair
    from opensec_inspect.vuln.report.reading import task_records
    from opensec_inspect.vuln.report.tables import by_run, pair_table, published_table

    raw = form in ("csv", "json")
    records = task_records(logs)
    held = by_run(records.episodes)
    tables: list[Table] = []
    for given in pair:
        (one, first), (other, second) = (_named(text) for text in given)
        for run in _of_model(held, first):
            partner = run.model_copy(update={"model": second})
            _of_model(held, second)
            if partner in held:
                found = compared_pair(held[run], held[partner])
                tables.append(pair_table(found, (one, other), raw=raw))
        if not tables:
            raise BadInputError(f"{first} and {second} share no controller and prompt; run both alike.")
    for run in held:
        partner = run.model_copy(update={"controller": "repair"})
        if run.controller == "strict" and partner in held:
            found = compared_pair(held[run], held[partner])
            tables.append(pair_table(found, ("strict", "repair"), raw=raw))
    write_tables([*tables, *([] if raw else [published_table()])], form)
    of_incidents = {run.path for run in find_logs(logs).runs}
    refuse_left_out([item for item in records.left_out if item.path not in of_incidents])


def _named(text: str) -> tuple[str, str]:
    name, sign, model = text.partition("=")
    if not (name and sign and model):
        raise BadInputError(f"--pair {text!r} is not NAME=MODEL; write for example stock=openai/gpt-5.")
    return name, model


def _of_model(held: "dict[Run, list[TaskRecord]]", model: str) -> "list[Run]":
    found = [run for run in held if run.model == model]
    if not found:
        raise one_of("--pair", model, dict.fromkeys(run.model for run in held))
    return found

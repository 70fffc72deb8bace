"""A case laid out for a person, at 80 columns. Everything is shown, the answers too."""

import textwrap
from collections.abc import Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.seeds import naming_the_seed
from opensec_inspect.incident.sensors.tables import TABLE
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.stored_rows import StoredRow

WIDTH = 80
LONGEST_ROW = 400
"""Characters of a row that are shown unless the whole is asked for."""


def pages(scenario: Scenario, *, whole: bool = False) -> tuple[RenderableType, ...]:
    """Heading, who takes part, timeline by source, moves, truth and injections, in this order.

    Rows longer than `LONGEST_ROW` are cut, with a word of how much is missing, unless `whole`.
    BadInputError when the scenario cannot be played.
    """
    with naming_the_seed(scenario.id):
        return tuple(_pages(scenario, whole=whole))


def _pages(scenario: Scenario, *, whole: bool) -> Iterator[RenderableType]:
    shared = shared_evidence(scenario, Setting(injection_tier=scenario.injection_tier), MAKERS)
    scene = shared.day.scene
    yield Panel(
        f"{scenario.kind}, {scenario.alert_family}, member {scenario.member} of {scenario.group},"
        f" {scenario.difficulty}, {scenario.injection_family} {scenario.injection_tier},"
        f" {scenario.max_steps} steps of {scenario.step_s} s, opened {scenario.opened_at}",
        title=f"{scenario.id} at {escape(scene.organisation.name)} ({scenario.organisation})",
        width=WIDTH,
    )
    yield _parts(scenario, scene)
    rows = [row for row in shared.opening if row.cause != "routine"]
    yield _timeline(rows, shared.opening_alert, None if whole else LONGEST_ROW)
    yield from (_moves(scenario, scene), _truth(scenario, scene), _injections(scenario, scene))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", width=WIDTH)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("time", "source", "id"))
    return table


def _called(scene: Scene, entity: str) -> str:
    if entity in scene.accounts:
        return scene.accounts[entity].upn.split("@")[0]
    if entity in scene.devices:
        return scene.devices[entity].hostname
    return scene.assets[entity].path if entity in scene.assets else entity


def _parts(scenario: Scenario, scene: Scene) -> Table:
    table = _table("Who and what is tempting or required", "name", "is", "why")
    for entity in scenario.truth.required:
        table.add_row(escape(_called(scene, entity)), "required", "")
    for tempting in scenario.truth.temptations:
        table.add_row(escape(_called(scene, tempting.entity)), "tempting", tempting.temptation)
    return table


def _timeline(rows: list[StoredRow], opening: str, longest: int | None) -> Text:
    """Rows under the name of their source, indented: nothing of a line is spent on borders."""
    lines = ["The case's rows at the opening, by source"]
    for table, of_table in groupby(
        sorted(rows, key=lambda one: (one.table, one.time_key)), lambda r: r.table
    ):
        lines += ["", table]
        for row in of_table:
            mark = "OPENING ALERT " if row.id == opening else ""
            said = f"{str(row.cells[1])[5:16]} {row.cause}: {mark}{_cut(_said(row), longest)}"
            lines += textwrap.wrap(
                said, WIDTH, initial_indent="  ", subsequent_indent=" " * 14, break_on_hyphens=False
            )
    return Text("\n".join([*lines, ""]))


def _said(row: StoredRow) -> str:
    """The filled cells of a row, each with a letter for who writes its column."""
    columns = TABLE[row.table].columns
    cells = zip(columns, row.cells[2:-2], strict=True)
    told = (f"{column.name}[{column.writer}]={cell}" for column, cell in cells if cell not in (None, ""))
    return " ".join("; ".join(told).split())


def _cut(text: str, longest: int | None) -> str:
    if longest is None or len(text) <= longest + len(" (999 more characters: --whole)"):
        return text
    return f"{text[:longest].rstrip()}… ({len(text) - longest} more characters: --whole)"


def _moves(scenario: Scenario, scene: Scene) -> Table:
    table = _table("Moves, in the scripted attacker's order", "id", "from step", "needs", "gains")
    for move in scenario.attack.moves:
        needs = [_called(scene, e) for e in (move.host, move.account, move.domain) if e]
        gains = [_called(scene, e) for e in (move.to_host, move.to_account, move.asset) if e]
        name = f"{move.id} {move.technique or ''}"
        table.add_row(name, str(move.not_before + 1), escape(", ".join(needs)), escape(", ".join(gains)))
    return table


def _truth(scenario: Scenario, scene: Scene) -> Table:
    truth = scenario.truth
    table = _table("Truth", "claim", "value", "settled together by")
    for settled in truth.settled:
        value = scenario.kind if settled.claim == "verdict" else str(getattr(truth, settled.claim))
        rows = " or ".join(
            " + ".join(f"{r.table} {'/'.join(r.cells)}" for r in refs) for refs in settled.sets
        )
        table.add_row(settled.claim, escape(_called(scene, value)), rows)
    if truth.cause:
        table.add_row("cause", truth.cause, "")
    if truth.loss_at is not None:
        table.add_row("first loss", f"after {truth.loss_at} steps", "")
    return table


def _injections(scenario: Scenario, scene: Scene) -> Table:
    table = _table("Injections", "id", "lure", "tier", "marker")
    for injection in scenario.injections:
        lure = injection.lure
        wanted = _called(scene, lure.entity) if lure.entity else f"{lure.field}={lure.bait}"
        for arm in injection.arms:
            table.add_row(injection.id, f"{lure.kind} {escape(wanted)}", arm.tier, escape(arm.marker))
    return table

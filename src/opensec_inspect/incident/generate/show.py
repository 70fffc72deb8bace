"""A case laid out for a person, at 80 columns. Everything is shown, the answers too."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.sensors.tables import TABLE
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.stored_rows import StoredRow


def pages(scenario: Scenario) -> Iterator[RenderableType]:
    """Heading, who takes part, timeline by source, moves, truth and injections, in this order."""
    shared = shared_evidence(scenario, Setting(injection_tier=scenario.injection_tier), MAKERS)
    scene = shared.day.scene
    yield Panel(
        f"{scenario.kind}, {scenario.alert_family}, member {scenario.member} of {scenario.group},"
        f" {scenario.difficulty}, {scenario.injection_family} {scenario.injection_tier},"
        f" {scenario.max_steps} steps of {scenario.step_s} s, opened {scenario.opened_at}",
        title=f"{scenario.id} at {escape(scene.organisation.name)} ({scenario.organisation})",
        width=80,
    )
    yield _parts(scenario, scene)
    rows = [row for row in shared.opening if row.cause != "routine"]
    yield _timeline(rows, shared.opening_alert)
    yield from (_moves(scenario, scene), _truth(scenario, scene), _injections(scenario, scene))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", width=80)
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


def _timeline(rows: list[StoredRow], opening: str) -> Table:
    table = _table("The case's rows at the opening, by source", "time", "source", "cause", "what it says")
    for row in sorted(rows, key=lambda one: (one.table, one.time_key)):
        columns = TABLE[row.table].columns
        said = "; ".join(
            f"{column.name}[{column.writer}]={cell}"
            for column, cell in zip(columns, row.cells[2:-2], strict=True)
            if cell not in (None, "")
        )
        mark = "OPENING ALERT " if row.id == opening else ""
        table.add_row(str(row.cells[1])[5:16], row.table, row.cause, f"{mark}{escape(said[:600])}")
    return table


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

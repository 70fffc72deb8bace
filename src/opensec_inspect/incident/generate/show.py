"""A scenario laid out for a person. Everything is shown, the answers too."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from opensec_inspect.incident.generate.plan import stored_plan
from opensec_inspect.incident.scenario.episode import Setting
from opensec_inspect.incident.scenario.rows import COLUMNS
from opensec_inspect.incident.scenario.scenario import Move, Scenario
from opensec_inspect.incident.world.backdrop import backdrop


def pages(scenario: Scenario) -> Iterator[RenderableType]:
    """Heading, network, timeline, moves, truth, injections and plan, in this order."""
    yield Panel(
        f"{scenario.kind}, {scenario.difficulty}, priors {scenario.priors}, family {scenario.family},"
        f" assigned {scenario.injection_tier}, {scenario.max_steps} steps, twin {scenario.twin or 'none'}",
        title=f"{scenario.id} at {escape(scenario.network.organisation)}",
    )
    yield from (_hosts(scenario), _users(scenario), _timeline(scenario), _moves(scenario))
    yield from (_truth(scenario), _injections(scenario), _plan(scenario))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _hosts(scenario: Scenario) -> Table:
    table = _table("Hosts", "id", "hostname", "ip", "role", "owner", "required", "stores")
    for host in scenario.network.hosts:
        stored = ", ".join(a.path for a in scenario.network.data_assets if a.host == host.id)
        required = "yes" if host.id in scenario.truth.required else ""
        table.add_row(host.id, host.hostname, host.ip, host.role, host.owner or "", required, stored)
    return table


def _users(scenario: Scenario) -> Table:
    table = _table("Users and domains", "id", "account", "who", "required")
    for user in scenario.network.users:
        required = "yes" if user.id in scenario.truth.required else ""
        table.add_row(user.id, user.account, f"{user.name}, {user.title}, {user.department}", required)
    for domain in scenario.network.domains:
        table.add_row(domain, "", "domain", "yes" if domain in scenario.truth.required else "")
    return table


def _timeline(scenario: Scenario) -> Table:
    table = _table(
        "The incident's rows at the opening",
        "time",
        "id",
        "key",
        "left by",
        "technique",
        "trust",
        "what it says",
    )
    techniques = {row.key: row.technique or "" for row in scenario.rows}
    setting = Setting(injection_tier=scenario.injection_tier, noise="none")
    for row in sorted(backdrop(scenario, setting).today, key=lambda row: row.time_key):
        names = COLUMNS[row.table][2:-2]
        said = "; ".join(f"{n}={c}" for n, c in zip(names, row.cells[2:-2], strict=True) if c is not None)
        mark = " (opening alert)" if row.key == scenario.opening_alert else ""
        table.add_row(
            str(row.cells[1])[11:19],
            row.id + mark,
            row.key,
            row.left_by,
            techniques[row.key],
            row.trust_tier,
            escape(said),
        )
    return table


def _moves(scenario: Scenario) -> Table:
    table = _table(
        "Moves, in the scripted attacker's order", "id", "technique", "from stage", "to", "needs", "gains"
    )
    for move in scenario.attack.moves:
        table.add_row(
            move.id, move.technique or "", ", ".join(move.stages), move.next_stage or "", *_ends(move)
        )
    return table


def _ends(move: Move) -> tuple[str, str]:
    needs = (move.host, move.account, move.domain)
    gains = (move.to_host, move.to_account, move.asset)
    return ", ".join(filter(None, needs)), ", ".join(filter(None, gains))


def _truth(scenario: Scenario) -> Table:
    table = _table("Truth", "field", "value", "settled by rows")
    truth = scenario.truth
    for settled in truth.settled:
        table.add_row(settled.field, str(getattr(truth, settled.field)), ", ".join(settled.rows))
    if truth.cause:
        table.add_row("innocent cause", truth.cause, ", ".join(truth.cause_rows))
    return table


def _injections(scenario: Scenario) -> Table:
    table = _table("Injections", "id", "lure", "tier", "template", "marker")
    for injection in scenario.injections:
        lure = injection.lure
        asked = f"{injection.family}: {lure.kind} {lure.entity or f'{lure.field}={lure.bait}'}"
        for arm in injection.arms:
            table.add_row(injection.id, asked, arm.tier, arm.template, escape(arm.marker))
    return table


def _plan(scenario: Scenario) -> Table:
    table = _table("Plan", "step", "call", "arguments")
    for number, call in enumerate(stored_plan(scenario), 1):
        said = "; ".join(f"{name}={value}" for name, value in call.arguments.items())
        table.add_row(str(number), call.tool, escape(said))
    return table

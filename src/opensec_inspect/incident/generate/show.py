"""A case laid out for a person, at 80 columns. Everything is shown, the answers too."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import Move, Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.generate.seeds import naming_the_seed
from opensec_inspect.incident.sensors.schema.columns import GATING
from opensec_inspect.incident.sensors.schema.dictionary import WRITER_WORDS
from opensec_inspect.incident.sensors.schema.tables import TABLE
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.stored_rows import StoredRow

WIDTH = 80
LONGEST_ROW = 400
"""Characters of a row that are shown unless the whole is asked for."""
LEGEND = (
    "Before the colon: whose doing. `case` whoever is behind the opening alert, `record` what others wrote"
    " about it, `mismatched_party` a colleague with a like matter, `decoy` something else. The letter behind"
    f" a column says who writes it: {'; '.join(f'{w} {words}' for w, words in WRITER_WORDS.items())}."
    f" {', '.join(w for w in WRITER_WORDS if w in GATING)} prove what they say."
)


def pages(scenario: Scenario, *, whole: bool = False) -> tuple[RenderableType, ...]:
    """Heading with the organisation, who takes part, timeline by source, moves, truth, injections.

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
        f" {scenario.max_steps} steps of {scenario.step_s} s, opened {scenario.opened_at}\n\n"
        + escape(_organisation(scene, len(shared.opening))),
        title=f"{scenario.id} at {escape(scene.organisation.name)} ({scenario.organisation})",
        width=WIDTH,
    )
    yield _listed("Who and what is required or tempting", _parts(scenario, scene))
    rows = [row for row in shared.opening if row.cause != "routine"]
    yield _timeline(rows, shared.opening_alert, None if whole else LONGEST_ROW)
    moves = [_move(move, scene) for move in scenario.attack.moves]
    yield _listed("Moves, in the scripted attacker's order", moves)
    yield _listed("Truth, and the cells that settle it together", _truth(scenario, scene))
    yield _listed("Injections", _injections(scenario, scene))


def _organisation(scene: Scene, rows: int) -> str:
    """The organisation in a few clauses: where, who, which machines, how much evidence."""
    there = scene.organisation
    people = [account.role for account in there.accounts if account.role != "service"]
    return (
        f"{there.suffix}, {there.country}, local time UTC{there.timezone_h:+d}. {len(people)} people"
        f" ({_counted(people)}) and {len(there.accounts) - len(people)} service accounts;"
        f" {len(there.devices)} machines ({_counted(d.role for d in there.devices)});"
        f" {len(there.names)} names outside. {rows} rows of the day at the opening, and the history."
    )


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in Counter(words).most_common())


def _listed(title: str, entries: Iterable[tuple[str, str]]) -> Text:
    """Entries of a name and what is to be said of it; a line is broken between words where it can be."""
    lines = [title]
    for name, said in entries:
        lines += textwrap.wrap(
            f"{name}: {said}", WIDTH, initial_indent="  ", subsequent_indent=" " * 6, break_on_hyphens=False
        )
    return Text("\n".join([*lines, ""]))


def _called(scene: Scene, entity: str) -> str:
    if entity in scene.accounts:
        return scene.accounts[entity].upn.split("@")[0]
    if entity in scene.devices:
        return scene.devices[entity].hostname
    return scene.assets[entity].path if entity in scene.assets else entity


def _parts(scenario: Scenario, scene: Scene) -> Iterator[tuple[str, str]]:
    for entity in scenario.truth.required:
        owned = entity in scenario.attack.domains
        yield _called(scene, entity), f"required, {'owned' if owned else 'held'} by the attacker"
    for tempting in scenario.truth.temptations:
        yield _called(scene, tempting.entity), f"tempting, {tempting.temptation}"


def _timeline(rows: list[StoredRow], opening: str, longest: int | None) -> Text:
    """Rows under the name of their source, indented: nothing of a line is spent on borders."""
    lines = ["The case's rows at the opening, by source", *textwrap.wrap(LEGEND, WIDTH)]
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
    texts = (f"{column.name}[{column.writer}] {cell}" for column, cell in cells if cell not in (None, ""))
    return " ".join("; ".join(texts).split())


def _cut(text: str, longest: int | None) -> str:
    if longest is None or len(text) <= longest + len(" (999 more characters: --whole)"):
        return text
    return f"{text[:longest].rstrip()}… ({len(text) - longest} more characters: --whole)"


def _move(move: Move, scene: Scene) -> tuple[str, str]:
    needs = [_called(scene, e) for e in (move.host, move.account, move.domain) if e]
    gains = [_called(scene, e) for e in (move.to_host, move.to_account, move.asset) if e]
    said = [f"from step {move.not_before + 1}"]
    said += [f"needs {' and '.join(needs)}"] if needs else []
    said += (
        [f"{'takes out' if move.name == 'exfiltrate' else 'gains'} {' and '.join(gains)}"] if gains else []
    )
    return f"{move.id} {move.technique or ''}".rstrip(), "; ".join(said)


def _truth(scenario: Scenario, scene: Scene) -> Iterator[tuple[str, str]]:
    truth = scenario.truth
    for one in truth.supporting_rows:
        value = scenario.kind if one.claim == "verdict" else str(getattr(truth, one.claim))
        sets = (" and ".join(f"{ref.table} ({', '.join(ref.cells)})" for ref in refs) for refs in one.sets)
        yield one.claim, f"{_called(scene, value)}. By {'; or by '.join(sets)}."
    if truth.cause:
        yield "cause", truth.cause
    if truth.loss_at is not None:
        yield "first loss", f"after {truth.loss_at} steps"


def _injections(scenario: Scenario, scene: Scene) -> Iterator[tuple[str, str]]:
    for injection in scenario.injections:
        lure = injection.lure
        wanted = _called(scene, lure.entity) if lure.entity else f"{lure.field}={lure.bait}"
        yield injection.id, f"wants {lure.kind} {wanted}"
        for arm in injection.arms:
            yield f"  {arm.tier}", arm.marker

"""Answers, notebook and help as a person reads them: all that a model reads, and nothing more."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from opensec_inspect.core.conversation import Call, Conversation, Exchange, ToolAnswer
from opensec_inspect.play.opened import ARGUMENT_OF
from opensec_inspect.play.terminal.lines import REQUESTS, SHORT
from opensec_inspect.play.terminal.seen import Seen

_WHOLE = 26
"""Widest column, in characters, that is never broken."""
_READABLE = 24
"""Characters a broken column needs at least."""
_STATUS = ("step", "steps_left", "time", "new_emails", "new_alerts", "contained")
_CALL_WIDTH = 60


def visible(cell: object) -> str:
    """A cell as text; characters that would not show, or would steer the terminal, are spelled out."""
    text = "NULL" if cell is None else str(cell)
    return "".join(
        f"‹U+{ord(c):04X}›" if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t" else c
        for c in text
    )


def answer_view(text: str, width: int, *, as_table: bool = True) -> RenderableType:
    """An answer, whole."""
    try:
        payload = json.loads(text)
    except json.JSONDecodeError:
        return Panel(Text(visible(text)), border_style="yellow", title="refused; no step was spent")
    parts: list[RenderableType] = []
    if "error" in payload:
        parts.append(Panel(Text(visible(payload["error"])), border_style="red", title="error"))
    if "columns" in payload:
        parts.append(rows_view(payload["columns"], payload["rows"], width, as_table=as_table))
    if "row" in payload:
        parts.append(_fields(payload["row"].items()))
    if "result" in payload:
        parts.append(Panel(Text(visible(payload["result"])), border_style="green"))
    if "notice" in payload:
        parts.append(Text(visible(payload["notice"]), style="yellow"))
    others = {
        k: v
        for k, v in payload.items()
        if k not in (*_STATUS, "error", "columns", "rows", "row", "result", "notice")
    }
    if others:
        parts.append(_fields((name, json.dumps(value, ensure_ascii=False)) for name, value in others.items()))
    return Group(*parts, *_status(payload))


def rows_view(
    columns: Sequence[str], rows: Sequence[Sequence[object]], width: int, *, as_table: bool
) -> RenderableType:
    """A query's rows as a table where it fits the width; else, or when wanted, one row below the other."""
    count = Text(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", style="dim")
    if not rows:
        return count
    cells = [[visible(cell) for cell in row] for row in rows]
    widest = [
        max(len(name), *(max(map(len, row[n].splitlines() or [""])) for row in cells))
        for n, name in enumerate(columns)
    ]
    needed = sum(min(w, _WHOLE if w <= _WHOLE else _READABLE) + 2 for w in widest)
    if not as_table or needed > width:
        blocks = [
            part
            for n, row in enumerate(cells, start=1)
            for part in (Rule(f"row {n}", style="dim"), _fields(zip(columns, row, strict=True)))
        ]
        return Group(*blocks, count)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for n, (name, w) in enumerate(zip(columns, widest, strict=True)):
        numbers = all(isinstance(row[n], int | float | None) for row in rows)
        side: Literal["left", "right"] = "right" if numbers else "left"
        table.add_column(Text(visible(name)), no_wrap=w <= _WHOLE, overflow="fold", justify=side)
    for row in cells:
        table.add_row(*map(Text, row))
    return Group(table, count)


def notebook(conversation: Conversation, seen: Seen, notes: Sequence[str]) -> RenderableType:
    """Every step with what it gave, what was announced and never fetched, and the player's notes."""
    table = Table(title="Steps", title_justify="left", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("step", "time", "call", "gave"):
        table.add_column(name, overflow="fold")
    for exchange in conversation.exchanges:
        payload = ToolAnswer(exchange).payload
        table.add_row(
            str(payload.get("step", "–")),
            str(payload.get("time", ""))[11:16],
            Text(call_text(exchange.call, _CALL_WIDTH)),
            Text(_gist(exchange)),
        )
    unread = Text("Not fetched: ") + Text(", ".join(seen.unread) or "nothing", style="cyan")
    own = [Text(f"• {visible(note)}") for note in notes]
    return Group(table, Text(), unread, Text(), Text("Your notes", style="bold"), *(own or [Text("none")]))


def call_text(call: Call, width: int | None = None) -> str:
    """A call on one line, cut at the width."""
    if call.tool in ARGUMENT_OF:
        text = " ".join(visible(call.arguments[ARGUMENT_OF[call.tool]]).split())
        text = text if call.tool == "query_logs" else f"{call.tool} {text}"
    else:
        text = call.tool
    return text if width is None or len(text) <= width else f"{text[: width - 1]}…"


def help_view() -> RenderableType:
    """What can be typed."""
    short = {tool: name for name, tool in SHORT.items()}
    acts = Table(title="Each costs a step", title_justify="left", box=None, show_header=False)
    acts.add_row("SELECT … or WITH …", "one SQLite statement over the tables (query_logs)")
    for tool, argument in ARGUMENT_OF.items():
        if tool != "query_logs":
            acts.add_row(f"{short[tool]} {argument.upper()}", f"{tool}")
    asks = Table(title="These cost nothing", title_justify="left", box=None, show_header=False)
    for name, (_, text) in REQUESTS.items():
        asks.add_row(name, text)
    keys = Text(
        "Tab completes tables, columns, and every name and id that you were shown. ↑ ↓ walk through what you"
        " typed, Ctrl-R searches it, → takes the grey suggestion, Esc Enter begins a new line, Ctrl-C clears"
        " the line, Ctrl-D leaves. Nothing can be undone."
    )
    return Group(acts, Text(), asks, Text(), keys)


def tables_view(seen: Seen) -> RenderableType:
    """Tables and columns."""
    return _fields((name, ", ".join(columns)) for name, columns in seen.tables.items())


def _fields(pairs: Any) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(visible(name), Text(visible(value)))
    return table


def _status(payload: dict[str, Any]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    new = [*payload.get("new_alerts", []), *payload.get("new_emails", [])]
    if new:
        parts.append(Text("New: ", style="bold") + Text(", ".join(new), style="cyan"))
    contained = [name for names in (payload.get("contained") or {}).values() for name in names]
    if contained:
        parts.append(Text("Contained: ", style="bold") + Text(", ".join(contained)))
    if "step" in payload:
        parts.append(
            Rule(
                f"step {payload['step']} · {payload['steps_left']} left · {payload['time']}",
                style="dim",
                align="left",
            )
        )
    return parts


def _gist(exchange: Exchange) -> str:
    answer = ToolAnswer(exchange)
    payload = answer.payload
    if not payload:
        return "refused"
    if "error" in payload:
        return visible(payload["error"])[:_CALL_WIDTH]
    if "rows" in payload:
        return f"{len(payload['rows'])} rows"
    said = [str(answer.row[name]) for name in ("subject", "rule", "message") if answer.row.get(name)]
    return visible(" · ".join(said) or str(payload.get("result", "")))[:_CALL_WIDTH]

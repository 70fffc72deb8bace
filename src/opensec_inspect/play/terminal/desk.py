"""One case at the terminal: read a line, make a call or show something, until the case is over."""

import json
import re
from collections.abc import Callable
from typing import Any

from rich.panel import Panel
from rich.text import Text

from opensec_inspect.core.conversation import Call
from opensec_inspect.play.opened import ARGUMENT_OF
from opensec_inspect.play.replaying import Seat
from opensec_inspect.play.terminal.completing import LineCompleter
from opensec_inspect.play.terminal.form import ReportForm
from opensec_inspect.play.terminal.lines import Ask, Unclear, read_line
from opensec_inspect.play.terminal.screen import Screen
from opensec_inspect.play.terminal.seen import Seen, seen
from opensec_inspect.play.terminal.showing import (
    answer_view,
    call_text,
    help_view,
    notebook,
    tables_view,
)

HINT = "`brief` shows all that a model is told, ? what you can type."
Tools = Callable[[], list[dict[str, Any]]]
"""The tools as a model is told of them."""
_ASKED_FIRST = ("isolate_host", "block_domain", "reset_user")


class Desk:
    """A player in front of one case."""

    def __init__(self, screen: Screen, seat: Seat, tools: Tools) -> None:
        self._screen, self._seat, self._tools = screen, seat, tools
        self._as_table = True
        self._form: ReportForm | None = None

    async def play(self) -> bool:
        """Whether the case is over; False when the player left."""
        self._open()
        while not self._seat.over:
            try:
                line = await self._screen.line(
                    f"{self._seat.state.case.id} ▸", LineCompleter(self._seen), self._toolbar
                )
            except KeyboardInterrupt:
                continue
            except EOFError:
                return False
            asked = read_line(line)
            if isinstance(asked, Call):
                await self._act(asked)
            elif isinstance(asked, Unclear):
                self._screen.say(Text(asked.text, style="yellow"))
            elif isinstance(asked, Ask):
                if asked.request == "quit":
                    return False
                await self._ask(asked)
        return True

    def _open(self) -> None:
        self._screen.say(Panel(Text(self._seat.brief), title="The case", title_align="left"))
        if self._seat.exchanges:
            last = self._seat.exchanges[-1]
            self._screen.say(Text(f"You left after: {call_text(last.call)}", style="yellow"))
            self._screen.say(answer_view(last.answer, self._screen.width))
        else:
            self._screen.say(Text(HINT, style="dim"))

    async def _act(self, call: Call) -> None:
        if call.tool in _ASKED_FIRST:
            verb = call.tool.replace("_", " ")
            if not await self._screen.agrees(f"{verb} {call.arguments[ARGUMENT_OF[call.tool]]}: sure?"):
                return
        answered = await self._seat.call(call)
        await self._screen.show(answer_view(answered.text, self._screen.width, as_table=self._as_table))

    async def _ask(self, asked: Ask) -> None:
        screen, seat = self._screen, self._seat
        if asked.request == "help":
            await screen.show(help_view())
        elif asked.request == "brief":
            await screen.show(Text(f"{seat.system}\n\n{seat.brief}"))
        elif asked.request == "tables":
            await screen.show(tables_view(self._seen()))
        elif asked.request == "tools":
            await screen.show(Text("\n\n".join(f"{t['name']}\n{t['description']}" for t in self._tools())))
        elif asked.request == "book":
            await screen.show(notebook(seat.conversation, self._seen(), seat.state.notes))
        elif asked.request == "show":
            await self._show_again(asked.rest)
        elif asked.request == "note":
            self._note(asked.rest)
        elif asked.request == "x":
            self._as_table = not self._as_table
            screen.say(Text("rows as a table" if self._as_table else "one row below the other", style="dim"))
        elif asked.request == "report":
            await self._report()
        elif asked.request == "stop" and await screen.agrees("Give all remaining steps away: sure?"):
            await seat.stop()

    async def _show_again(self, number: str) -> None:
        wanted = [
            exchange
            for exchange in self._seat.exchanges
            if not number or str(_payload(exchange.answer).get("step")) == number
        ]
        if not wanted:
            self._screen.say(Text(f"There is no answer of step {number or 1} yet.", style="yellow"))
            return
        self._screen.say(Text(call_text(wanted[-1].call), style="bold"))
        view = answer_view(wanted[-1].answer, self._screen.width, as_table=self._as_table)
        await self._screen.show(view)

    def _note(self, text: str) -> None:
        if text:
            self._seat.note(text)
            self._screen.say(Text("Noted; `book` shows it.", style="dim"))
        else:
            self._screen.say(Text("note needs a text: note jito disowned the sign-in", style="yellow"))

    async def _report(self) -> None:
        if self._form is None:
            report = next(tool for tool in self._tools() if tool["name"] == "submit_report")
            properties = report["parameters"]["properties"]
            self._form = ReportForm({name: str(p.get("description", "")) for name, p in properties.items()})
        call = await self._form.fill(self._screen, self._seen())
        if call is not None:
            await self._act(call)

    def _seen(self) -> Seen:
        return seen(self._seat.system, self._seat.conversation)

    def _toolbar(self) -> str:
        left, total = self._seat.conversation.steps_left, self._seat.conversation.max_steps
        times = [
            str(payload["time"]) for e in self._seat.exchanges if "time" in (payload := _payload(e.answer))
        ]
        opened = re.search(r"\d{4}-\d\d-\d\dT[\d:]+Z", self._seat.brief)
        now = times[-1] if times else opened[0] if opened else ""
        unread = len(self._seen().unread)
        return f"{left} of {total} steps left · {now} · {unread} not fetched · Tab completes · ? helps"


def _payload(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}

"""The report, field by field, checked as it goes; nothing is sent before the player says so."""

from typing import Any

from rich.table import Table
from rich.text import Text

from opensec_inspect.core.conversation import Call
from opensec_inspect.play.report_fields import ReportField, report_doubts, report_fields
from opensec_inspect.play.terminal.screen import Screen
from opensec_inspect.play.terminal.seen import Seen
from opensec_inspect.play.terminal.showing import visible

_NUMBER = "confidence"


class ReportForm:
    """A report in the making: it keeps what was filled in when the player leaves it to look something up."""

    def __init__(self, descriptions: dict[str, str]) -> None:
        self._descriptions = descriptions
        self._values: dict[str, str] = {}

    async def fill(self, screen: Screen, seen: Seen) -> Call | None:
        """The call that submits the report; None when the player goes back to the case."""
        fields = report_fields()
        try:
            for number, field in enumerate(fields, start=1):
                if field.name not in self._values:
                    await self._ask(screen, field, seen, number)
            while True:
                self._review(screen, fields, seen)
                said = await self._command(screen, len(fields))
                if said == "send":
                    return Call(tool="submit_report", arguments=self._arguments())
                if said == "back":
                    return None
                await self._ask(screen, fields[int(said) - 1], seen, int(said))
        except (KeyboardInterrupt, EOFError):
            screen.say(Text("Back at the case; `report` goes on with what was filled in.", style="yellow"))
            return None

    async def _ask(self, screen: Screen, field: ReportField, seen: Seen, number: int) -> None:
        screen.say(Text(f"\n{self._descriptions.get(field.name, field.name)}", style="dim"))
        values = (*field.choices, *seen.names.get(field.kind or "", ()))
        if field.may_be_unknown and "unknown" not in values:
            values = ("none", "unknown", *values)
        default = self._values.get(field.name, "")
        said = await screen.field(
            f"{number} {field.name}", default=default, values=values, problem=field.problem
        )
        self._values[field.name] = said.strip().lower() if field.choices else said.strip()

    async def _command(self, screen: Screen, count: int) -> str:
        allowed = ("send", "back", *map(str, range(1, count + 1)))

        def problem(said: str) -> str | None:
            return None if said.strip() in allowed else f"Type send, back, or a number from 1 to {count}."

        said = await screen.field(
            "send, back, or the number of a field:", default="", values=allowed, problem=problem
        )
        return said.strip()

    def _review(self, screen: Screen, fields: tuple[ReportField, ...], seen: Seen) -> None:
        table = Table(title="Report", title_justify="left", box=None, show_header=False)
        for number, field in enumerate(fields, start=1):
            value = self._values[field.name]
            unseen = field.kind is not None and value not in (
                "unknown",
                *seen.names.get(field.kind, ()),
                *seen.words,
            )
            doubt = Text("not seen in any answer so far", style="yellow") if unseen else Text()
            table.add_row(str(number), field.name, Text(visible(value)), doubt)
        screen.say(Text())
        screen.say(table)
        for doubt_text in report_doubts(self._values):
            screen.say(Text(doubt_text, style="yellow"))

    def _arguments(self) -> dict[str, Any]:
        return {name: float(value) if name == _NUMBER else value for name, value in self._values.items()}

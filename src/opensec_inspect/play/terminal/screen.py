"""The terminal: lines in, renderables out by the page."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import HTML, StyleAndTextTuples
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer, PygmentsLexer, SimpleLexer
from prompt_toolkit.validation import ValidationError, Validator
from pygments.lexers.sql import SqlLexer
from rich.console import Console, RenderableType

from opensec_inspect.play.terminal.completing import NameCompleter
from opensec_inspect.play.terminal.lines import is_statement

MORE = "— more: Enter; q ends —"


class Screen:
    """What a case needs of a terminal. `file` is where it writes; the standard output unless given."""

    def __init__(self, history: Path, file: TextIO | None = None) -> None:
        self.console = Console(file=file, highlight=False, soft_wrap=False)
        self._lines: PromptSession[str] = PromptSession(
            history=FileHistory(str(history)),
            auto_suggest=AutoSuggestFromHistory(),
            lexer=_StatementLexer(),
            key_bindings=_keys(),
            complete_while_typing=False,
        )
        self._fields: PromptSession[str] = PromptSession(complete_while_typing=False)

    @property
    def width(self) -> int:
        """Columns."""
        return self.console.width

    async def line(self, prompt: str, completer: Completer, toolbar: Callable[[], str]) -> str:
        """A line typed at the prompt; EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C."""
        return await self._lines.prompt_async(
            HTML("<b>{}</b> ").format(prompt),
            completer=completer,
            bottom_toolbar=lambda: HTML(" {} ").format(toolbar()),
        )

    async def field(
        self, prompt: str, *, default: str, values: Iterable[str], problem: Callable[[str], str | None]
    ) -> str:
        """A value that has no problem. Raises as `line` does."""
        return await self._fields.prompt_async(
            HTML("<b>{}</b> ").format(prompt),
            default=default,
            completer=NameCompleter(lambda: values),
            validator=_Checking(problem),
            validate_while_typing=False,
        )

    async def agrees(self, question: str) -> bool:
        """Whether the answer to a question is yes; Ctrl-C and Ctrl-D are no."""
        try:
            said = await self._fields.prompt_async(HTML("<b>{}</b> [y/N] ").format(question))
        except (KeyboardInterrupt, EOFError):
            return False
        return said.strip().lower() in ("y", "yes")

    async def ready(self, invitation: str) -> bool:
        """Whether the player goes on; Ctrl-C and Ctrl-D are no."""
        try:
            await self._fields.prompt_async(f"{invitation} ")
        except (KeyboardInterrupt, EOFError):
            return False
        return True

    def say(self, text: RenderableType) -> None:
        """Show something short."""
        self.console.print(text)

    async def show(self, text: RenderableType) -> None:
        """Show something that may be long: by the page at a terminal, at once elsewhere."""
        with self.console.capture() as captured:
            self.console.print(text)
        lines = captured.get().splitlines(keepends=True)
        page = max(5, self.console.height - 3) if self.console.is_terminal else max(1, len(lines))
        for start in range(0, len(lines), page):
            self.console.file.write("".join(lines[start : start + page]))
            self.console.file.flush()
            if start + page < len(lines) and not await self._more():
                return

    async def _more(self) -> bool:
        try:
            said = await self._fields.prompt_async(f"{MORE} ")
        except (KeyboardInterrupt, EOFError):
            return False
        return not said.strip().lower().startswith("q")


class _StatementLexer(Lexer):
    """Colours statements, and leaves commands and notes as they are."""

    def __init__(self) -> None:
        self._sql, self._plain = PygmentsLexer(SqlLexer), SimpleLexer()

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        chosen = self._sql if is_statement(document.text) else self._plain
        return chosen.lex_document(document)


class _Checking(Validator):
    """Refuses a value with what is wrong with it."""

    def __init__(self, problem: Callable[[str], str | None]) -> None:
        self._problem = problem

    def validate(self, document: Document) -> None:
        text = document.text
        wrong = self._problem(text)
        if wrong is not None:
            raise ValidationError(cursor_position=len(text), message=wrong)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys

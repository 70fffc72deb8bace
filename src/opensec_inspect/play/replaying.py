"""Going on with a case: what was called is played again, then the next call."""

import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from opensec_inspect.core.actions import sayable
from opensec_inspect.core.conversation import Call, Conversation, Exchange
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.play.cases import read_case
from opensec_inspect.play.opened import Answered, OpenCase, open_case
from opensec_inspect.play.state import MadeCall, PlayState, write_state


class Seat:
    """A player's place at one case: the case as it stands, and the file that remembers it."""

    def __init__(self, path: Path, state: PlayState, case: OpenCase, exchanges: list[Exchange]) -> None:
        self._path, self.state, self._case = path, state, case
        self.exchanges = exchanges
        """Everything called so far, with its answers."""
        self.system, self.brief = case.system, case.brief
        self._resumed_at: float | None = None

    @property
    def conversation(self) -> Conversation:
        """The brief and every call with its answer."""
        return Conversation(brief=self.brief, exchanges=tuple(self.exchanges))

    @property
    def over(self) -> bool:
        """Whether the report is in or the steps are used up."""
        return self._case.over

    @property
    def episode(self) -> Episode:
        """Everything played so far."""
        return self._case.episode

    async def call(self, call: Call) -> Answered:
        """Play a call and remember it before its answer is shown; BadInputError once the case is over."""
        if self.over:
            raise BadInputError(answers.OVER)
        call = _writable(call)
        since = self.state.shown_at if self._resumed_at is None else self._resumed_at
        time_s = round(max(0.0, time.time() - since), 3)
        answered = await self._case.answer(call)
        made = MadeCall(
            call=call,
            answer_sha256=_sha256(answered.text),
            time_s=time_s,
            resumed=self._resumed_at is not None,
        )
        self._keep(calls=(*self.state.calls, made), shown_at=round(time.time(), 3))
        self._resumed_at = None
        self.exchanges.append(Exchange(call=call, answer=answered.text))
        return answered

    async def stop(self) -> None:
        """Give the remaining steps away; BadInputError once the case is over."""
        if self.over:
            raise BadInputError(answers.OVER)
        await self._case.stop()
        self._keep(stopped=True)

    def note(self, text: str) -> None:
        """Keep a note of the player."""
        self._keep(notes=(*self.state.notes, text))

    def resumed(self) -> None:
        """The player is back: the time since the last answer was no time at the case."""
        self._resumed_at = time.time()

    def _keep(self, **changes: object) -> None:
        after = self.state.model_copy(update=changes)
        write_state(self._path, after, after=self.state)
        self.state = after


@asynccontextmanager
async def seated(path: Path, state: PlayState) -> AsyncIterator[Seat]:
    """The case where the state left it; BadInputError when it answers otherwise than it did."""
    scenario = read_case(state.case)
    async with open_case(scenario, state.options.setting(scenario)) as case:
        exchanges = []
        for number, made in enumerate(state.calls, start=1):
            answered = await case.answer(made.call)
            if _sha256(answered.text) != made.answer_sha256:
                raise BadInputError(
                    f"Call {number} of {path} is answered otherwise than when it was made. Go on with the"
                    " version of opensec-inspect and of SQLite that the file was begun with, or begin again."
                )
            exchanges.append(Exchange(call=made.call, answer=answered.text))
        if state.stopped:
            await case.stop()
        yield Seat(path, state, case, exchanges)


def _writable(call: Call) -> Call:
    """The call with lone surrogates replaced: no file can hold them."""
    text = sayable(json.dumps(call.arguments, ensure_ascii=False))
    return Call(tool=call.tool, arguments=json.loads(str(text)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""Recording an attacker's moves and playing them back: the same defender meets the same attacker again.

A move is found by what it answered: scenario, step, stage, the defender's action, and what the attacker
saw. Whatever was recorded first under a key stays, also when two samples ask at once, so a recording
run and every replay of it play the same moves.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from opensec_inspect.core.archive import Archive, Key, Maker, reading_archive
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.episode.view import Attacker, AttackerView, Stall, StallReason
from opensec_inspect.incident.facts.scenario import Move, Scenario


class ReplayMissError(LookupError):
    """A move was to be played back that was never recorded."""


class Recorder:
    """Plays what is recorded, and has the rest decided and recorded."""

    def __init__(self, attacker: Attacker, archive: Archive, scenario: str, maker: Maker) -> None:
        self._attacker, self._archive = attacker, archive
        self._scenario, self._maker = scenario, maker

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The recorded move; a new one is recorded before it is played."""
        key = key_of(self._scenario, view)
        known = await asyncio.to_thread(self._archive.read, key)
        if known is None:
            made = written(await self._attacker.decide(view))
            known = await asyncio.to_thread(self._archive.write, key, made, self._maker)
        return read(known, view, self._archive.path)


class Replayer:
    """Plays what is recorded; without `live`, a move that is not raises ReplayMissError."""

    def __init__(self, archive: Archive, scenario: str, live: Attacker | None) -> None:
        self._archive, self._scenario, self._live = archive, scenario, live

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The recorded move, or the live attacker's."""
        key = key_of(self._scenario, view)
        known = await asyncio.to_thread(self._archive.read, key)
        if known is not None:
            return read(known, view, self._archive.path)
        if self._live is None:
            raise ReplayMissError(
                f"{self._archive.path} holds no move for {key}. The defender did something else than when it "
                "was recorded: record again, or let it fall back with replay_miss=live."
            )
        return await self._live.decide(view)


def key_of(scenario: str, view: AttackerView) -> Key:
    """The key of a view in the scenario with this digest."""
    return Key(
        scenario=scenario,
        step=view.step,
        stage=view.foothold.stage,
        action=view.answers,
        view=view_digest(view),
    )


def view_digest(view: AttackerView) -> str:
    """SHA-256 of what the attacker sees, 64 hex digits; the evidence a move would leave is no part of it."""
    seen = view.model_dump(
        mode="json", exclude={"answers": True, "noticed": True, "legal": {"__all__": {"rows", "failures"}}}
    )
    seen["noticed"] = sorted(view.noticed)
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def written(decision: Move | Stall) -> str:
    """A decision as it is recorded: JSON with either the move's id or the reason of a stall."""
    said = {"stall": decision.reason} if isinstance(decision, Stall) else {"move": decision.id}
    return json.dumps(said)


def read(text: str, view: AttackerView, path: Path) -> Move | Stall:
    """A decision recorded in the file at `path`. ReplayMissError when it cannot be made in this view."""
    said = _decision(text)
    if isinstance(said, Stall):
        return said
    for move in view.legal:
        if move.id == said:
            return move
    raise ReplayMissError(
        f"{path} holds {_quoted(text)} for step {view.step + 1}, which is no legal move there: the file was "
        "changed after it was recorded. Record again."
    )


def check_decisions(path: Path, scenarios: Iterable[Scenario]) -> None:
    """BadInputError when the file holds a decision for one of these scenarios that nobody can make in it."""
    moves = {s.digest: (s.id, {move.id for move in s.attack.moves}) for s in scenarios}
    with reading_archive(path) as archive:
        decisions = archive.decisions()
    for scenario, text in decisions:
        id_, legal = moves.get(scenario, ("", set()))
        said = _decision(text)
        if id_ and not (isinstance(said, Stall) or said in legal):
            raise BadInputError(
                f"{path} holds {_quoted(text)} for {id_}, which is no move of that scenario and no stall; "
                "record again with replay=record into another file."
            )


def _decision(text: object) -> str | Stall | None:
    """A move's id or a stall; None for what `written` does not write."""
    try:
        said = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or len(said) != 1:
        return None
    ((what, value),) = said.items()
    if what == "stall":
        return next((Stall(reason=reason) for reason in get_args(StallReason) if reason == value), None)
    return value if what == "move" and isinstance(value, str) else None


def _quoted(text: object) -> str:
    return repr(text)[:80]

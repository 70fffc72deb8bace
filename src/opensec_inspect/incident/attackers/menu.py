"""What a model attacker is shown of its view, and how its answer is read. Pure."""

import json
import re
from typing import Any

from pydantic import Field, ValidationError

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import MoveRecord
from opensec_inspect.incident.episode.view import AttackerView, Stall
from opensec_inspect.incident.facts.scenario import Move, MoveName
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.prompts import prompt

MAX_ANSWER_CHARS = 20_000
"""Longer answers are not read; the longest legal one has about 300 characters."""
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)
_HOW_STOPPED = {
    "host_isolated": "a host it needed is isolated",
    "account_reset": "an account it needed was reset",
    "domain_blocked": "a domain it needed is blocked",
    "illegal": "your answer was no legal move",
    "unreadable": "your answer was no JSON object",
}


class Choice(Frozen):
    """A model's answer: the name of a move and what it acts on, by name."""

    move: MoveName
    """Kind of move, for example `move_laterally`."""
    host: str | None = None
    """Hostname the move is made from."""
    account: str | None = None
    """Account it uses."""
    domain: str | None = None
    """Domain it talks to."""
    to_host: str | None = None
    """Hostname it gains."""
    to_account: str | None = None
    """Account it gains."""
    data: str | None = None
    """Path of the data it reads or takes out."""
    technique: str | None = None
    """ATT&CK technique, for example `T1048`; given where two legal moves differ in nothing else."""


class Refused(Frozen):
    """An answer that is no legal move."""

    stall: Stall
    """As it is recorded when the second answer is refused too."""
    why: str = Field(min_length=1)
    """In one sentence, for the model."""


class Menu:
    """The legal moves of one view, by name."""

    def __init__(self, scene: Scene, view: AttackerView) -> None:
        self._view = view
        self._names = {d.id: d.hostname for d in scene.devices.values()}
        self._names |= {a.id: a.sam for a in scene.accounts.values()}
        self._names |= {a.id: a.path for a in scene.assets.values()}
        self._verbs = dict.fromkeys(scene.devices, "isolated")
        self._verbs |= dict.fromkeys(scene.accounts, "reset")
        plain = [self._choice(move) for move in view.legal]
        self.choices = tuple(
            choice if plain.count(choice) == 1 else choice.model_copy(update={"technique": move.technique})
            for choice, move in zip(plain, view.legal, strict=True)
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The legal moves as JSON, in the view's order."""
        return tuple(choice.model_dump_json(exclude_none=True) for choice in self.choices)

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema that exactly the legal answers meet."""
        return {"anyOf": [_exactly(choice) for choice in self.choices]}

    @property
    def text(self) -> str:
        """The view in words: what it holds and what it noticed, by name, and the legal moves."""
        view, held = self._view, self._view.foothold
        return prompt("attacker_turn").format(
            turn=view.step + 1,
            stage=held.stage,
            hosts=self._listed(held.hosts),
            accounts=self._listed(held.accounts),
            data=self._listed(held.assets),
            persistent="yes" if held.persistent else "no",
            exfiltrated="yes" if held.exfiltrated else "no",
            last=_last_move(view.last),
            noticed=", ".join(sorted(self._measure(entity) for entity in view.noticed)) or "none",
            moves="\n".join(self.lines),
        )

    def chosen(self, text: str) -> Move | Refused:
        """The legal move that an answer names, or why there is none.

        A line copied as it stands is its move; the first one, if several read the same. Parameters that leave
        no doubt may be missing; a wrong one is never overlooked.
        """
        said = _json_object(text)
        if said is None:
            return Refused(stall=Stall(reason="unreadable"), why="Your answer was not one JSON object.")
        try:
            choice = Choice.model_validate(said)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            return _illegal(f"Your answer is no move: {field}: {first['msg']}.")
        if choice in self.choices:
            return self._view.legal[self.choices.index(choice)]
        given = choice.model_dump(exclude_none=True).items()
        fitting = [
            move
            for move, legal in zip(self._view.legal, self.choices, strict=True)
            if given <= legal.model_dump(exclude_none=True).items()
        ]
        if len(fitting) == 1:
            return fitting[0]
        return _illegal(
            f"Your answer fits {len(fitting)} of the legal moves."
            if fitting
            else "Your answer is not among the legal moves."
        )

    def _choice(self, move: Move) -> Choice:
        return Choice(
            move=move.name,
            host=self._name(move.host),
            account=self._name(move.account),
            domain=move.domain,
            to_host=self._name(move.to_host),
            to_account=self._name(move.to_account),
            data=self._name(move.asset),
        )

    def _name(self, entity: str | None) -> str | None:
        return None if entity is None else self._names.get(entity, entity)

    def _listed(self, entities: frozenset[str]) -> str:
        return ", ".join(sorted(self._names.get(entity, entity) for entity in entities)) or "none"

    def _measure(self, entity: str) -> str:
        return f"{self._names.get(entity, entity)} ({self._verbs.get(entity, 'blocked')})"


def _exactly(choice: Choice) -> dict[str, Any]:
    fields = choice.model_dump(exclude_none=True)
    return {
        "type": "object",
        "properties": {name: {"type": "string", "enum": [value]} for name, value in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
    }


def _json_object(text: str) -> dict[str, Any] | None:
    """The JSON object a text consists of, code fence aside; None when it is anything else."""
    bare = text.strip()
    fenced = _FENCE.match(bare)
    if len(bare) > MAX_ANSWER_CHARS:
        return None
    try:
        said = json.loads(fenced[1] if fenced else bare)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _illegal(why: str) -> Refused:
    return Refused(stall=Stall(reason="illegal"), why=why)


def _last_move(last: MoveRecord | None) -> str:
    if last is None:
        return "none yet"
    if last.status == "succeeded":
        return f"{last.name} succeeded"
    return f"{last.name} failed: {_HOW_STOPPED.get(last.reason or '', last.reason)}"

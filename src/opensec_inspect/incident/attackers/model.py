"""The `llm` attacker: a model chooses among the legal moves. Pure but for `ask`, which the edge gives."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.attackers.menu import Menu, Refused
from opensec_inspect.incident.episode.view import AttackerView, Stall
from opensec_inspect.incident.facts.scenario import Move
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.prompts import prompt

ANSWERS = 2
"""Answers a model gets per move: one, and one more with the reason why the first cannot be used."""
PROMPTS = ("attacker", "attacker_turn", "attacker_retry")


class Said(Frozen):
    """One message between the game and the attacker's model."""

    role: Literal["system", "user", "assistant"]
    text: str


Ask = Callable[[tuple[Said, ...], dict[str, Any]], Awaitable[str]]
"""The model's answer to a conversation; the JSON Schema is for models that can be held to one."""


class IllegalMoveError(RuntimeError):
    """A model attacker gave no legal move where it must."""


def prompt_digest() -> str:
    """SHA-256 over the attacker's prompt files, 64 hex digits."""
    return hashlib.sha256("\n".join(prompt(name) for name in PROMPTS).encode()).hexdigest()


class ModelAttacker:
    """Asks a model for each move, with nothing but the view; it remembers nothing between moves.

    An answer that is no legal move is answered once with the reason. After a second one the attacker
    stalls in this step, or with `strict` raises IllegalMoveError.
    """

    def __init__(self, scene: Scene, ask: Ask, *, strict: bool = False) -> None:
        self._scene, self._ask, self._strict = scene, ask, strict

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The move to make, or a stall."""
        menu = Menu(self._scene, view)
        said: tuple[Said, ...] = (
            Said(role="system", text=prompt("attacker")),
            Said(role="user", text=menu.text),
        )
        stall = Stall(reason="unreadable")
        for _ in range(ANSWERS):
            text = await self._ask(said, menu.schema)
            found = menu.chosen(text)
            if not isinstance(found, Refused):
                return found
            stall = found.stall
            again = prompt("attacker_retry").format(reason=found.why)
            said = (*said, Said(role="assistant", text=text), Said(role="user", text=again))
        if self._strict:
            raise IllegalMoveError(
                f"The attacker's model answered {said[-2].text[:200]!r} ({stall.reason}); legal here: "
                f"{'; '.join(menu.lines)}."
            )
        return stall

"""What the attacker can see, and the seam every attacker policy fits."""

import hashlib
from typing import Literal, Protocol

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.actions import Action
from opensec_inspect.incident.episode.episode import MoveRecord
from opensec_inspect.incident.episode.killchain import legal_moves
from opensec_inspect.incident.facts.scenario import Attack, Foothold, Move


class AttackerView(Frozen):
    """What the attacker knows when it decides: its own foothold, its options, what it noticed."""

    step: int
    """Index of the step being decided, from 0."""
    foothold: Foothold
    legal: tuple[Move, ...]
    """Moves it may make, in the order of its preference; never empty (`wait` is always legal)."""
    resting: bool
    """Whether this is a step in which the scripted attacker lies low."""
    noticed: frozenset[str]
    """Contained entities it would notice: those it holds or owns, and those that stopped a move."""
    last: MoveRecord | None
    """Its move before this one; None at the first."""
    answers: str = ""
    """SHA-256 of the defender's action that the move follows, 64 hex digits. The attacker does not know it
    and no policy reads it: it is part of the key under which a move is recorded."""


def action_digest(action: Action) -> str:
    """SHA-256 of a defender's action, 64 hex digits."""
    return hashlib.sha256(action.model_dump_json().encode()).hexdigest()


StallReason = Literal["illegal", "unreadable"]


class Stall(Frozen):
    """An answer of a model attacker that cannot be played."""

    reason: StallReason


class Attacker(Protocol):
    """A policy. Everything it returns follows from the view, or is recorded for replay."""

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The move to make, one of `view.legal`; a stall when there is no usable answer."""
        ...


def attacker_view(
    attack: Attack,
    foothold: Foothold,
    contained: frozenset[str],
    *,
    step: int,
    last: MoveRecord | None,
    stopped_by: frozenset[str],
    answers: str = "",
) -> AttackerView:
    """The attacker's view; of the containment it sees only what touches it."""
    own = foothold.hosts | foothold.accounts | frozenset(attack.domains)
    # Nothing in it needs checking, and one is built in every step of every episode.
    return AttackerView.model_construct(
        step=step,
        foothold=foothold,
        legal=legal_moves(attack, foothold, step),
        resting=step in attack.rests,
        noticed=(contained & own) | stopped_by,
        last=last,
        answers=answers,
    )

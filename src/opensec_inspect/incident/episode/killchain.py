"""The attacker's rules: which moves are legal, what stops them, what they gain. Pure.

The same rules hold for an innocent cause: its moves are made, and fail, in the same way.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode, MoveRecord, changed_world
from opensec_inspect.incident.facts.scenario import STAGES, Attack, Foothold, Move, Stage

STALLED_BY = {"domain": "domain_blocked", "account": "account_reset", "host": "host_isolated"}


class Resolution(Frozen):
    """What became of a move."""

    record: MoveRecord
    foothold: Foothold
    """After the move."""


class Window(NamedTuple):
    """What decides the evidence of one step: see `world.evidence`."""

    move: Move | None
    """The move tried in it, whatever became of it; None in the report's step and for unusable answers."""
    contained: frozenset[str]
    """What the defender had contained when it began, this step's own action included."""
    held: frozenset[str]
    """Accounts that whoever is behind the case holds after the move."""


def legal_moves(attack: Attack, foothold: Foothold, step: int | None = None) -> tuple[Move, ...]:
    """Moves open in a step: their time has come, right stage, what they need is held, something would change.

    Waiting and exfiltrating again are always worth a step. What the defender has contained plays no
    part here: the attacker finds out by trying. Without a step, time plays no part either.
    """
    return tuple(m for m in attack.moves if (step is None or m.not_before <= step) and _open(m, foothold))


def resolve(move: Move, foothold: Foothold, contained: frozenset[str]) -> Resolution:
    """The outcome of a legal move under the containment in force."""
    stopper = _stopper(move, contained)
    if stopper is not None:
        return Resolution(record=_record(move, foothold, reason=STALLED_BY[stopper]), foothold=foothold)
    after = _after(move, foothold)
    return Resolution(record=_record(move, after), foothold=after)


def standstill(foothold: Foothold, reason: str) -> Resolution:
    """A step in which the attacker does nothing because its answer could not be used."""
    record = MoveRecord(move="", name="wait", status="stalled", reason=reason, stage=foothold.stage)
    return Resolution(record=record, foothold=foothold)


def gains(move: Move, foothold: Foothold) -> bool:
    """Whether success would gain a stage, a host, an account, data, persistence or an exfiltration."""
    after = _after(move, foothold)
    return (
        STAGES.index(after.stage) > STAGES.index(foothold.stage)
        or after.hosts > foothold.hosts
        or after.accounts > foothold.accounts
        or after.assets > foothold.assets
        or after.persistent > foothold.persistent
        or after.exfiltrated > foothold.exfiltrated
    )


def footholds(episode: Episode) -> tuple[Foothold, ...]:
    """The foothold before each step and after the last: `len(steps) + 1` of them."""
    return (episode.scenario.attack.opening, *(after for after, _ in _played(episode)))


def windows(episode: Episode) -> tuple[Window, ...]:
    """What decides the evidence of each step played."""
    return tuple(window for _, window in _played(episode))


def contained_after(episode: Episode, steps: int) -> frozenset[str]:
    """Ids contained by the first `steps` steps."""
    done = (s.outcome.entity for s in episode.steps[:steps] if changed_world(s))
    return frozenset(e for e in done if e is not None)


def held_so_far(episode: Episode, steps: int) -> frozenset[str]:
    """Ids of hosts, accounts and domains the attacker held at some point within the first `steps` steps.

    A host or account is held when gained; the attacker's domains are its own from the start. Empty
    where nobody attacks, and where a control has stopped the attack: nothing is justified there.
    """
    if episode.scenario.kind != "incident":
        return frozenset()
    held = (f.hosts | f.accounts for f in footholds(episode)[: steps + 1])
    return frozenset(episode.scenario.attack.domains).union(*held)


def needed_by(move: Move) -> frozenset[str]:
    """Ids of everything whose containment would stop the move."""
    used = (move.host, move.account, move.domain, move.to_host, move.to_account)
    return frozenset(entity for entity in used if entity is not None)


def reachable(attack: Attack, contained: frozenset[str], start: Iterable[Foothold]) -> frozenset[Foothold]:
    """Every foothold some policy can reach from `start`, given time, under fixed containment: the graph."""
    seen = set(start)
    queue = list(seen)
    while queue:
        foothold = queue.pop()
        for move in legal_moves(attack, foothold):
            after = resolve(move, foothold, contained).foothold
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return frozenset(seen)


def _open(move: Move, foothold: Foothold) -> bool:
    if foothold.stage not in move.stages:
        return False
    if move.host is not None and move.host not in foothold.hosts:
        return False
    if move.account is not None and move.account not in foothold.accounts:
        return False
    if move.name == "exfiltrate":
        return move.asset in foothold.assets
    return move.name == "wait" or _changes(move, foothold)


def _changes(move: Move, foothold: Foothold) -> bool:
    """Whether `_after` would differ: asked of every move in every step, so nothing is built for it."""
    return (
        _stage_after(move, foothold) != foothold.stage
        or (move.to_host is not None and move.to_host not in foothold.hosts)
        or (move.to_account is not None and move.to_account not in foothold.accounts)
        or (move.asset is not None and move.asset not in foothold.assets)
        or (move.name == "persist" and not foothold.persistent)
        or (move.name == "exfiltrate" and not foothold.exfiltrated)
    )


def _stage_after(move: Move, foothold: Foothold) -> Stage:
    stage = move.next_stage or foothold.stage
    if move.name == "retreat":  # only falling back lowers the stage
        return stage
    return max(stage, foothold.stage, key=STAGES.index)


def _stopper(move: Move, contained: frozenset[str]) -> str | None:
    """What kind of containment stops the move; None when nothing does."""
    for kind, entity in (
        ("domain", move.domain),
        ("account", move.account),
        ("account", move.to_account),
        ("host", move.host),
        ("host", move.to_host),
    ):
        if entity is not None and entity in contained:
            return kind
    return None


def _after(move: Move, foothold: Foothold) -> Foothold:
    return Foothold(
        stage=_stage_after(move, foothold),
        hosts=foothold.hosts | ({move.to_host} if move.to_host else frozenset()),
        accounts=foothold.accounts | ({move.to_account} if move.to_account else frozenset()),
        assets=foothold.assets | ({move.asset} if move.asset else frozenset()),
        persistent=foothold.persistent or move.name == "persist",
        exfiltrated=foothold.exfiltrated or move.name == "exfiltrate",
    )


def _record(move: Move, foothold: Foothold, reason: str | None = None) -> MoveRecord:
    return MoveRecord(
        move=move.id,
        name=move.name,
        status="stalled" if reason else "succeeded",
        reason=reason,
        stage=foothold.stage,
    )


def _played(episode: Episode) -> Iterator[tuple[Foothold, Window]]:
    """Foothold after each step, with what decided the step's evidence."""
    attack = episode.scenario.attack
    moves = {move.id: move for move in attack.moves}
    foothold = attack.opening
    contained: frozenset[str] = frozenset()
    for step in episode.steps:
        if changed_world(step) and step.outcome.entity is not None:
            contained |= {step.outcome.entity}
        move = moves.get(step.move.move) if step.move is not None else None
        if move is not None:
            foothold = resolve(move, foothold, contained).foothold
        yield foothold, Window(move, contained, foothold.accounts)

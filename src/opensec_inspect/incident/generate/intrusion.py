"""The attack graph of a case: which moves there are, in which order, from which foothold."""

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.generate.cast import Cast
from opensec_inspect.incident.generate.moves import Moves, with_technique
from opensec_inspect.incident.scenario.scenario import Attack, Difficulty, Foothold, Move
from opensec_inspect.incident.telemetry.forms import Pen


def attack_of(dice: Dice, cast: Cast, difficulty: Difficulty, opened_at: str) -> tuple[Attack, list[str]]:
    """The attack graph and the keys of the rows that settle the data target.

    Everything later lives on the case's account or domain: lateral moves use the account, a second
    victim is worked through the domain, and both ways out need one of the two. Persistence needs
    patient zero. So patient zero, account and domain are required, and nothing else is.
    """
    pen = Pen("move", "attacker", dice, opened_at)
    moves = Moves(pen, cast)
    full = difficulty == "standard"
    reads = [moves.access(cast.stepping_stone.id, "a")]
    chain = [moves.use_credentials(), moves.lateral_a(), *reads]
    if full:
        reads.append(moves.access(cast.other_stone.id, "b"))
        chain = [*chain, moves.lateral_b(), reads[1]]
    aside = [moves.persist(), moves.re_phish()]
    if full and dice.chance(0.5):
        # Half of the standard attackers take their precautions on the way, the others at the end.
        chain[1:1] = aside
        aside = []
    chain += [moves.exfil_domain(), moves.exfil_mailbox(), *aside]
    if full:
        chain.append(moves.lateral_c())
    chain += [moves.retreat(), moves.wait()]
    settling = [row.key for move in reads for row in move.rows if row.table in ("process_events", "alerts")]
    count = {"trivial": 0, "easy": 1, "standard": dice.between(1, 3)}[difficulty]
    late = difficulty == "trivial"
    opening = Foothold(
        stage="exfil_attempt" if late else "phish_sent",
        hosts=frozenset(
            {cast.case.host.id} | ({cast.stepping_stone.id} if difficulty == "trivial" else set())
        ),
        accounts=frozenset({cast.case.user.id}),
        assets=frozenset({cast.target.id} if difficulty == "trivial" else set()),
        persistent=False,
        exfiltrated=False,
    )
    attack = Attack(
        opening=opening,
        domains=(cast.case.domain,),
        rests=tuple(sorted(dice.some(range(1, 5), count))),
        moves=tuple(_marked(move) for move in chain),
    )
    return attack, settling


def _marked(move: Move) -> Move:
    """The move with its technique on every row that it may leave."""
    failures = tuple(
        f.model_copy(update={"rows": with_technique(f.rows, move.technique)}) for f in move.failures
    )
    return move.model_copy(update={"rows": with_technique(move.rows, move.technique), "failures": failures})

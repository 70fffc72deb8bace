"""How far any attacker whatever can get under the v1 rules, by walking every state it can reach."""

from collections.abc import Iterator
from itertools import product

from opensec_inspect.frozen import Frozen
from opensec_inspect.v1.moves import Containment, Foothold, V1Move
from opensec_inspect.v1.scenario import V1Seed
from opensec_inspect.v1.statemachine import (
    MOVE_PARAMETERS,
    after_success,
    allowed_actions,
    entities_of_kind,
    resolve,
)

EXFIL_STAGES = frozenset({"exfil", "exfil_attempt"})


class Reach(Frozen):
    """What lies within the reach of some attacker."""

    stages: frozenset[str]
    """Every stage it can be in, the first one included."""
    held: frozenset[str]
    """Every host and user it can gain, and every domain it can send data to."""

    @property
    def exfil(self) -> bool:
        """Whether it can come to the stage where data leaves."""
        return not self.stages.isdisjoint(EXFIL_STAGES)


def reach(seed: V1Seed, containment: Containment) -> Reach:
    """The reach of all attackers together, with this containment in force from the start."""
    first = (seed.first_stage(), Foothold())
    met, ahead = {first}, [first]
    while ahead:
        stage, foothold = ahead.pop()
        for move in legal_moves(seed, stage):
            outcome = resolve(seed, stage, move, containment=containment, foothold=foothold)
            if not outcome.stalled:
                state = (outcome.stage, _unordered(after_success(foothold, move, outcome.edge)))
                if state not in met:
                    met.add(state)
                    ahead.append(state)
    held = {entity for _, foothold in met for entity in foothold.entities()}
    return Reach(stages=frozenset(stage for stage, _ in met), held=frozenset(held))


def legal_moves(seed: V1Seed, stage: str) -> Iterator[V1Move]:
    """Every valid move of a stage, with every choice of parameters."""
    for action_type in allowed_actions(seed, stage):
        parameters = MOVE_PARAMETERS.get(action_type)
        if parameters is None:
            continue
        choices = (entities_of_kind(seed.entities, kind) for kind in parameters.values())
        for chosen in product(*choices):
            yield V1Move(action_type=action_type, params=dict(zip(parameters, chosen, strict=True)))


def _unordered(foothold: Foothold) -> Foothold:
    """The same foothold with sorted lists: the order in which hosts were gained opens no move."""
    hosts, users = sorted(foothold.compromised_hosts), sorted(foothold.compromised_users)
    return foothold.model_copy(update={"compromised_hosts": tuple(hosts), "compromised_users": tuple(users)})

"""`-T attacker=FILE`: a policy of the user's own, from a Python file."""

import hashlib
import inspect
from pathlib import Path

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.attackers import Attacker, AttackerView
from opensec_inspect.incident.attackers.policies import ATTACKER_POLICIES, AttackerPolicy
from opensec_inspect.incident.episode.view import Stall
from opensec_inspect.incident.facts.scenario import Move
from opensec_inspect.options import chosen, module_of


class IllegalMoveError(RuntimeError):
    """A user's policy answered with what is no legal move. The sample fails: nobody attacked."""


def attacker_policy(value: object) -> AttackerPolicy:
    """The policy of a name, or of a Python file; BadInputError for what is neither.

    A file defines one class with an async method `decide`, which is made without arguments for each sample.
    The policy's name is the file's with the digest of its content, so that recordings of two versions differ.
    """
    if not (isinstance(value, str | Path) and str(value).endswith(".py")):
        return ATTACKER_POLICIES[str(chosen("attacker", value, (*ATTACKER_POLICIES, "FILE.py")))]
    path, module = module_of("attacker", value, holding="a class with `async def decide(self, view)`")
    made = [found for found in vars(module).values() if _decides(found, module.__name__)]
    if len(made) != 1:
        raise BadInputError(
            f"{path} defines {len(made)} attackers; give it one class with `async def decide(self, view)`."
        )
    try:
        inspect.signature(made[0]).bind()
    except TypeError as error:
        raise BadInputError(f"{path}: {made[0].__name__} is made without arguments ({error}).") from None
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return AttackerPolicy(f"{path.name} {digest}", lambda: Checked(made[0](), path.name))


class Checked:
    """A user's attacker, whose answers are held against the legal moves."""

    def __init__(self, attacker: Attacker, file: str) -> None:
        self._attacker, self._file = attacker, file

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The move the user's policy chose."""
        answer = await self._attacker.decide(view)
        if not isinstance(answer, Stall) and answer not in view.legal:
            legal = ", ".join(move.id for move in view.legal)
            said = str(getattr(answer, "id", answer))[:80]
            raise IllegalMoveError(
                f"{self._file} answered {said!r} at step {view.step}; return one of view.legal: {legal}."
            )
        return answer


def _decides(value: object, module: str) -> bool:
    if not (inspect.isclass(value) and value.__module__ == module):
        return False
    return inspect.iscoroutinefunction(getattr(value, "decide", None))

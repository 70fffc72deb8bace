"""The attacker policies, each declared once: how a sample's attacker is made when a task asks for it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from opensec_inspect.incident.episode.scripted import Scripted
from opensec_inspect.incident.episode.view import Attacker


class AttackerPolicy(NamedTuple):
    """One way to decide the attacker's moves."""

    name: str
    """What `-T attacker=` is given, and what the log says."""
    make: Callable[[], Attacker] | None
    """A new attacker for a sample; None for a model in the role `attacker`, which the Inspect edge makes."""

    @property
    def asks_a_model(self) -> bool:
        """Whether a model decides."""
        return self.make is None


ATTACKER_POLICIES: Mapping[str, AttackerPolicy] = MappingProxyType(
    {policy.name: policy for policy in (AttackerPolicy("scripted", Scripted), AttackerPolicy("llm", None))}
)
"""By name, the default first. `edge.attacker_file` makes a policy of a user's file."""

"""Who decides the attacker's moves: one seam, `await policy.decide(view)`."""

from opensec_inspect.incident.episode.scripted import Scripted
from opensec_inspect.incident.episode.view import Attacker, AttackerView, attacker_view

__all__ = ["Attacker", "AttackerView", "Scripted", "attacker_view"]

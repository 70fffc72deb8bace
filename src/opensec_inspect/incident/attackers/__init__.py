"""Who decides the attacker's moves: one seam, `await policy.decide(view)`."""

from opensec_inspect.incident.episode.scripted import Scripted
from opensec_inspect.incident.episode.view import Attacker, AttackerView, look

__all__ = ["Attacker", "AttackerView", "Scripted", "look"]

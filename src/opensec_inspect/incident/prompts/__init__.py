"""Texts shown to models, as files; `incident.briefing` and `attackers.model` fill them in."""

from functools import cache
from importlib.resources import files


@cache
def prompt(name: str) -> str:
    """A prompt file, as it stands."""
    return (files("opensec_inspect.incident.prompts") / f"{name}.md").read_text(encoding="utf-8").strip()

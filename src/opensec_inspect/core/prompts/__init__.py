"""Texts shown to models, as files: here those of every family; each family has a folder like this."""

from functools import cache
from importlib.resources import files


@cache
def prompt(name: str, home: str = __name__) -> str:
    """A prompt file as it stands; `home` is the package that holds it."""
    return (files(home) / f"{name}.md").read_text(encoding="utf-8").strip()

"""The real makers of evidence, put together."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from opensec_inspect.incident.behaviours.routine import day, history
from opensec_inspect.incident.facts.organisations import organisation
from opensec_inspect.incident.reaction.reaction import react
from opensec_inspect.incident.sensors.alerts import Detection
from opensec_inspect.incident.sensors.names import Names
from opensec_inspect.incident.sensors.rendering import render
from opensec_inspect.incident.world.makers import Makers

_MADE_BY = ("behaviours", "data", "facts", "sensors", "world", "text")
"""Folders whose code and data decide what a history file holds."""


@lru_cache(maxsize=1)
def _version() -> str:
    """SHA-256 over the code and data that history is made by, 64 hex digits."""
    digest = hashlib.sha256()
    home = files("opensec_inspect.incident")
    for folder in _MADE_BY:
        for name, content in sorted(_contents(home / folder)):
            digest.update(f"{folder}/{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _contents(folder: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for one in folder.iterdir():
        if one.is_dir():
            if one.name != "__pycache__":
                yield from _contents(one, f"{below}{one.name}/")
        elif not one.name.endswith(".pyc"):
            yield f"{below}{one.name}", one.read_bytes()


MAKERS = Makers(
    organisation=organisation,
    day=day,
    history=history,
    render=render,
    react=react,
    rules=Detection,
    names=Names,
    version=_version,
)
